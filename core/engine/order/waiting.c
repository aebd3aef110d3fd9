#include "engine/order/parts.h"

#include <stdlib.h>

#define FIRST_MS   3000
#define AGAIN_MS   10000
#define LINES_MOST 3 /* at a time */

void order_waiting_begin(struct order *o)
{
	loop_timer_set(o->waiting, FIRST_MS);
}

void order_waiting_tell(void *order)
{
	struct order *o = order;
	unsigned lines = 0;

	for (const struct order_op *op = o->ops; op && lines < LINES_MOST; op = op->next) {
		char *text = op->waits_for && op->handle ? op->waits_for(op) : NULL;

		if (!text)
			continue;
		lines++;
		/* Not kept with the order: it is worth nothing when the wait is over. */
		launcher_event(o->e->launcher, EVENT_INFO, "waiting", json_pack("{s:s}", "cert", o->cert->id),
		               "%s", text);
		free(text);
	}
	loop_timer_set(o->waiting, AGAIN_MS);
}
