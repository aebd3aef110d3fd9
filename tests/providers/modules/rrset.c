/*
 * A provider for the API of tests/providers/fakes/rrset.py, which replaces sets; with `swap` by compare-and-swap.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "provider.h"

struct set {
	json_t *values;
	const char *etag; /* "" without */
};

static const char *option(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

static enum dnsproof_rc ask(const struct dnsproof_call *call, const char *method, const char *zone,
                            const char *relative, const json_t *body, const char *etag,
                            struct dnsproof_http_answer *answer)
{
	const struct dnsproof_host *host = call->host;
	const struct dnsproof_http_header header[] = {
	    {"Authorization", host->text(call, "Bearer %s", option(call, "token"))},
	    {"If-Match", etag},
	};
	const struct dnsproof_http_request request = {
	    .size = sizeof(request),
	    .method = method,
	    .url = host->text(call, "%s/zones/%s/rrsets/%s/TXT", option(call, "url"), zone,
	                      host->encode(call, "path", relative, strlen(relative))),
	    .header = header,
	    .headers = etag && *etag ? 2 : 1,
	    .json = body,
	};

	answer->size = sizeof(*answer);
	return host->http(call, &request, answer);
}

static enum dnsproof_rc set_read(const struct dnsproof_call *call, const char *zone, const char *relative,
                                 struct set *s)
{
	struct dnsproof_http_answer answer;
	const char *etag;
	enum dnsproof_rc rc = ask(call, "GET", zone, relative, NULL, NULL, &answer);
	const json_t *values = rc == DNSPROOF_OK ? json_object_get(answer.json, "values") : NULL;

	if (rc != DNSPROOF_OK)
		return rc;
	if (!json_is_array(values))
		return call->host->fail(call, DNSPROOF_TEMP,
		                        "rrset: zone %s: no list of values in the answer", zone);
	etag = call->host->http_header(&answer, "etag");
	s->values = json_deep_copy(values);
	s->etag = call->host->text(call, "%s", etag ? etag : "");
	return DNSPROOF_OK;
}

static int find(const json_t *values, const char *value)
{
	for (size_t i = 0; i < json_array_size(values); i++)
		if (json_is_string(json_array_get(values, i)) &&
		    !strcmp(json_string_value(json_array_get(values, i)), value))
			return (int)i;
	return -1;
}

static enum dnsproof_rc change(struct dnsproof_txt_call *c, int del)
{
	const struct dnsproof_txt *t = c->txt;
	struct dnsproof_http_answer answer;
	struct set s;
	json_t *body;
	int at;
	enum dnsproof_rc rc = set_read(&c->call, t->zone, t->relative, &s);

	if (rc != DNSPROOF_OK)
		return rc;
	at = find(s.values, t->value);
	if ((at >= 0) != del) {
		json_decref(s.values);
		return DNSPROOF_OK;
	}
	if (del)
		json_array_remove(s.values, (size_t)at);
	else
		json_array_append_new(s.values, json_string(t->value));
	body = json_pack("{s:o}", "values", s.values);
	rc = ask(&c->call, "PUT", t->zone, t->relative, body, s.etag, &answer);
	json_decref(body);
	if (rc == DNSPROOF_OK && answer.status != 204)
		rc = c->call.host->fail(&c->call, DNSPROOF_TEMP,
		                        "rrset: zone %s: an answer that is none of the API", t->zone);
	return rc;
}

static enum dnsproof_rc rrset_add(struct dnsproof_txt_call *c)
{
	return change(c, 0);
}

static enum dnsproof_rc rrset_del(struct dnsproof_txt_call *c)
{
	return change(c, 1);
}

static enum dnsproof_rc rrset_list(struct dnsproof_list_call *c)
{
	struct set s;
	enum dnsproof_rc rc = set_read(&c->call, c->zone, c->relative, &s);

	for (size_t i = 0; rc == DNSPROOF_OK && i < json_array_size(s.values); i++)
		c->value(c, json_string_value(json_array_get(s.values, i)),
		         json_string_length(json_array_get(s.values, i)));
	if (rc == DNSPROOF_OK)
		json_decref(s.values);
	return rc;
}

static const struct dnsproof_option options[] = {
    {"url", DNSPROOF_REQUIRED | DNSPROOF_URL, NULL, NULL, "where the API is"},
    {"token", DNSPROOF_REQUIRED | DNSPROOF_SECRET, NULL, NULL, "credential"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
#ifdef SWAP
    .name = "rrset-swap",
    .compare_and_swap = 1,
#else
    .name = "rrset",
#endif
    .summary = "test: an API that replaces sets",
    .options = options,
    .replaces = DNSPROOF_RRSET,
    .add = rrset_add,
    .del = rrset_del,
    .list = rrset_list,
    .uses_http = 1,
};
