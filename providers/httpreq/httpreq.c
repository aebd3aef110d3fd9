#include <stdio.h>
#include <string.h>

#include "shared/module.h"

/*
 * A service of the operator's own, asked as lego's provider httpreq asks it: POST ENDPOINT/present and
 * ENDPOINT/cleanup with {"fqdn":"_acme-challenge.x.","value":"..."}.
 * https://go-acme.github.io/lego/dns/httpreq/
 */
static const char *text_of(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

/* The path below the endpoint, in front of its query if it has one. */
static const char *url_of(const struct dnsproof_call *call, const char *what)
{
	const char *endpoint = text_of(call, "endpoint"), *query = strchr(endpoint, '?');
	int n = query ? (int)(query - endpoint) : (int)strlen(endpoint);

	while (n && endpoint[n - 1] == '/')
		n--;
	return call->host->text(call, "%.*s/%s%s", n, endpoint, what, query ? query : "");
}

/* A login or error page behind a 200. */
static int is_page(const struct dnsproof_call *call, const struct dnsproof_http_answer *answer)
{
	const char *type = call->host->http_header(answer, "content-type");

	return type && strncmp(type, "text/html", 9) == 0;
}

static enum dnsproof_rc ask(const struct dnsproof_txt_call *c, const char *what)
{
	const struct dnsproof_call *call = &c->call;
	json_t *body = json_pack("{s:s,s:s}", "fqdn", call->host->text(call, "%s.", c->txt->name), "value",
	                         c->txt->value);
	struct dnsproof_http_request request = {.size = sizeof(request),
	                                        .method = "POST",
	                                        .url = url_of(call, what),
	                                        .user = text_of(call, "username"),
	                                        .password = text_of(call, "password"),
	                                        .json = body};
	struct dnsproof_http_answer answer = {.size = sizeof(answer)};
	enum dnsproof_rc rc = call->host->http(call, &request, &answer);

	json_decref(body);
	if (rc == DNSPROOF_OK && is_page(call, &answer))
		return call->host->fail(
		    call, DNSPROOF_TEMP,
		    "%s answers with a page for people, not as the service: is the endpoint "
		    "right?",
		    request.url);
	return rc;
}

static enum dnsproof_rc httpreq_add(struct dnsproof_txt_call *c)
{
	return ask(c, "present");
}

static enum dnsproof_rc httpreq_del(struct dnsproof_txt_call *c)
{
	return ask(c, "cleanup");
}

static enum dnsproof_rc httpreq_open(struct dnsproof_open_call *c)
{
	const char *mode = text_of(&c->call, "mode");

	if (!text_of(&c->call, "username") != !text_of(&c->call, "password"))
		return c->call.host->fail(&c->call, DNSPROOF_INVALID,
		                          "options username and password go together");
	if (!mode || !*mode || strcmp(mode, "default") == 0)
		return DNSPROOF_OK;
	if (strcmp(mode, "RAW") == 0)
		return c->call.host->fail(&c->call, DNSPROOF_INVALID,
		                          "option mode: RAW needs the key authorization, which never leaves "
		                          "the keeper and cannot be had from the TXT value; let the service "
		                          "take fqdn and value, and leave mode out");
	return c->call.host->fail(&c->call, DNSPROOF_INVALID, "option mode: %s: there is only default", mode);
}

static const struct dnsproof_option options[] = {
    {"endpoint", DNSPROOF_REQUIRED | DNSPROOF_URL, "HTTPREQ_ENDPOINT", NULL,
     "the URL below which present and cleanup are"},
    {"username", 0, "HTTPREQ_USERNAME", NULL, "for basic authentication"},
    {"password", DNSPROOF_SECRET, "HTTPREQ_PASSWORD", NULL, "for basic authentication"},
    {"mode", 0, "HTTPREQ_MODE", "default", "default; RAW is not possible"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("httpreq", "asks a service of yours as lego's httpreq does",
           "https://go-acme.github.io/lego/dns/httpreq/"),
    .replaces = DNSPROOF_RRSET, /* what the service does to the other values is unknown */
    .add = httpreq_add,
    .del = httpreq_del,
    .open = httpreq_open,
    .uses_http = 1,
};
