#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shared/given.h"
#include "shared/module.h"
#include "shared/oauth.h"
#include "shared/quoted.h"
#include "sign/base64.h"
#include "sign/key.h"

#define STANDARD "https://api.transip.nl/v6"

enum { TOKEN_S = 1800, LEAST_TTL = 60 };

struct transip {
	struct key *key; /* NULL: a token was given */
	struct oauth_token token;
};

/* https://api.transip.nl/rest/docs.html#header-authentication; new string. */
static char *login_body(const struct dnsproof_call *call)
{
	unsigned char random[12];
	const char *nonce;
	json_t *json;
	char *body;

	if (getentropy(random, sizeof(random)) != 0)
		abort();
	nonce = call->host->encode(call, "hex", random, sizeof(random));
	json = json_pack("{s:s,s:s,s:b,s:s,s:s,s:b}", "login", given_text(call, "account"), "nonce", nonce,
	                 "read_only", 0, "expiration_time", "30 minutes", "label",
	                 call->host->text(call, "dnsproof %s", nonce), "global_key",
	                 !json_is_true(json_object_get(call->options, "whitelisted")));
	body = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!body)
		abort();
	return body;
}

static const char *signature(const struct dnsproof_call *call, const struct key *key, const char *body)
{
	size_t n;
	unsigned char *octets = key_sign(key, KEY_RS512, body, strlen(body), &n);
	const char *text;

	if (!octets)
		abort();
	text = call->host->encode(call, "base64", octets, n);
	free(octets);
	return text;
}

static enum dnsproof_rc login(const struct dnsproof_call *call, struct transip *t)
{
	char *body = login_body(call);
	struct dnsproof_http_header header = {"Signature", signature(call, t->key, body)};
	struct dnsproof_http_request r = {
	    .size = sizeof(r),
	    .method = "POST",
	    .url = call->host->text(call, "%s/auth", given_base(call, "endpoint", STANDARD)),
	    .header = &header,
	    .headers = 1,
	    .content_type = "application/json",
	    .body = body,
	    .body_len = strlen(body)};
	struct dnsproof_http_answer a = {.size = sizeof(a)};
	enum dnsproof_rc rc = call->host->http(call, &r, &a);
	const char *token;

	free(body);
	if (rc != DNSPROOF_OK)
		return rc == DNSPROOF_NOZONE ? DNSPROOF_INVALID : rc;
	token = json_string_value(json_object_get(a.json, "token"));
	if (!token || !*token)
		return call->host->fail(call, DNSPROOF_TEMP, "TransIP's answer to the login holds no token");
	oauth_take(call, &t->token, token, TOKEN_S);
	return DNSPROOF_OK;
}

static enum dnsproof_rc bearer(const struct dnsproof_call *call, struct transip *t, const char **value)
{
	enum dnsproof_rc rc = DNSPROOF_OK;

	if (!t->key) {
		*value = call->host->text(call, "Bearer %s", given_text(call, "token"));
		return DNSPROOF_OK;
	}
	if (!oauth_is_fresh(&t->token, call->host->time(call)))
		rc = login(call, t);
	if (rc == DNSPROOF_OK)
		*value = oauth_bearer(call, &t->token);
	return rc;
}

/* To the entries of a zone; status: what a good answer has. */
static enum dnsproof_rc ask(const struct dnsproof_call *call, const char *method, const char *zone,
                            const json_t *json, int status, struct dnsproof_http_answer *answer)
{
	struct transip *t = call->self;
	struct dnsproof_http_header header = {"Authorization", NULL};
	struct dnsproof_http_request r = {.size = sizeof(r),
	                                  .method = method,
	                                  .header = &header,
	                                  .headers = 1,
	                                  .json = json,
	                                  .any_status = 1};
	enum dnsproof_rc rc = bearer(call, t, &header.value);

	if (rc != DNSPROOF_OK)
		return rc;
	r.url = call->host->text(call, "%s/domains/%s/dns", given_base(call, "endpoint", STANDARD),
	                         given_path(call, zone));
	*answer = (struct dnsproof_http_answer){.size = sizeof(*answer)};
	rc = call->host->http(call, &r, answer);
	if (rc == DNSPROOF_OK && answer->status == 401)
		oauth_free(&t->token);
	return rc != DNSPROOF_OK || answer->status == status ? rc : call->host->http_fail(call, answer);
}

/* All entries of the zone to *entries, to be released. */
static enum dnsproof_rc entries_read(const struct dnsproof_call *call, const char *zone, json_t **entries)
{
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc = ask(call, "GET", zone, NULL, 200, &a);

	*entries = NULL;
	if (rc != DNSPROOF_OK)
		return rc;
	*entries = json_deep_copy(json_object_get(a.json, "dnsEntries"));
	if (json_is_array(*entries))
		return DNSPROOF_OK;
	json_decref(*entries);
	*entries = NULL;
	return call->host->fail(call, DNSPROOF_TEMP, "TransIP's answer holds no DNS entries");
}

static const char *member(const json_t *entry, const char *key)
{
	const char *text = json_string_value(json_object_get(entry, key));

	return text ? text : "";
}

