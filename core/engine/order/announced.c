#include "engine/order/announced.h"

#include <string.h>

#include "engine/journal/turn.h"
#include "engine/order/parts.h"

static bool has(const struct order_announced *a, const char *account, const char *zone)
{
	for (size_t i = 0; i < a->zones.n; i++)
		if (strcmp(a->accounts.at[i], account) == 0 && strcmp(a->zones.at[i], zone) == 0)
			return true;
	return false;
}

/* One for each account and zone, however many names. */
static void announce_place(struct order_announced *a, const struct order_place *p)
{
	const char *account;

	for (size_t n = 0; (account = place_dns_account(p, n)); n++) {
		if (has(a, account, p->zone->zone))
			continue;
		strs_add(&a->accounts, account);
		strs_add(&a->zones, p->zone->zone);
		pool_announce(a->order->e->pool, account, p->zone->zone, a->add);
	}
}

void order_announce(struct order *o, bool add)
{
	struct order_announced *a = &o->announced[add];

	a->order = o;
	a->add = add;
	for (size_t i = 0; i < o->places; i++)
		if (o->place[i].zone && (add || o->place[i].values.n))
			announce_place(a, &o->place[i]);
}

static void withdraw(void *arg)
{
	struct order_announced *a = arg;

	for (size_t i = 0; i < a->zones.n; i++)
		pool_withdraw(a->order->e->pool, a->accounts.at[i], a->zones.at[i], a->add);
	strs_free(&a->accounts);
	strs_free(&a->zones);
}

void order_withdraw(struct order *o, bool add)
{
	if (o->announced[add].zones.n)
		turn_always(o->e->turn, withdraw, &o->announced[add]);
}

void order_forget_announced(struct order *o)
{
	for (size_t i = 0; i < 2; i++) {
		turn_forget(o->e->turn, &o->announced[i]);
		withdraw(&o->announced[i]);
	}
}
