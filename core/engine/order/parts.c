#include "engine/order/parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "engine/pool/pool.h"
#include "engine/peers/keeper.h"
#include "engine/journal/ca_waits.h"
#include "engine/journal/events.h"
#include "engine/journal/turn.h"

struct order_op *order_op(struct order *o, size_t index)
{
	struct order_op *op = xcalloc(1, sizeof(*op));

	*op = (struct order_op){.order = o, .index = index, .next = o->ops};
	o->ops = op;
	return op;
}

void order_op_set(struct order_op *op, void *handle, void (*cancel)(void *handle))
{
	op->handle = handle;
	op->cancel = cancel;
}

void order_wake(struct order *o)
{
	loop_timer_set(o->step, 0);
}

size_t order_op_end(struct order_op *op)
{
	struct order *o = op->order;
	size_t index = op->index;
	struct order_op **p = &o->ops;

	while (*p != op)
		p = &(*p)->next;
	*p = op->next;
	turn_forget(o->e->turn, op);
	free(op);
	if (!o->ops)
		order_wake(o);
	return index;
}

void order_ops_cancel(struct order *o)
{
	while (o->ops) {
		struct order_op *op = o->ops;
		if (op->cancel)
			op->cancel(op->handle);
		order_op_end(op);
	}
	o->poll_op = o->key_op = NULL;
	loop_timer_stop(o->poll);
}

static void cancel_post(void *handle)
{
	acme_cancel(handle);
}

void order_op_stop(struct order_op *op)
{
	if (op->cancel)
		op->cancel(op->handle);
	order_op_set(op, NULL, NULL);
}

/* The order is asked for, or it is there. New. */
static char *order_about(const struct order *o)
{
	return xasprintf("%s%s", o->row.url ? ABOUT_ORDER : "", o->row.names);
}

uint64_t order_later_ms(const struct order *o)
{
	char *about = order_about(o);
	uint64_t left = acme_later_ms(o->acme, about);

	free(about);
	return left;
}

void order_told_later(struct order *o, uint64_t ms)
{
	char *about = order_about(o);

	acme_told_later(o->acme, about, NULL, ms);
	free(about);
}

void order_post(struct order_op *op, const char *url, json_t *payload, enum acme_again again, acme_fn *fn)
{
	char *about = order_about(op->order);
	const struct acme_request request = {.url = url, .payload = payload, .again = again, .about = about};

	order_op_set(op, acme_send(op->order->acme, &request, fn, op), cancel_post);
	free(about);
}

void order_read(struct order_op *op, const char *url, acme_fn *fn)
{
	char *about = order_about(op->order);

	order_op_set(op, acme_read(op->order->acme, url, about, fn, op), cancel_post);
	free(about);
}

uint64_t order_ca_left_ms(const struct order *o)
{
	uint64_t longest = o->state == ORDER_PREPARING && o->acme ? acme_left_ms(o->acme, NULL) : 0;

	for (const struct order_op *op = o->ops; op; op = op->next) {
		uint64_t left =
		    op->cancel == cancel_post && op->handle ? acme_left_ms(o->acme, op->handle) : 0;
		if (left > longest)
			longest = left;
	}
	return longest;
}

void order_cancel_pool(void *call)
{
	pool_cancel(call);
}

void order_cancel_sign(void *call)
{
	keeper_cancel(call);
}

void order_cancel_timer(void *timer)
{
	loop_timer_free(timer);
}

void order_to_cleaning(struct order *o)
{
	order_ops_cancel(o);
	o->failed = true;
	o->state = ORDER_CLEANING;
	o->entered = false;
	order_wake(o);
}

static void order_vfail(struct order *o, const char *format, va_list ap)
{
	char text[4096];

	if (o->failed || o->state >= ORDER_CLEANING)
		return;
	vsnprintf(text, sizeof(text), format, ap);
	free(o->row.error);
	o->row.error = xstrdup(text);
	order_event(o, EVENT_ERROR, "failed",
	            json_pack("{s:b, s:I}", "again", o->resumable, "retry_at", (json_int_t)o->retry_at), "%s",
	            text);
	order_to_cleaning(o);
}

void order_fail(struct order *o, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	order_vfail(o, format, ap);
	va_end(ap);
}

void order_fail_resumable(struct order *o, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if (!o->failed)
		o->resumable = true;
	order_vfail(o, format, ap);
	va_end(ap);
}

void order_fail_config(struct order *o, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if (!o->failed)
		o->misconfigured = true;
	order_vfail(o, format, ap);
	va_end(ap);
}

void order_fail_problem(struct order *o, const struct problem *p, const char *doing)
{
	char *text = problem_text(p), when[WHEN_ROOM];
	bool later = p->retry_after_ms != 0;

	order_blame_ca(o, p);
	o->resumable = o->resumable || p->class == PROBLEM_LATER;
	o->misconfigured = o->misconfigured || (!o->failed && problem_is_persons(p));
	if (later)
		o->retry_at = loop_wall(o->e->loop) + (int64_t)(p->retry_after_ms / 1000);
	order_fail(o, "%s: %s%s%s", doing, text, later ? "; the CA asks to come back after " : "",
	           later ? when_text(o->retry_at, when) : "");
	free(text);
}

/* What is a column of its row is not said again in the details. */
static void order_keep_event(struct order *o, const char *event, const char *text, const json_t *more)
{
	json_t *detail = json_pack("{s:s}", "text", text);

	json_object_update(detail, (json_t *)more);
	char *line = json_dumps(detail, JSON_COMPACT);
	event_store(o->e->events, o->e->job->run, o->cert->id, event, line ? line : "{}");
	free(line);
	json_decref(detail);
}

void order_event(struct order *o, enum event_level level, const char *event, json_t *more, const char *format,
                 ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (!more)
		more = json_object();
	if ((level != EVENT_DEBUG || strcmp(event, "matrix") == 0) && !o->e->job->dry_run)
		order_keep_event(o, event, text, more);
	json_object_set_new(more, "cert", json_string(o->cert->id));
	launcher_event(o->e->launcher, level, event, more, "%s: %s", o->cert->id, text);
}

void order_not_written(void *arg)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	o->resumable = true;
	order_fail(o, "the journal cannot be written");
}