static int is_txt_at(const json_t *entry, const char *relative)
{
	return !strcmp(member(entry, "type"), "TXT") && !strcmp(member(entry, "name"), relative);
}

static int is_value(const json_t *entry, const struct dnsproof_txt *txt)
{
	return is_txt_at(entry, txt->relative) && (!strcmp(member(entry, "content"), txt->value) ||
	                                           quoted_is(member(entry, "content"), txt->value));
}

static enum dnsproof_rc entry_write(const struct dnsproof_call *call, const char *method, const char *zone,
                                    const json_t *entry, int status)
{
	json_t *body = json_pack("{s:O}", "dnsEntry", entry);
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc = ask(call, method, zone, body, status, &a);

	json_decref(body);
	if (rc == DNSPROOF_NOZONE) /* it was there a moment ago */
		return DNSPROOF_CONFLICT;
	return rc;
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	const struct dnsproof_txt *txt = c->txt;
	json_t *entries, *entry;
	enum dnsproof_rc rc = entries_read(&c->call, txt->zone, &entries);
	int present = 0;
	size_t i;

	json_array_foreach(entries, i, entry) present |= is_value(entry, txt);
	if (rc == DNSPROOF_OK && !present) {
		entry = json_pack("{s:s,s:i,s:s,s:s}", "name", txt->relative, "expire",
		                  txt->ttl < LEAST_TTL ? LEAST_TTL : (int)txt->ttl, "type", "TXT", "content",
		                  txt->value);
		rc = entry_write(&c->call, "POST", txt->zone, entry, 201);
		json_decref(entry);
	}
	json_decref(entries);
	return rc;
}

/* An entry is deleted by all its members, so they are sent as they were read. */
static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	json_t *entries, *entry;
	enum dnsproof_rc rc = entries_read(&c->call, c->txt->zone, &entries);
	size_t i;

	json_array_foreach(entries, i, entry) if (rc == DNSPROOF_OK && is_value(entry, c->txt)) rc =
	    entry_write(&c->call, "DELETE", c->txt->zone, entry, 204);
	json_decref(entries);
	return rc;
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	json_t *entries;
	enum dnsproof_rc rc = entries_read(&c->call, c->zone, &entries);

	json_decref(entries);
	return rc;
}

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	json_t *entries, *entry;
	enum dnsproof_rc rc = entries_read(&c->call, c->zone, &entries);
	size_t i;

	json_array_foreach(entries, i, entry) if (is_txt_at(entry, c->relative))
	    c->value(c, member(entry, "content"), strlen(member(entry, "content")));
	json_decref(entries);
	return rc;
}

static enum dnsproof_rc transip_open(struct dnsproof_open_call *c)
{
	const char *pem = given_text(&c->call, "key"), *token = given_text(&c->call, "token"), *why = NULL;
	struct key *key;
	struct transip *t;

	if (!pem == !token)
		return c->call.host->fail(&c->call, DNSPROOF_INVALID,
		                          "either key (with account) or token is needed; add --set "
		                          "key=file:/path --set account=NAME");
	if (pem && !given_text(&c->call, "account"))
		return c->call.host->fail(&c->call, DNSPROOF_INVALID, "option account: is needed with a key");
	key = pem ? key_parse(pem, NULL, &why) : NULL;
	if (key && !key_is_rsa(key)) {
		key_free(key);
		key = NULL;
		why = "is no RSA key";
	}
	if (pem && !key)
		return c->call.host->fail(&c->call, DNSPROOF_INVALID, "option key: %s", why);
	t = calloc(1, sizeof(*t));
	if (!t)
		abort();
	t->key = key;
	c->call.self = t;
	return DNSPROOF_OK;
}

static void transip_close(struct dnsproof_call *call)
{
	struct transip *t = call->self;

	if (!t)
		return;
	oauth_free(&t->token);
	key_free(t->key);
	free(t);
	call->self = NULL;
}

static const struct dnsproof_option options[] = {
    {"account", DNSPROOF_ONE_OF, "TRANSIP_ACCOUNT_NAME TRANSIP_Username", NULL,
     "name of the TransIP account"},
    {"key", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "TRANSIP_PRIVATE_KEY TRANSIP_Key", NULL,
     "private key of the control panel's API page, in PEM; it can do all that the account can, so "
     "tick "
     "there that only white-listed addresses may use it, and set whitelisted=yes"},
    {"token", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "TRANSIP_TOKEN", NULL,
     "access token made by hand, instead of account and key; it lasts a month at most"},
    {"whitelisted", DNSPROOF_BOOL, NULL, "no", "the key is for white-listed addresses only"},
    {"endpoint", DNSPROOF_URL, NULL, NULL, "the API, if not " STANDARD},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("transip", "TransIP, by private key or access token", "https://api.transip.nl/rest/docs.html"),
    .limits = {.least_ttl = LEAST_TTL},
    .replaces = DNSPROOF_RECORD,
    MODULE_CALLS,
    .open = transip_open,
    .close = transip_close,
    .uses_http = 1,
};
