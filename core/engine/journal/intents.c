#include "engine/journal/intents.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

static const char *const state_text[] = {
    [INTENT_WANTED] = "wanted",
    [INTENT_ADDED] = "added",
    [INTENT_UNKNOWN] = "unknown",
    [INTENT_DEL_WANTED] = "del-wanted",
    [INTENT_DEL_UNPROVED] = "del-unproved",
    [INTENT_GONE] = "gone",
};

const char *intent_state_text(enum intent_state s)
{
	return state_text[s];
}

static enum intent_state intent_state_parse(const char *text)
{
	for (int s = INTENT_WANTED; s <= INTENT_GONE; s++)
		if (text && strcmp(state_text[s], text) == 0)
			return s;
	return INTENT_UNKNOWN;
}

void intent_insert(struct turn *t, struct intent *i)
{
	i->id = rows_insert(t,
	                    "INSERT INTO intents(order_id,run,name,dns_account,zone,owner,value,ttl,state,"
	                    "settled_after,resolution,recursive) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
	                    "issssssisisi", i->order, i->run, i->name, i->dns_account, i->zone, i->owner,
	                    i->value, (int64_t)i->ttl, state_text[i->state], i->settled_after, i->resolution,
	                    (int64_t)i->recursive);
}

void intent_store(struct turn *t, const struct intent *i)
{
	rows_change(t, "UPDATE intents SET state=?, handle=?, settled_after=? WHERE id=?", "ssii",
	            state_text[i->state], i->handle, i->settled_after, i->id);
}

int64_t intent_others(struct turn *t, const struct intent *i)
{
	return rows_number(t,
	                   "SELECT count(*) FROM intents WHERE owner=? AND value=? AND dns_account=?"
	                   " AND state<>'gone' AND id<>?",
	                   "sssi", i->owner, i->value, i->dns_account, i->id);
}

int64_t intents_owed(struct turn *t, const char *cert)
{
	return rows_number(t,
	                   "SELECT count(*) FROM orders o JOIN intents i ON i.order_id=o.id"
	                   " WHERE o.cert=? AND i.state<>'gone'",
	                   "s", cert);
}

struct intent_visit {
	void (*fn)(void *arg, const struct intent *i);
	void *arg;
	const char *run; /* its new owner */
};

static bool intent_visit_row(void *arg, struct db_row *r)
{
	struct intent_visit *v = arg;
	const struct intent i = {
	    .id = db_int(r, 0),
	    .order = db_int(r, 1),
	    .run = (char *)v->run,
	    .name = (char *)db_text(r, 3),
	    .dns_account = (char *)db_text(r, 4),
	    .zone = (char *)db_text(r, 5),
	    .owner = (char *)db_text(r, 6),
	    .value = (char *)db_text(r, 7),
	    .ttl = (unsigned)db_int(r, 8),
	    .handle = (char *)db_text(r, 9),
	    .state = intent_state_parse(db_text(r, 10)),
	    .settled_after = db_int(r, 11),
	    .resolution = (char *)db_text(r, 12),
	    .recursive = db_int(r, 13) != 0,
	};

	v->fn(v->arg, &i);
	return true;
}

void intent_adopt(struct turn *t, const char *run, const struct strs *alive,
                  void (*fn)(void *arg, const struct intent *i), void *arg)
{
	struct intent_visit v = {fn, arg, run};
	char *list = rows_list(alive);

	rows_each(
	    t, intent_visit_row, &v,
	    "SELECT "
	    "id,order_id,run,name,dns_account,zone,owner,value,ttl,handle,state,settled_after,resolution,"
	    "recursive"
	    " FROM intents WHERE state<>'gone' AND run NOT IN (SELECT value FROM json_each(?))"
	    " ORDER BY order_id,id",
	    "s", list);
	rows_change(t,
	            "UPDATE intents SET run=? WHERE state<>'gone'"
	            " AND run NOT IN (SELECT value FROM json_each(?))",
	            "ss", run, list);
	free(list);
}

void intent_copy(struct intent *to, const struct intent *from)
{
	*to = *from;
	to->run = xstrdup(from->run);
	to->name = xstrdup(from->name);
	to->dns_account = xstrdup(from->dns_account);
	to->zone = xstrdup(from->zone);
	to->owner = xstrdup(from->owner);
	to->value = xstrdup(from->value);
	to->handle = xstrdup(from->handle);
	to->resolution = xstrdup(from->resolution);
}

void intent_clear(struct intent *i)
{
	free(i->run);
	free(i->name);
	free(i->dns_account);
	free(i->zone);
	free(i->owner);
	free(i->value);
	free(i->handle);
	free(i->resolution);
	*i = (struct intent){0};
}
