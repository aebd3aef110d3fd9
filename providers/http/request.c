#include "config.h"

#include "request.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/address.h"
#include "common/b64.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "answer.h"
#include "error.h"
#include "ca_store.h"
#include "services.h"

#define HEADERS_MOST 100
#define CONNECT_MS   10000
#define CONNECTIONS  4

static struct {
	CURL *easy; /* keeps its connections between requests */
	char *ca_bundle, *ca_folder, *proxy;
	char *source; /* "host!ADDR", NULL: any */
	enum address_family family;
	const char *body; /* what is still to be read of it */
	size_t left;
} now;

bool http_request_start(const struct services_plan *plan, struct err *e)
{
	const curl_version_info_data *curl;

	if ((plan->ca_bundle && !http_trust_bundle_ok(plan->ca_bundle, e)) ||
	    !address_family_read(plan->source, plan->family, &now.family, e))
		return false;
	if (curl_global_init(CURL_GLOBAL_SSL) != CURLE_OK || !(now.easy = curl_easy_init()))
		log_fatal(70, "curl cannot start");
	curl = curl_version_info(CURLVERSION_NOW);
	now.ca_bundle = xstrdup(plan->ca_bundle);
	if (!plan->ca_bundle && http_trust_folder_hashed(curl->capath))
		now.ca_folder = xstrdup(curl->capath);
	now.proxy = xstrdup(plan->proxy ? plan->proxy : "");
	now.source = plan->source ? xasprintf("host!%s", plan->source) : NULL;
	return true;
}

void http_request_stop(void)
{
	curl_easy_cleanup(now.easy);
	curl_global_cleanup();
	free(now.ca_bundle);
	free(now.ca_folder);
	free(now.source);
	mem_wipe_free(now.proxy);
	memset(&now, 0, sizeof(now));
}

static bool is_token(const char *text)
{
	return text && *text &&
	       strspn(text,
	              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!#$%&'*+^`|~") ==
	           strlen(text);
}

static bool is_value(const char *text)
{
	for (; text && *text; text++)
		if ((unsigned char)*text < ' ' && *text != '\t')
			return false;
	return text != NULL;
}

static bool header_check(const struct dnsproof_http_header *h, struct err *e)
{
	static const char *const ours[] = {"content-length", "transfer-encoding", "connection", "expect",
	                                   "upgrade"};

	if (!is_token(h->name) || !is_value(h->value))
		return err_set(e, "a header of the request is malformed%s%.60s",
		               is_token(h->name) ? ": " : "", is_token(h->name) ? h->name : "");
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (!strcasecmp(h->name, ours[i]))
			return err_set(e, "the header %s is not for a module to set", h->name);
	return true;
}

bool http_request_check(const struct dnsproof_http_request *request, struct err *e)
{
	if (!is_token(request->method) || strlen(request->method) > 16)
		return err_set(e, "a request without a method");
	if (request->headers > HEADERS_MOST)
		return err_set(e, "a request with more than %d headers", HEADERS_MOST);
	for (size_t i = 0; i < request->headers; i++)
		if (!header_check(&request->header[i], e))
			return false;
	if (request->content_type && !is_value(request->content_type))
		return err_set(e, "the content type of a request is malformed");
	return true;
}

static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
	return http_answer_header(line, size * n) ? size * n : 0;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *arg)
{
	return http_answer_body(bytes, size * n) ? size * n : 0;
}

static struct curl_slist *header_add(struct curl_slist *list, const char *name, const char *value)
{
	char *line = *value ? xasprintf("%s: %s", name, value) : xasprintf("%s;", name);

	list = curl_slist_append(list, line);
	mem_wipe_free(line);
	return list;
}

static bool has_header(const struct dnsproof_http_request *request, const char *name)
{
	for (size_t i = 0; i < request->headers; i++)
		if (!strcasecmp(request->header[i].name, name))
			return true;
	return false;
}

static struct curl_slist *basic_add(struct curl_slist *list, const struct dnsproof_http_request *request,
                                    void (*mask_add)(const char *secret))
{
	char *pair = xasprintf("%s:%s", request->user, request->password ? request->password : "");
	char *encoded = b64_encode(pair, strlen(pair)), *value = xasprintf("Basic %s", encoded);

	mask_add(encoded);
	list = header_add(list, "Authorization", value);
	mem_wipe_free(pair);
	mem_wipe_free(encoded);
	mem_wipe_free(value);
	return list;
}

static struct curl_slist *headers_make(const struct dnsproof_http_request *request,
                                       void (*mask_add)(const char *secret))
{
	const char *type = request->json ? "application/json" : request->content_type;
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	for (size_t i = 0; i < request->headers; i++)
		list = header_add(list, request->header[i].name, request->header[i].value);
	if (request->user)
		list = basic_add(list, request, mask_add);
	if (!has_header(request, "content-type"))
		list =
		    type ? header_add(list, "Content-Type", type) : curl_slist_append(list, "Content-Type:");
	if (request->json && !has_header(request, "accept"))
		list = curl_slist_append(list, "Accept: application/json");
	return list;
}

static size_t on_read(char *to, size_t size, size_t n, void *arg)
{
	size_t length = size * n < now.left ? size * n : now.left;

	if (!length)
		return 0;
	memcpy(to, now.body, length);
	now.body += length;
	now.left -= length;
	return length;
}

/* On a connection that turns out to be dead, curl sends a request again, though it may have been done. It
 * cannot when the body is gone, and says so. */
