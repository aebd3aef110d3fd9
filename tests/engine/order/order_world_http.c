/* How requests reach the CA of the scripted world, and its answers the engine: behind http.h. */
#include "order_world_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "engine/net/http.h"

static unsigned nonces;

/* Each URL of one host is one of the other; text is freed. New. */
static char *at_host(char *text, const char *from, const char *to)
{
	struct buf b;
	const char *at = text, *next;

	buf_init(&b, 0);
	for (; (next = strstr(at, from)); at = next + strlen(from)) {
		buf_add(&b, at, (size_t)(next - at));
		buf_add_str(&b, to);
	}
	buf_add_str(&b, at);
	free(text);
	return buf_take(&b);
}

static void reply_deliver(const struct reply *r, enum world_host host, http_fn *fn, void *arg)
{
	const char *to = host == WORLD_BACKUP ? BACKUP : HOST;
	char *body = at_host(r->json ? json_dumps(r->json, 0) : xstrdup(r->text ? r->text : ""), HOST, to);
	char *location = at_host(xstrdup(r->location), HOST, to);
	struct strs links = {0};
	char nonce[32];
	struct http_answer a = {.status = r->lost ? 0 : r->status,
	                        .error = r->lost ? "ca.test: connection broken" : NULL,
	                        .maybe_sent = r->lost,
	                        .body = body,
	                        .body_len = strlen(body),
	                        .content_type = r->type,
	                        .location = *location ? location : NULL,
	                        .retry_after = r->retry_after,
	                        .links = &links};

	for (unsigned i = 0; i < r->alternates; i++) {
		char *link = xasprintf("<%scert/0/alternate/%u>;rel=\"alternate\"", to, i);

		strs_add(&links, link);
		free(link);
	}
	snprintf(nonce, sizeof(nonce), "nonce%u", ++nonces);
	if (!r->lost && (r->status < 300 || (r->type && strstr(r->type, "problem"))))
		a.replay_nonce = nonce;
	fn(arg, &a);
	strs_free(&links);
	free_all(body, location);
	json_decref(r->json);
}

static void ca_answers(struct later *l)
{
	http_fn *fn = (http_fn *)l->callback;
	void *arg = l->arg;
	enum world_host host = str_starts(l->text + 1, BACKUP) ? WORLD_BACKUP : WORLD_FIRST;
	const char *path = l->text + 1 + strlen(host == WORLD_BACKUP ? BACKUP : HOST);
	char *body = l->more ? at_host(xstrdup(l->more), BACKUP, HOST) : NULL;
	struct reply r = order_world_answer(l->text, host, path, body);

	free(body);
	later_free(l);
	reply_deliver(&r, host, fn, arg);
}

struct http *http_new(struct loop *l, struct lookup *lookup, const struct http_ways *ways, struct err *e)
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
