#include "engine/order/groups.h"

#include <assert.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/order/parts.h"

struct group {
	char *owner;
	struct order_member *first; /* in the order in which they came */
	size_t values;              /* of its orders, there or about to be */
};

/* An order in a group. */
struct order_member {
	struct group *group;
	struct order *order;
	struct order_member *next; /* in the group */
	size_t wanted;             /* values of the present round */
	size_t most;               /* that may stand there at one time */
	size_t values;             /* that have room */
};

struct groups {
	void *by_owner; /* tsearch(3) */
};

static int group_compare(const void *a, const void *b)
{
	return strcmp(((const struct group *)a)->owner, ((const struct group *)b)->owner);
}

struct groups *groups_new(void)
{
	return xcalloc(1, sizeof(struct groups));
}

void groups_free(struct groups *g)
{
	assert(!g || !g->by_owner);
	free(g);
}

static struct group *group_for(struct groups *g, char *owner)
{
	const struct group key = {.owner = owner};
	void *found = tfind(&key, &g->by_owner, group_compare);
	struct group *group = found ? *(struct group **)found : NULL;

	if (!group) {
		group = xcalloc(1, sizeof(*group));
		group->owner = xstrdup(owner);
		if (!tsearch(group, &g->by_owner, group_compare))
			abort();
	}
	return group;
}

static struct order_member *order_join(struct order *o, char *owner)
{
	struct order_member *m, **at;

	for (size_t i = 0; i < o->members; i++)
		if (strcmp(o->member[i]->group->owner, owner) == 0)
			return o->member[i];
	m = xcalloc(1, sizeof(*m));
	*m = (struct order_member){.group = group_for(o->e->groups, owner), .order = o};
	for (at = &m->group->first; *at; at = &(*at)->next)
		;
	*at = m;
	o->member = xgrow(o->member, o->members, sizeof(struct order_member *));
	o->member[o->members++] = m;
	return m;
}

/* Its value at this name will be there soon, and the same resolver will look. */
static bool member_is_coming(const struct order_member *m, const struct order *to)
{
	const struct order *o = m->order;

	if (o == to || o->state >= ORDER_GATHERING || (o->state == ORDER_MAKING_ROOM && o->member_op))
		return false;
	return strcmp(order_directory(o), order_directory(to)) == 0;
}

static const struct order_member *order_awaits(const struct order *o)
{
	for (size_t i = 0; i < o->members; i++)
		for (const struct order_member *m = o->member[i]->group->first; m; m = m->next)
			if (member_is_coming(m, o))
				return m;
	return NULL;
}

static void member_wait_over(void *handle)
{
	struct order *o = handle;

	loop_timer_stop(o->gather);
	o->member_op = NULL;
}

static void order_goes_on(struct order *o)
{
	struct order_op *op = o->member_op;

	member_wait_over(o);
	order_op_end(op);
}

static void group_tell(const struct group *g)
{
	for (const struct order_member *m = g->first; m; m = m->next)
		if (m->order->state == ORDER_GATHERING && m->order->member_op && !order_awaits(m->order))
			order_goes_on(m->order);
}

static void member_leave(struct order_member *m)
{
	struct group *g = m->group;
	struct order_member **at = &g->first;

	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	group_tell(g);
	if (!g->first) {
		tdelete(g, &m->order->e->groups->by_owner, group_compare);
		free_all(g->owner, g);
	}
	free(m);
}

void order_join_groups(struct order *o)
{
	for (size_t i = 0; i < o->places; i++)
		order_join(o, o->place[i].zone->owner);
}

/* So many values can stand at the place at one time; 0 = any number. */
static unsigned place_most_values(const struct order *o, const struct order_place *p)
{
	unsigned most = 0;
	const char *account;

	for (size_t n = 0; (account = place_dns_account(p, n)); n++) {
		const struct pool_hello *hello = pool_hello(o->e->pool, account);
		if (hello && hello->most_values && (!most || hello->most_values < most))
			most = hello->most_values;
	}
	return most;
}

/* Several challenge names may be delegated to one. */
static bool order_same_owner(const struct order *o, const struct order_authz *a, const struct order_authz *b)
{
	return strcmp(o->place[a->place].zone->owner, o->place[b->place].zone->owner) == 0;
}

/* Where a provider holds fewer values at a name than are needed, they take turns. */
static void order_deal_rounds(struct order *o)
{
	o->rounds = 1;
	for (size_t i = 0; i < o->authzs; i++) {
		struct order_authz *a = &o->authz[i];
		unsigned before = 0, most = a->needed ? place_most_values(o, &o->place[a->place]) : 0;

		for (size_t j = 0; j < i; j++)
			before += o->authz[j].needed && order_same_owner(o, a, &o->authz[j]);
		if (most)
			a->round = before / most;
		if (a->round >= o->rounds)
			o->rounds = a->round + 1;
	}
}

