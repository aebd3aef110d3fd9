#define _GNU_SOURCE
#include "signature.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "canonical.h"

struct profile {
	const char *algorithm;
	const char *key_prefix; /* NULL: the secret signs as it is */
	const char *last;       /* the last step of the derived key */
	const char *date_header, *date_format;
	const char *day_format;
	const char *hash_header, *nonce_header, *token_header;
	int with_region;
	int date_in_text;          /* the date is a line of the string to sign */
	int slash;                 /* the canonical path ends with one */
	int encode_path;           /* the path is encoded a second time */
	const char *authorization; /* algorithm, id, "/scope" or "", header names, signature */
};

#define BASIC    "%Y%m%dT%H%M%SZ"
#define EXTENDED "%Y-%m-%dT%H:%M:%SZ"
#define USUAL    "%s Credential=%s%s, SignedHeaders=%s, Signature=%s"

static const struct profile profiles[] = {
    [SIGN_AWS4] = {"AWS4-HMAC-SHA256", "AWS4", "aws4_request", "x-amz-date", BASIC, "%Y%m%d", NULL, NULL,
                   "x-amz-security-token", 1, 1, 0, 1, USUAL},
    [SIGN_TC3] = {"TC3-HMAC-SHA256", "TC3", "tc3_request", "x-tc-timestamp", "%s", "%Y-%m-%d", NULL, NULL,
                  "x-tc-token", 0, 1, 0, 0, USUAL},
    [SIGN_ACS3] = {"ACS3-HMAC-SHA256", NULL, NULL, "x-acs-date", EXTENDED, NULL, "x-acs-content-sha256",
                   "x-acs-signature-nonce", "x-acs-security-token", 0, 0, 0, 0,
                   "%s Credential=%s%s,SignedHeaders=%s,Signature=%s"},
    [SIGN_HUAWEI] = {"SDK-HMAC-SHA256", NULL, NULL, "x-sdk-date", BASIC, NULL, NULL, NULL, "x-security-token",
                     0, 1, 1, 0, "%s Access=%s%s, SignedHeaders=%s, Signature=%s"},
    [SIGN_VOLC] = {"HMAC-SHA256", "", "request", "x-date", BASIC, "%Y%m%d", "x-content-sha256", NULL,
                   "x-security-token", 1, 1, 0, 0, USUAL},
    [SIGN_JDCLOUD2] = {"JDCLOUD2-HMAC-SHA256", "JDCLOUD2", "jdcloud2_request", "x-jdcloud-date", BASIC,
                       "%Y%m%d", NULL, "x-jdcloud-nonce", "x-jdcloud-security-token", 1, 1, 0, 0, USUAL},
};

#define BCE_SECONDS 1800

static const char *date_text(const struct dnsproof_call *call, long long seconds, const char *format)
{
	time_t t = (time_t)seconds;
	char text[32];
	struct tm tm;

	if (!strcmp(format, "%s"))
		return call->host->text(call, "%lld", seconds);
	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), format, &tm);
	return call->host->text(call, "%s", text);
}

static size_t hmac_text(const struct dnsproof_call *call, const void *key, size_t key_len, const char *text,
                        unsigned char out[64])
{
	return call->host->hmac("sha256", key, key_len, text, strlen(text), out);
}

static void add(struct sign_added *added, const char *name, const char *value)
{
	if (name && value && *value && added->n < SIGN_ADDED_MOST)
		added->at[added->n++] = (struct dnsproof_http_header){name, value};
}

static const char *sign_text(const struct dnsproof_call *call, const struct profile *p,
                             const struct sign_request *r, const char *day, const char *text)
{
	const char *step[] = {day, p->with_region ? r->region : NULL, r->service, p->last};
	unsigned char key[64], next[64];
	char *secret;
	size_t n;

	if (!p->key_prefix) {
		n = hmac_text(call, r->key.secret, strlen(r->key.secret), text, next);
		return call->host->encode(call, "hex", next, n);
	}
	secret = call->host->text(call, "%s%s", p->key_prefix, r->key.secret);
	n = hmac_text(call, secret, strlen(secret), step[0], key);
	explicit_bzero(secret, strlen(secret));
	for (size_t i = 1; i < sizeof(step) / sizeof(step[0]); i++) {
		if (!step[i])
			continue;
		n = hmac_text(call, key, n, step[i], next);
		memcpy(key, next, n);
	}
	n = hmac_text(call, key, n, text, next);
	explicit_bzero(key, sizeof(key));
	return call->host->encode(call, "hex", next, n);
}

static const char *path_of(const struct dnsproof_call *call, const struct profile *p,
                           const struct sign_request *r)
{
	const char *path = p->encode_path ? canonical_path(call, r->path) : r->path;

	return p->slash && path[strlen(path) - 1] != '/' ? call->host->text(call, "%s/", path) : path;
}

static const char *scope_of(const struct dnsproof_call *call, const struct profile *p,
                            const struct sign_request *r, const char *day)
{
	if (!p->key_prefix)
		return "";
	return call->host->text(call, "/%s%s%s/%s/%s", day, p->with_region ? "/" : "",
	                        p->with_region ? r->region : "", r->service, p->last);
}

/* Tencent signs two headers alone; its others speak for themselves. */
static void headers_collect(const struct dnsproof_call *call, const struct sign_request *r,
                            const struct sign_added *added, struct canonical_headers *headers)
{
	canonical_header_add(call, headers, "host", r->host);
	for (size_t i = 0; i < r->headers; i++)
		canonical_header_add(call, headers, r->header[i].name, r->header[i].value);
	for (size_t i = 0; i < added->n && r->profile != SIGN_TC3; i++)
		canonical_header_add(call, headers, added->at[i].name, added->at[i].value);
}

