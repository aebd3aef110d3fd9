/* How requests reach the CA of the scripted world, and its answers the engine: behind http.h. */
#include "order_world_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/net/http.h"

static unsigned nonces;

static void reply_deliver(const struct reply *r, http_fn *fn, void *arg)
{
	char *body = r->json ? json_dumps(r->json, 0) : xstrdup(r->text ? r->text : "");
	struct strs links = {0};
	char nonce[32];
	struct http_answer a = {.status = r->lost ? 0 : r->status,
	                        .error = r->lost ? "ca.test: connection broken" : NULL,
	                        .maybe_sent = r->lost,
	                        .body = body,
	                        .body_len = strlen(body),
	                        .content_type = r->type,
	                        .location = *r->location ? r->location : NULL,
	                        .retry_after = r->retry_after,
	                        .links = &links};

	for (unsigned i = 0; i < r->alternates; i++) {
		char *link = xasprintf("<" HOST "cert/0/alternate/%u>;rel=\"alternate\"", i);

		strs_add(&links, link);
		free(link);
	}
	snprintf(nonce, sizeof(nonce), "nonce%u", ++nonces);
	if (!r->lost && (r->status < 300 || (r->type && strstr(r->type, "problem"))))
		a.replay_nonce = nonce;
	fn(arg, &a);
	strs_free(&links);
	free(body);
	json_decref(r->json);
}

static void ca_answers(struct later *l)
{
	http_fn *fn = (http_fn *)l->callback;
	void *arg = l->arg;
	struct reply r = order_world_answer(l->text, l->text + 1 + strlen(HOST), l->more);

	later_free(l);
	reply_deliver(&r, fn, arg);
}

struct http *http_new(struct loop *l, struct lookup *lookup, const char *bundle, const char *proxy,
                      struct err *e)
{
	return (struct http *)&world;
}

void http_free(struct http *h)
{
}

struct http_call *http_send(struct http *h, const struct http_request *request, http_fn *fn, void *arg)
{
	char *text = xasprintf("%c%s",
	                       request->method == HTTP_GET    ? 'G'
	                       : request->method == HTTP_HEAD ? 'H'
	                                                      : 'P',
	                       request->url);
	struct later *l = later(ca_answers, (void *)fn, arg, text);

	if (request->body)
		l->more = xstrndup(request->body, request->body_len);
	free(text);
	return (struct http_call *)l;
}

void http_cancel(struct http_call *c)
{
	later_free((struct later *)c);
}
