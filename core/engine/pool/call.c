#include "config.h"

#include "engine/pool/call.h"

#include <stdlib.h>

#include "common/mem.h"

void pool_calls_init(struct pool_calls *s)
{
	*s = (struct pool_calls){.end = &s->first};
}

void pool_calls_add(struct pool_calls *s, struct pool_call *c)
{
	c->next = NULL;
	*s->end = c;
	s->end = &c->next;
	s->n++;
}

struct pool_call *pool_calls_take(struct pool_calls *s, struct pool_call **at)
{
	struct pool_call *c = *at;

	*at = c->next;
	if (!c->next)
		s->end = at;
	c->next = NULL;
	s->n--;
	return c;
}

void pool_calls_free(struct pool_calls *s)
{
	while (s->first)
		pool_call_free(pool_calls_take(s, &s->first));
}

void pool_call_free(struct pool_call *c)
{
	pool_ask_clear(&c->ask);
	pool_reply_clear(&c->reply);
	free(c);
}

bool pool_call_writes(const struct pool_call *c)
{
	return c->ask.op == POOL_ADD || c->ask.op == POOL_DEL;
}

void pool_call_deliver(struct pool_call *c)
{
	const struct pool_reply *r = &c->reply;
	const struct pool_answer answer = {
	    .rc = r->rc,
	    .message = r->message,
	    .after_s = r->after_s,
	    .handle = r->handle,
	    .values = r->has_values ? &r->values : NULL,
	    .live = r->live,
	    .passes = r->passes,
	    .unsent = c->unsent,
	    .written = r->written,
	};

	if (c->fn)
		c->fn(c->arg, &answer);
	pool_call_free(c);
}

json_t *pool_calls_request(const struct pool_calls *s, unsigned *ms)
{
	const struct pool_ask *asks[POOL_BATCH_MOST];
	size_t n = 0;

	*ms = 0;
	for (const struct pool_call *c = s->first; c && n < POOL_BATCH_MOST; c = c->next) {
		asks[n++] = &c->ask;
		if (c->ask.ms > *ms)
			*ms = c->ask.ms;
	}
	if (n == 1 || s->first->ask.op == POOL_LIST)
		return pool_request(&s->first->ask);
	return pool_batch_request(asks, n);
}

/* One request was made for all that want the values of the same owner. */
static bool list_parse(struct pool_calls *s, const json_t *answer, struct err *e)
{
	for (struct pool_call *c = s->first; c; c = c->next)
		if (!pool_reply_parse(answer, &c->reply, e))
			return false;
	return true;
}

bool pool_calls_parse(struct pool_calls *s, const json_t *answer, struct err *e)
{
	struct pool_reply *replies;
	size_t i = 0;
	bool good;

	if (s->n == 1 || s->first->ask.op == POOL_LIST)
		return list_parse(s, answer, e);
	replies = xcalloc(s->n, sizeof(*replies));
	good = pool_batch_parse(answer, replies, s->n, e);
	for (struct pool_call *c = s->first; c && good; c = c->next, i++)
		c->reply = replies[i];
	free(replies);
	return good;
}

bool pool_calls_busy(const struct pool_calls *s)
{
	return s->first && s->first->reply.busy;
}

void pool_calls_fail(struct pool_calls *s, enum pool_rc rc, const char *message)
{
	for (struct pool_call *c = s->first; c; c = c->next)
		pool_reply_set(&c->reply, rc, message);
}
