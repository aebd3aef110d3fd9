#include "engine/order/parts.h"

#include <stdlib.h>

#include "common/buf.h"
#include "common/mem.h"

#define FIRST_MS   3000
#define AGAIN_MS   10000
#define LINES_MOST 3 /* at a time */

void order_waiting_begin(struct order *o)
{
	loop_timer_set(o->waiting, FIRST_MS);
}

/* Not kept with the order: it is worth nothing when the wait is over. */
static void order_waiting_say(struct order *o, const char *text)
{
	launcher_event(o->e->launcher, EVENT_INFO, "waiting", json_pack("{s:s}", "cert", o->cert->id), "%s",
	               text);
}

static unsigned order_ops_waiting(struct order *o)
{
	unsigned lines = 0;

	for (const struct order_op *op = o->ops; op && lines < LINES_MOST; op = op->next) {
		char *text = op->waits_for && op->handle ? op->waits_for(op) : NULL;

		if (text)
			order_waiting_say(o, text);
		lines += text != NULL;
		free(text);
	}
	return lines;
}

static void order_state_waiting(struct order *o)
{
	uint64_t now = loop_now(o->e->loop);
	unsigned long s = (unsigned long)((now - o->entered_at) / 1000);
	unsigned long later = (unsigned long)((order_ca_left_ms(o) + 999) / 1000);
	unsigned long left = o->poll_op && o->poll_at > now ? (unsigned long)((o->poll_at - now) / 1000) : 0;
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, "%s: waiting for %s", o->cert->id, o->waits_for);
	if (later)
		buf_printf(&b, ": the CA asks to wait; %lu:%02lu left", later / 60, later % 60);
	else
		buf_printf(&b, " for %lu s", s);
	if (left && !later)
		buf_printf(&b, "; it is asked again in %lu:%02lu", left / 60, left % 60);
	order_waiting_say(o, b.data);
	buf_free(&b);
}

void order_waiting_tell(void *order)
{
	struct order *o = order;
	unsigned lines = order_ops_waiting(o);

	if (lines < LINES_MOST)
		lines += order_values_waiting(o, LINES_MOST - lines, order_waiting_say);
	if (!lines && o->waits_for && o->ops)
		order_state_waiting(o);
	loop_timer_set(o->waiting, AGAIN_MS);
}