static void body_once(const char *body, size_t n)
{
	now.body = body;
	now.left = n;
	curl_easy_setopt(now.easy, CURLOPT_POST, 1L);
	curl_easy_setopt(now.easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
	curl_easy_setopt(now.easy, CURLOPT_READFUNCTION, on_read);
}

static bool may_be_repeated(const char *method)
{
	return !strcmp(method, "GET") || !strcmp(method, "HEAD") || !strcmp(method, "DELETE");
}

static void method_set(const struct dnsproof_http_request *request, const char *body, size_t n)
{
	/* An empty body has a length too: some servers demand one. */
	static const char *const with_body[] = {"POST", "PUT", "PATCH"};
	bool has_body = body != NULL;

	for (size_t i = 0; i < sizeof(with_body) / sizeof(with_body[0]); i++)
		has_body |= !strcmp(request->method, with_body[i]);
	if (request->once || (n == 0 && !may_be_repeated(request->method)))
		curl_easy_setopt(now.easy, CURLOPT_FRESH_CONNECT, 1L);
	if (n > 0 && !may_be_repeated(request->method)) {
		body_once(body, n);
	} else if (has_body) {
		curl_easy_setopt(now.easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
		curl_easy_setopt(now.easy, CURLOPT_COPYPOSTFIELDS, body ? body : "");
	}
	if (!strcmp(request->method, "HEAD"))
		curl_easy_setopt(now.easy, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(now.easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void trust_set(void)
{
	curl_easy_setopt(now.easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(now.easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(now.easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (now.ca_bundle || now.ca_folder) {
		curl_easy_setopt(now.easy, CURLOPT_CAINFO, now.ca_bundle);
		curl_easy_setopt(now.easy, CURLOPT_CAPATH, now.ca_folder);
	}
}

static void source_set(bool local)
{
	static const long versions[] = {[ADDRESS_ANY] = CURL_IPRESOLVE_WHATEVER,
	                                [ADDRESS_IPV4] = CURL_IPRESOLVE_V4,
	                                [ADDRESS_IPV6] = CURL_IPRESOLVE_V6};

	curl_easy_setopt(now.easy, CURLOPT_INTERFACE, local ? NULL : now.source);
	curl_easy_setopt(now.easy, CURLOPT_IPRESOLVE, versions[local ? ADDRESS_ANY : now.family]);
}

static void transfer_set(const struct http_url *url, unsigned ms, char *words)
{
	curl_easy_reset(now.easy);
	curl_easy_setopt(now.easy, CURLOPT_CURLU, url->parsed);
	curl_easy_setopt(now.easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(now.easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(now.easy, CURLOPT_PROTOCOLS_STR, url->scheme);
	curl_easy_setopt(now.easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(now.easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	/* The machine's own metadata service is reached in one way alone, and never behind a proxy. */
	bool local = strncmp(url->host, "169.254.", 8) == 0;
	curl_easy_setopt(now.easy, CURLOPT_PROXY, local ? "" : now.proxy);
	source_set(local);
	curl_easy_setopt(now.easy, CURLOPT_MAXCONNECTS, (long)CONNECTIONS);
	curl_easy_setopt(now.easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(now.easy, CURLOPT_USERAGENT, "dnsproof/" PACKAGE_VERSION);
	curl_easy_setopt(now.easy, CURLOPT_TIMEOUT_MS, (long)ms);
	curl_easy_setopt(now.easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(ms < CONNECT_MS ? ms : CONNECT_MS));
	curl_easy_setopt(now.easy, CURLOPT_ERRORBUFFER, words);
	curl_easy_setopt(now.easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(now.easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(now.easy, CURLOPT_WRITEFUNCTION, on_body);
}

static bool perform(const struct http_url *url, const char *words, struct err *e)
{
	CURLcode code = curl_easy_perform(now.easy);
	long status = 0;

	if (code == CURLE_OK) {
		curl_easy_getinfo(now.easy, CURLINFO_RESPONSE_CODE, &status);
		if (http_answer_end((int)status))
			return true;
		http_answer_clear();
		return err_set(e, "%s: the answer's JSON has too many parts", url->host);
	}
	http_error_words(now.easy, code, url, words, http_answer_trouble(), e);
	http_answer_clear();
	return false;
}

/* A copy: the request may be made of the last answer, which is gone while this one is sent. */
static char *body_make(const struct dnsproof_http_request *request, size_t *n)
{
	char *body = NULL;

	*n = 0;
	if (request->json) {
		body = json_dumps(request->json, JSON_COMPACT | JSON_ENCODE_ANY);
		*n = body ? strlen(body) : 0;
	} else if (request->body) {
		*n = request->body_len;
		body = xcalloc(*n + 1, 1);
		memcpy(body, request->body, *n);
	}
	return body;
}

bool http_request_run(const struct dnsproof_http_request *request, const struct http_url *url, unsigned ms,
                      void (*mask_add)(const char *secret), struct err *e)
{
	char words[CURL_ERROR_SIZE] = "";
	size_t n;
	char *body = body_make(request, &n);
	struct curl_slist *headers;
	bool ok;

	if (request->json && !body)
		return err_set(e, "%s: the JSON body of a request cannot be written", url->host);
	headers = headers_make(request, mask_add);
	transfer_set(url, ms, words);
	trust_set();
	method_set(request, body, n);
	curl_easy_setopt(now.easy, CURLOPT_HTTPHEADER, headers);
	http_answer_clear(); /* not before: headers may be made of it */
	ok = perform(url, words, e);
	curl_easy_setopt(now.easy, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(now.easy, CURLOPT_CURLU, NULL);
	curl_slist_free_all(headers);
	mem_wipe(body, n);
	free(body);
	return ok;
}
