#include "engine/order/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/journal/backoff.h"
#include "engine/journal/turn.h"
#include "engine/peers/keeper.h"

/* The CA did not see what all servers show: a cache, anycast, a flaky resolver. A CAA record and the like stay
 * as they are however often they are looked at. */
static bool may_be_stale(const struct problem *p)
{
	static const char *const types[] = {"unauthorized", "dns", "incorrectResponse", "connection"};

	for (size_t i = 0; p && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(p->type, types[i]) == 0)
			return true;
	return false;
}

void order_refused(struct order *o, const struct problem *first, const char *why)
{
	struct turn *turn = o->e->turn;

	if (o->state != ORDER_EXPLAINING || o->winding_down || o->trial || !may_be_stale(first) ||
	    turn_is_broken(turn) || backoff_second_tried(turn, o->row.ca_account, o->row.names)) {
		order_fail(o, "the CA refused: %s", why);
		return;
	}
	/* Written before the new order: a run that dies in between does not try a third time. */
	backoff_second_try(turn, o->row.ca_account, o->row.names);
	o->start_again = true;
	free(o->row.error);
	o->row.error = xstrdup(why);
	order_event(o, EVENT_WARN, "second-try", NULL,
	            "the CA refused, though all servers show the values: %s; once more with a new order",
	            why);
	order_to_cleaning(o);
}

void order_start_again(struct order *o)
{
	assert(o->state == ORDER_ENDED && !o->ops && !o->removing);
	o->start_again = o->failed = o->resumable = o->removal_begun = o->ca_awaited = false;
	o->fault = ORDER_FAULT_NONE;
	o->round = o->rounds = 0;
	o->second_try = true;
	if (o->key_call)
		keeper_cancel(o->key_call);
	o->key_call = NULL;
	free(o->csr);
	o->csr = NULL;
	acme_order_free(o->ca);
	o->ca = NULL;
	order_free_authzs(o);
	for (size_t i = 0; i < o->lefts; i++)
		txt_free(o->left[i].txt);
	o->lefts = 0;
	order_row_renew(o->e->turn, &o->row);
	o->state = ORDER_ORDERING;
	o->entered = false;
	order_wake(o);
}
