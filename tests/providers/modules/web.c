/* Speaks HTTP as it is told: the second label of the name is the path that is asked. */
#include <stdio.h>
#include <string.h>

#include "provider.h"

static const char *option(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

static char *url_of(const struct dnsproof_call *call, const char *relative)
{
	const char *label = strchr(relative, '.'), *constant = option(call, "constant");

	return call->host->text(call, "%s/%.*s", constant ? constant : option(call, "url"),
	                        label ? (int)strlen(label + 1) : 1, label ? label + 1 : "-");
}

/* GET, with the token wherever a provider may want it. */
static enum dnsproof_rc web_add(struct dnsproof_txt_call *c)
{
	const struct dnsproof_call *call = &c->call;
	const char *token = option(call, "token");
	char *url = call->host->text(call, "%s?key=%s", url_of(call, c->txt->relative),
	                             call->host->encode(call, "form", token, strlen(token)));
	struct dnsproof_http_header header = {"Authorization", call->host->text(call, "Bearer %s", token)};
	struct dnsproof_http_request r = {.method = "GET", .url = url, .header = &header, .headers = 1};
	struct dnsproof_http_answer a = {.size = sizeof(a)};
	enum dnsproof_rc rc = call->host->http(call, &r, &a);

	snprintf(c->txt->handle, sizeof(c->txt->handle), "%d", a.status);
	return rc;
}

/* POST of JSON with basic authentication; a second request made of the first one's answer. */
static enum dnsproof_rc web_del(struct dnsproof_txt_call *c)
{
	const struct dnsproof_call *call = &c->call;
	json_t *body = json_pack("{s:s,s:i}", "content", c->txt->value, "ttl", 60);
	struct dnsproof_http_request r = {.size = sizeof(r),
	                                  .method = "POST",
	                                  .url = url_of(call, c->txt->relative),
	                                  .user = "user",
	                                  .password = option(call, "token"),
	                                  .json = body};
	struct dnsproof_http_answer a = {.size = sizeof(a)};
	enum dnsproof_rc rc = call->host->http(call, &r, &a);
	const char *next = json_string_value(json_object_get(a.json, "next"));

	json_decref(body);
	if (rc != DNSPROOF_OK || !next)
		return rc;
	r = (struct dnsproof_http_request){.method = "PUT",
	                                   .url = next,
	                                   .content_type = "text/plain",
	                                   .body = a.body,
	                                   .body_len = a.body_len};
	rc = call->host->http(call, &r, &a);
	return rc ? rc : call->host->fail(call, DNSPROOF_INVALID, "echo %s", a.body);
}

/* Any status; pages are followed, what came last is reported. */
static enum dnsproof_rc web_list(struct dnsproof_list_call *c)
{
	const struct dnsproof_call *call = &c->call;
	const struct dnsproof_host *host = call->host;
	struct dnsproof_http_request r = {.method = "GET", .url = url_of(call, c->relative), .any_status = 1};
	struct dnsproof_http_answer a = {0};
	enum dnsproof_rc rc = host->http(call, &r, &a);
	const char *words, *server = host->http_header(&a, "server");

	while (rc == DNSPROOF_OK && json_is_string(json_object_get(a.json, "next"))) {
		r.url = host->text(call, "%s", json_string_value(json_object_get(a.json, "next")));
		rc = host->http(call, &r, &a);
	}
	if (rc != DNSPROOF_OK)
		return rc;
	if (a.status >= 400)
		return host->http_fail(call, &a);
	words = host->text(call, "%d %zu %s %s", a.status, a.body_len,
	                   json_is_object(a.json)    ? "object"
	                   : json_is_array(a.json)   ? "array"
	                   : json_is_string(a.json)  ? "string"
	                   : json_is_integer(a.json) ? "integer"
	                   : a.json                  ? "other"
	                                             : "text",
	                   server ? server : "-");
	c->value(c, words, strlen(words));
	return DNSPROOF_OK;
}

static void say(const struct dnsproof_list_call *c, char *at, size_t room, const char *algorithm)
{
	const struct dnsproof_host *host = c->call.host;
	unsigned char out[64];
	size_t n = host->hmac(algorithm, "key", 3, "data", 4, out);

	snprintf(at, room, "%s:%s ", algorithm, host->encode(&c->call, "hex", out, n));
}

/* A learned secret, and the time. */
static enum dnsproof_rc web_check(struct dnsproof_check_call *c)
{
	const struct dnsproof_host *host = c->call.host;
	struct dnsproof_list_call as_list = {.call = c->call};
	char line[300] = "";

	host->secret(&c->call, "learned/secret");
	say(&as_list, line, sizeof(line), "sha256");
	return host->fail(&c->call, DNSPROOF_INVALID, "learned/secret learned%%2Fsecret %lld %s",
	                  host->time(&c->call) > 1500000000 ? 1LL : 0LL, line);
}

static const struct dnsproof_option options[] = {
    {"url", DNSPROOF_REQUIRED | DNSPROOF_URL, NULL, NULL, "the API"},
    {"constant", 0, NULL, NULL, "a URL as if it stood in the module"},
    {"token", DNSPROOF_SECRET, "WEB_TOKEN WEB_OTHER_TOKEN", NULL, "its secret"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD, .name = "web",    .summary = "test: speaks HTTP",
    .options = options,     .uses_http = 1,   .add = web_add,
    .del = web_del,         .list = web_list, .check = web_check,
};
