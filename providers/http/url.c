#include "config.h"

#include "url.h"

#include <ctype.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/address.h"
#include "common/mem.h"

#define URL_MOST (16 * 1024)

static char *part(CURLU *parsed, CURLUPart which, unsigned flags)
{
	char *text = NULL, *copy;

	if (curl_url_get(parsed, which, &text, flags) != CURLUE_OK)
		return NULL;
	copy = xstrdup(text);
	curl_free(text);
	return copy;
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

static bool has_part(CURLU *parsed, CURLUPart which)
{
	char *text = part(parsed, which, 0);
	bool has = text != NULL;

	mem_wipe_free(text);
	return has;
}

static const char *trouble(CURLU *parsed, const char *text)
{
	if (strlen(text) > URL_MOST)
		return "is longer than 16 KiB";
	if (!is_plain(text))
		return "holds characters that must be encoded";
	if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
		return "begins with neither https:// nor http://";
	if (!strncmp(strstr(text, "://"), ":///", 4) ||
	    curl_url_set(parsed, CURLUPART_URL, text, CURLU_PATH_AS_IS) != CURLUE_OK)
		return "is not a URL";
	if (has_part(parsed, CURLUPART_USER) || has_part(parsed, CURLUPART_PASSWORD))
		return "holds a user or a password; they have options of their own";
	if (has_part(parsed, CURLUPART_FRAGMENT))
		return "holds a fragment (#)";
	return NULL;
}

static void lower(char *text)
{
	for (; *text; text++)
		*text = (char)tolower((unsigned char)*text);
}

bool http_url_parse(struct http_url *u, const char *text, struct err *e)
{
	const char *why;
	char *path, *query;

	*u = (struct http_url){.parsed = curl_url()};
	why = text ? trouble(u->parsed, text) : "is missing";
	if (why) {
		http_url_free(u);
		return err_set(e, "the URL of a request %s", why);
	}
	u->scheme = part(u->parsed, CURLUPART_SCHEME, 0);
	u->host = part(u->parsed, CURLUPART_HOST, 0);
	u->port = part(u->parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	path = part(u->parsed, CURLUPART_PATH, 0);
	query = part(u->parsed, CURLUPART_QUERY, 0);
	u->path = xasprintf("%s%s%s", path ? path : "/", query ? "?" : "", query ? query : "");
	mem_wipe_free(path);
	mem_wipe_free(query);
	lower(u->host);
	return true;
}

void http_url_free(struct http_url *u)
{
	curl_url_cleanup(u->parsed);
	free(u->scheme);
	free(u->host);
	free(u->port);
	mem_wipe_free(u->path);
	*u = (struct http_url){0};
}

/* Is the host a literal address? */
static bool literal(const char *host, struct sockaddr_storage *address)
{
	char *bare = *host == '[' ? xstrndup(host + 1, strcspn(host + 1, "]")) : xstrdup(host);
	bool is = address_parse(bare, address);

	free(bare);
	return is;
}

static uint32_t v4_number(const struct sockaddr_storage *address)
{
	return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr);
}

/* Loopback (RFC 1122 section 3.2.1.3) or private (RFC 1918); ::1 and fc00::/7. */
static bool is_near(const char *host)
{
	struct sockaddr_storage address;
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)&address)->sin6_addr;
	uint32_t n;

	if (!literal(host, &address))
		return false;
	if (address.ss_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(v6) || (v6->s6_addr[0] & 0xfe) == 0xfc;
	n = v4_number(&address);
	return n >> 24 == 127 || n >> 24 == 10 || n >> 20 == 0xac1 || n >> 16 == 0xc0a8;
}

static bool is_link_local(const char *host)
{
	struct sockaddr_storage address;

	return literal(host, &address) && address.ss_family == AF_INET && v4_number(&address) >> 16 == 0xa9fe;
}

static bool is_named(const struct http_url *u, const struct strs *named)
{
	struct http_url other;
	bool same = false;

	for (size_t i = 0; !same && i < named->n; i++) {
		if (!http_url_parse(&other, named->at[i], NULL))
			continue;
		same = !strcmp(other.scheme, u->scheme) && !strcmp(other.host, u->host) &&
		       !strcmp(other.port, u->port);
		http_url_free(&other);
	}
	return same;
}

bool http_url_allowed(const struct http_url *u, const struct strs *named, bool link_local, struct err *e)
{
	if (!strcmp(u->scheme, "https") || (link_local && is_link_local(u->host)))
		return true;
	if (strcmp(u->host, "localhost") != 0 && !is_near(u->host))
		return err_set(e,
		               "%s: http:// would show the credentials to the network; use https:// (http "
		               "is for localhost and private addresses only)",
		               u->host);
	return is_named(u, named) ||
	       err_set(e, "%s: http:// is only used where an option of yours names that host and port",
	               u->host);
}