/* All or none of them: of two orders that have a part each, none could go on. */
static bool order_takes_room(struct order *o)
{
	for (size_t i = 0; i < o->members; i++) {
		const struct order_member *m = o->member[i];
		if (m->group->values && m->group->values + m->wanted > m->most)
			return false;
	}
	for (size_t i = 0; i < o->members; i++) {
		struct order_member *m = o->member[i];
		m->values = m->wanted;
		m->group->values += m->values;
	}
	return true;
}

/* Those names that it has a value for in this round; how many, and how many there may be. */
static void order_count_wanted(struct order *o)
{
	size_t kept = 0;

	for (size_t i = 0; i < o->members; i++)
		o->member[i]->wanted = 0;
	for (size_t i = 0; i < o->authzs; i++) {
		const struct order_place *p = &o->place[o->authz[i].place];
		if (!o->authz[i].needed || o->authz[i].round != o->round)
			continue;
		struct order_member *m = order_join(o, p->zone->owner);
		unsigned most = place_most_values(o, p);
		m->wanted++;
		m->most = most ? most : GROUP_MOST;
	}
	for (size_t i = 0; i < o->members; i++) {
		if (o->member[i]->wanted)
			o->member[kept++] = o->member[i];
		else
			member_leave(o->member[i]);
	}
	o->members = kept;
}

static void order_wait_for_members(struct order *o, char *(*waits_for)(const struct order_op *op))
{
	o->member_op = order_op(o, 0);
	order_op_set(o->member_op, o, member_wait_over);
	o->member_op->waits_for = waits_for;
	order_withdraw(o, true); /* its values will not come so soon */
}

static char *room_waits_for(const struct order_op *op)
{
	const struct order *o = op->order;

	for (size_t i = 0; i < o->members; i++) {
		const struct order_member *m = o->member[i];
		if (m->group->values && m->group->values + m->wanted > m->most)
			return xasprintf("%s: waiting for other certificates to be done there: it holds %zu "
			                 "value%s at one time",
			                 m->group->owner, m->most, m->most == 1 ? "" : "s");
	}
	return xasprintf("%s: waiting for its turn", o->cert->id);
}

void order_make_room(struct order *o)
{
	if (o->round == 0)
		order_deal_rounds(o);
	order_count_wanted(o);
	if (!order_takes_room(o))
		order_wait_for_members(o, room_waits_for);
}

void order_give_room(struct order *o)
{
	for (size_t i = 0; i < o->members; i++) {
		o->member[i]->group->values -= o->member[i]->values;
		o->member[i]->values = 0;
	}
	for (size_t i = 0; i < o->members; i++)
		for (struct order_member *m = o->member[i]->group->first; m; m = m->next)
			if (m->order->state == ORDER_MAKING_ROOM && m->order->member_op &&
			    order_takes_room(m->order))
				order_goes_on(m->order);
}

static char *gather_waits_for(const struct order_op *op)
{
	const struct order_member *m = order_awaits(op->order);

	return xasprintf("%s: waiting for the values of other certificates at the same name%s%s",
	                 op->order->cert->id, m ? ": " : "", m ? m->order->cert->id : "");
}

void order_gather_over(void *arg)
{
	order_goes_on(arg);
}

/* Of those that wait with it, the one that has waited longest. */
static uint64_t order_gathers_since(const struct order *o)
{
	uint64_t first = loop_now(o->e->loop);

	for (size_t i = 0; i < o->members; i++)
		for (const struct order_member *m = o->member[i]->group->first; m; m = m->next)
			if (m->order->state == ORDER_GATHERING && m->order->entered_at < first)
				first = m->order->entered_at;
	return first;
}

void order_gather(struct order *o)
{
	uint64_t waited = loop_now(o->e->loop) - order_gathers_since(o);

	if (!order_awaits(o) || waited >= GATHER_MS)
		return;
	order_wait_for_members(o, gather_waits_for);
	loop_timer_set(o->gather, GATHER_MS - waited);
}

void order_tell_groups(struct order *o)
{
	for (size_t i = 0; i < o->members; i++)
		group_tell(o->member[i]->group);
}

void order_leave_groups(struct order *o)
{
	order_give_room(o);
	while (o->members)
		member_leave(o->member[--o->members]);
	free(o->member);
	o->member = NULL;
}
