#include "config.h"

#include "rules.h"

#include <string.h>

#include "world.h"

/* One call in each of two hosts at the same time, tried again as the core does. */
struct pair {
	struct served host[2];
	struct question q[2];
	struct said said[2];
};

static bool pair_start(struct kit *k, struct pair *p)
{
	if (!kit_host(k, &p->host[0]))
		return false;
	if (kit_host(k, &p->host[1]))
		return true;
	served_stop(&p->host[0]);
	return false;
}

static void pair_stop(struct pair *p)
{
	served_stop(&p->host[0]);
	served_stop(&p->host[1]);
}

static void pair_call(struct kit *k, struct pair *p, const char *op1, const char *value1, const char *op2,
                      const char *value2)
{
	struct err e;

	p->q[0] = (struct question){op1, k->c->zone, k->c->name, value1, NULL, NULL, k->c->ms};
	p->q[1] = (struct question){op2, k->c->zone, k->c->name, value2, NULL, NULL, k->c->ms};
	if (k->c->control && !kit_want(k, world_mode(k->c, "gate=2", &e), "%s", e.text))
		return;
	for (int i = 0; i < 2; i++)
		served_ask(&p->host[i], &p->q[i]);
	for (int i = 0; i < 2; i++)
		served_hear(&p->host[i], &p->q[i], &p->said[i]);
	if (k->c->control)
		world_mode(k->c, "", &e);
	for (int i = 0; i < 2; i++)
		if (said_is_passing(&p->said[i]))
			kit_until_ok(k, &p->host[i], p->q[i].op, p->q[i].value, "one of two writers, again");
		else
			kit_want_rc(k, &p->said[i], "ok", "one of two writers");
}

/* Where a write replaces the set and cannot tell that it changed, a value may be overwritten by another writer that
 * had read before; the core sees that it is gone and puts it again. Nothing else may lose one. */
static void want_there(struct kit *k, struct pair *p, int i)
{
	bool may_lose = !k->by_record && !k->cas;
	int n = kit_count(k, NULL, NULL, p->q[i].value);

	kit_want(k, n == 1 || (n == 0 && may_lose), "two writers: %s is there %d times", p->q[i].value, n);
	if (n == 0 && may_lose)
		kit_until_ok(k, &p->host[i], "add", p->q[i].value,
		             "put again after another writer overwrote it");
}

static void two_adds(struct kit *k)
{
	struct pair p;

	if (k->most_values == 1) {
		kit_replaced(k, "one value at a name");
		return;
	}
	if (!pair_start(k, &p))
		return;
	pair_call(k, &p, "add", KIT_VALUE_1, "add", KIT_VALUE_2);
	want_there(k, &p, 0);
	want_there(k, &p, 1);
	kit_want_count(k, KIT_VALUE_1, 1, "two writers, in the end");
	kit_want_count(k, KIT_VALUE_2, 1, "two writers, in the end");
	kit_want_others(k, "two writers");
	pair_stop(&p);
}

static void add_and_del(struct kit *k)
{
	int rest = conform_case_lacks(k->c, "delete") ? 1 : 0;
	struct said said;
	struct pair p;

	if (k->most_values == 1) {
		kit_replaced(k, "one value at a name");
		return;
	}
	if (!pair_start(k, &p))
		return;
	kit_call(k, &p.host[0], "add", KIT_VALUE_1, NULL, &said);
	pair_call(k, &p, "del", KIT_VALUE_1, "add", KIT_VALUE_2);
	want_there(k, &p, 1);
	kit_want_count(k, KIT_VALUE_2, 1, "one adds while another deletes, in the end");
	if (kit_count(k, NULL, NULL, KIT_VALUE_1) > rest) {
		kit_want(k, !k->by_record && !k->cas,
		         "one adds while another deletes: the deleted value came back");
		kit_until_ok(k, &p.host[0], "del", KIT_VALUE_1, "del again");
	}
	kit_want_count(k, KIT_VALUE_1, rest, "one adds while another deletes, in the end");
	kit_want_others(k, "one adds while another deletes");
	pair_stop(&p);
}

const struct rule conform_races[] = {
    {"two writers at once", two_adds, "race", false},
    {"one adds while another deletes", add_and_del, "race", false},
    {0},
};
