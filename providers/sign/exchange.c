#include "exchange.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shared/endpoint.h"

#define HEADERS_MOST 16

const char *option_text(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

const char *exchange_json(const struct dnsproof_call *call, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *copy = call->host->text(call, "%s", text ? text : "");

	free(text);
	json_decref(value);
	return copy;
}

static void headers_append(struct dnsproof_http_header *all, size_t *n,
                           const struct dnsproof_http_header *more, size_t count)
{
	for (size_t i = 0; i < count && *n < HEADERS_MOST; i++)
		if (more[i].value && *more[i].value)
			all[(*n)++] = more[i];
}

enum dnsproof_rc exchange_run(const struct dnsproof_call *call, const struct exchange *x,
                              struct dnsproof_http_answer *answer)
{
	struct endpoint end = endpoint_split(call, x->endpoint);
	const char *path = call->host->text(call, "%s%s", end.prefix, x->path);
	const char *query = x->query ? x->query : "";
	struct dnsproof_http_header all[HEADERS_MOST], signed_too[HEADERS_MOST];
	size_t n = 0, m = 0, body_len = x->body ? strlen(x->body) : 0;
	struct sign_added added;

	if (x->content_type)
		signed_too[m++] = (struct dnsproof_http_header){"content-type", x->content_type};
	headers_append(signed_too, &m, x->header, x->headers);
	sign(call,
	     &(struct sign_request){.profile = x->profile,
	                            .key = x->key,
	                            .region = x->region,
	                            .service = x->service,
	                            .time = call->host->time(call),
	                            .nonce = sign_nonce(call),
	                            .method = x->method,
	                            .scheme = end.scheme,
	                            .host = end.host,
	                            .path = path,
	                            .query = query,
	                            .header = signed_too,
	                            .headers = m,
	                            .body = x->body ? x->body : "",
	                            .body_len = body_len},
	     &added);
	headers_append(all, &n, signed_too, m);
	headers_append(all, &n, x->plain, x->plains);
	headers_append(all, &n, added.at, added.n);
	answer->size = sizeof(*answer);
	return call->host->http(
	    call,
	    &(struct dnsproof_http_request){.size = sizeof(struct dnsproof_http_request),
	                                    .method = x->method,
	                                    .url = call->host->text(call, "%s://%s%s%s%s", end.scheme,
	                                                            end.host, path, *query ? "?" : "", query),
	                                    .header = all,
	                                    .headers = n,
	                                    .body = x->body,
	                                    .body_len = body_len,
	                                    .any_status = 1},
	    answer);
}
