/* What the CA's limits leave, and what an order takes of it. */
#include "engine/order/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"

void order_succeeds(struct order *o, const struct order_succession *s)
{
	assert(!o->replaces);
	if (s->cert_id)
		o->replaces = xstrdup(s->cert_id);
	o->asks.renewal = s->renewal;
	o->asks.urgent = s->urgent;
	o->invited = s->invited;
}

/* Only a CA that gives advice on renewals knows of such IDs. */
bool order_says_replaces(const struct order *o)
{
	return o->replaces && acme_directory(o->acme)->renewal_info;
}

static void order_say_limited(struct order *o, enum job_limit_kind kind, int64_t until)
{
	char *limit = ledger_limit_text(o->asks.ca, kind), when[WHEN_ROOM];

	order_fail(o, "%s before %s: the CA's limit is %s", o->trial ? "not tried" : "no second try",
	           when_text(until, when), limit);
	free(limit);
}

bool order_is_limited(struct order *o)
{
	int64_t until;

	if (!o->asks.ca)
		return false;
	o->asks.invited = o->invited && order_says_replaces(o);
	enum job_limit_kind kind = ledger_obstacle(o->e->turn, &o->asks, &until);
	if (kind == JOB_LIMITS)
		return false;
	if (o->second_try || o->trial) {
		order_say_limited(o, kind, until);
		return true;
	}
	o->limit = (struct order_limit){kind, until};
	return o->put_off = true;
}

void order_take_allowance(struct order *o)
{
	if (o->asks.ca)
		ledger_ordered(o->e->turn, &o->asks);
}

void order_take_issuance(struct order *o)
{
	if (o->asks.ca)
		ledger_issued(o->e->turn, &o->asks);
}

void order_count_refusals(struct order *o)
{
	for (size_t i = 0; o->asks.ca && i < o->authzs; i++)
		if (o->authz[i].needed && o->authz[i].ca->status == ACME_INVALID)
			ledger_refused(o->e->turn, o->asks.ca, o->authz[i].ca->name);
}

struct order_limit order_limit(const struct order *o)
{
	return o->limit;
}