static void sign_canonical(const struct dnsproof_call *call, const struct sign_request *r,
                           struct sign_added *added)
{
	const struct profile *p = &profiles[r->profile];
	const char *date = date_text(call, r->time, p->date_format);
	const char *day = p->day_format ? date_text(call, r->time, p->day_format) : "";
	const char *hash = canonical_hash(call, r->body, r->body_len), *scope = scope_of(call, p, r, day);
	const char *names, *request, *text;
	struct canonical_headers headers = {.n = 0};

	add(added, p->date_header, date);
	add(added, p->hash_header, hash);
	add(added, p->nonce_header, r->nonce);
	add(added, p->token_header, r->key.token);
	headers_collect(call, r, added, &headers);
	names = canonical_header_names(call, &headers);
	request = call->host->text(call, "%s\n%s\n%s\n%s\n%s\n%s", r->method, path_of(call, p, r),
	                           canonical_query(call, r->query, 0), canonical_header_lines(call, &headers),
	                           names, hash);
	text = call->host->text(call, "%s\n%s%s%s%s%s", p->algorithm, p->date_in_text ? date : "",
	                        p->date_in_text ? "\n" : "", *scope ? scope + 1 : "", *scope ? "\n" : "",
	                        canonical_hash(call, request, strlen(request)));
	add(added, "authorization",
	    call->host->text(call, p->authorization, p->algorithm, r->key.id, scope, names,
	                     sign_text(call, p, r, day, text)));
}

/* Values are encoded, lines are joined without a last newline, and nothing is hashed. */
static void sign_bce(const struct dnsproof_call *call, const struct sign_request *r, struct sign_added *added)
{
	const char *date = date_text(call, r->time, EXTENDED);
	const char *prefix = call->host->text(call, "bce-auth-v1/%s/%s/%d", r->key.id, date, BCE_SECONDS);
	struct canonical_headers headers = {.n = 0};
	const char *text, *key;
	unsigned char mac[64];
	size_t n;

	add(added, "x-bce-date", date);
	add(added, "x-bce-security-token", r->key.token);
	headers_collect(call, r, added, &headers);
	text = call->host->text(call, "%s\n%s\n%s", r->method, r->path, canonical_query(call, r->query, 1));
	for (size_t i = 0; i < headers.n; i++)
		text = call->host->text(
		    call, "%s\n%s:%s", text, headers.at[i].name,
		    call->host->encode(call, "path", headers.at[i].value, strlen(headers.at[i].value)));
	n = hmac_text(call, r->key.secret, strlen(r->key.secret), prefix, mac);
	key = call->host->encode(call, "hex", mac, n);
	n = hmac_text(call, key, strlen(key), text, mac);
	add(added, "authorization",
	    call->host->text(call, "%s/%s/%s", prefix, canonical_header_names(call, &headers),
	                     call->host->encode(call, "hex", mac, n)));
}

/* The body counts in a POST alone. */
static const char *edgegrid_hash(const struct dnsproof_call *call, const struct sign_request *r)
{
	unsigned char digest[64];
	size_t n;

	if (strcmp(r->method, "POST") != 0 || !r->body_len)
		return "";
	n = call->host->digest("sha256", r->body, r->body_len, digest);
	return call->host->encode(call, "base64", digest, n);
}

static void sign_edgegrid(const struct dnsproof_call *call, const struct sign_request *r,
                          struct sign_added *added)
{
	const char *date = date_text(call, r->time, "%Y%m%dT%H:%M:%S+0000"), *key, *text;
	const char *head =
	    call->host->text(call, "EG1-HMAC-SHA256 client_token=%s;access_token=%s;timestamp=%s;nonce=%s;",
	                     r->key.id, r->key.token, date, r->nonce);
	const char *query = r->query ? r->query : "";
	unsigned char mac[64];
	size_t n;

	text = call->host->text(call, "%s\t%s\t%s\t%s%s%s\t\t%s\t%s", r->method, r->scheme, r->host, r->path,
	                        *query ? "?" : "", query, edgegrid_hash(call, r), head);
	n = hmac_text(call, r->key.secret, strlen(r->key.secret), date, mac);
	key = call->host->encode(call, "base64", mac, n);
	n = hmac_text(call, key, strlen(key), text, mac);
	add(added, "authorization",
	    call->host->text(call, "%ssignature=%s", head, call->host->encode(call, "base64", mac, n)));
}

void sign(const struct dnsproof_call *call, const struct sign_request *request, struct sign_added *added)
{
	added->n = 0;
	if (request->profile == SIGN_EG1)
		sign_edgegrid(call, request, added);
	else if (request->profile == SIGN_BCE1)
		sign_bce(call, request, added);
	else
		sign_canonical(call, request, added);
}

const char *sign_nonce(const struct dnsproof_call *call)
{
	unsigned char random[16];
	const char *hex;

	if (getentropy(random, sizeof(random)) != 0)
		abort();
	random[6] = (unsigned char)((random[6] & 0x0f) | 0x40);
	random[8] = (unsigned char)((random[8] & 0x3f) | 0x80);
	hex = call->host->encode(call, "hex", random, sizeof(random));
	return call->host->text(call, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
	                        hex + 20);
}
