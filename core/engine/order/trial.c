/* A trial: an order at a CA account whose certificates are checked and not published (keeper/setup.h). It is told, and
 * leaves nothing: no later run goes on with it. */
#include "engine/order/parts.h"

#include <assert.h>

void order_try(struct order *o)
{
	assert(!o->entered && !o->row.id);
	o->trial = true;
}

bool order_goes_on_later(const struct order *o)
{
	return o->resumable && !o->trial;
}

void order_tell_trial(struct order *o)
{
	const char *label = job_ca(o->e->job, o->row.ca_account)->label;

	o->row.state = ORDER_ROW_ABANDONED;
	order_row_store(o->e->turn, &o->row);
	order_event(o, EVENT_INFO, "tried", json_pack("{s:s}", "ca", o->row.ca_account),
	            "%s has issued it; the certificate is right, and is not published", label);
}
