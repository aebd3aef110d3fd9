#include "engine/journal/orders.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/b64.h"
#include "common/log.h"
#include "common/mem.h"
#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

static const char *const state_text[] = {
    [ORDER_ROW_WANTED] = "wanted",       [ORDER_ROW_OPEN] = "open",
    [ORDER_ROW_FINALIZED] = "finalized", [ORDER_ROW_ISSUED] = "issued",
    [ORDER_ROW_PUBLISHED] = "published", [ORDER_ROW_FAILED] = "failed",
    [ORDER_ROW_ABANDONED] = "abandoned",
};

static enum order_row_state order_row_state_parse(const char *text)
{
	for (int s = ORDER_ROW_WANTED; s <= ORDER_ROW_ABANDONED; s++)
		if (text && strcmp(state_text[s], text) == 0)
			return s;
	return ORDER_ROW_WANTED;
}

void order_row_insert(struct turn *t, struct order_row *o)
{
	o->id = rows_insert(t,
	                    "INSERT INTO orders(run,tag,cert,ca_account,names,key_type,state,created,expires)"
	                    " VALUES(?,?,?,?,?,?,?,?,?)",
	                    "sssssssii", o->run, o->tag, o->cert, o->ca_account, o->names, o->key_type,
	                    state_text[o->state], o->created, o->expires);
}

void order_row_renew(struct turn *t, struct order_row *o)
{
	uint8_t random[8];

	if (getentropy(random, sizeof(random)) != 0)
		log_fatal(70, "no random numbers from the system");
	free(o->tag);
	o->tag = hex_encode(random, sizeof(random));
	free(o->url);
	free(o->error);
	free(o->certificate);
	o->url = o->error = o->certificate = NULL;
	o->id = 0;
	o->state = ORDER_ROW_WANTED;
	o->created = turn_wall(t);
	o->expires = 0;
}

void order_row_store(struct turn *t, const struct order_row *o)
{
	rows_change(t, "UPDATE orders SET state=?, url=?, error=?, certificate=?, expires=? WHERE id=?",
	            "ssssii", state_text[o->state], o->url, o->error, o->certificate, o->expires, o->id);
}

struct order_visit {
	void (*fn)(void *arg, const struct order_row *o);
	void *arg;
	const char *run; /* its new owner */
};

static bool order_visit_row(void *arg, struct db_row *r)
{
	struct order_visit *v = arg;
	const struct order_row o = {
	    .id = db_int(r, 0),
	    .run = v->run ? (char *)v->run : (char *)db_text(r, 1),
	    .tag = (char *)db_text(r, 2),
	    .cert = (char *)db_text(r, 3),
	    .ca_account = (char *)db_text(r, 4),
	    .names = (char *)db_text(r, 5),
	    .key_type = (char *)db_text(r, 6),
	    .state = order_row_state_parse(db_text(r, 7)),
	    .url = (char *)db_text(r, 8),
	    .error = (char *)db_text(r, 9),
	    .created = db_int(r, 10),
	    .expires = db_int(r, 11),
	    .certificate = (char *)db_text(r, 12),
	};

	v->fn(v->arg, &o);
	return true;
}

#define OPEN_STATES "('wanted','open','finalized','issued')"

void order_row_adopt(struct turn *t, const char *run, const struct strs *alive,
                     void (*fn)(void *arg, const struct order_row *o), void *arg)
{
	struct order_visit v = {fn, arg, run};
	char *list = rows_list(alive);

	rows_each(
	    t, order_visit_row, &v,
	    "SELECT id,run,tag,cert,ca_account,names,key_type,state,url,error,created,expires,certificate"
	    " FROM orders WHERE state IN " OPEN_STATES
	    " AND run NOT IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
	    "s", list);
	rows_change(t,
	            "UPDATE orders SET run=? WHERE state IN " OPEN_STATES
	            " AND run NOT IN (SELECT value FROM json_each(?))",
	            "ss", run, list);
	free(list);
}

#define DAY      86400
#define NO_URL_S DAY         /* whether newOrder came through is known to nobody */
#define OPEN_S   (30L * DAY) /* CAs give orders no longer life */
#define WON_S    (90L * DAY) /* a certificate of that age is due itself */
#define EXPIRED_ROWS                                                                                         \
	"(state='wanted' AND url IS NULL AND created<?)"                                                     \
	" OR (state IN ('wanted','open') AND (created<? OR (expires>0 AND expires<?)))"                      \
	" OR (state IN ('finalized','issued') AND created<?)"

void order_rows_expire(struct turn *t, void (*fn)(void *arg, const struct order_row *o), void *arg)
{
	struct order_visit v = {fn, arg, NULL};
	int64_t now = turn_wall(t);

	rows_each(
	    t, order_visit_row, &v,
	    "SELECT id,run,tag,cert,ca_account,names,key_type,state,url,error,created,expires,certificate"
	    " FROM orders WHERE " EXPIRED_ROWS,
	    "iiii", now - NO_URL_S, now - OPEN_S, now, now - WON_S);
	rows_change(t, "UPDATE orders SET state='abandoned' WHERE " EXPIRED_ROWS, "iiii", now - NO_URL_S,
	            now - OPEN_S, now, now - WON_S);
}

void order_rows_leave(struct turn *t, const char *cert, const char *ca_account,
                      void (*fn)(void *arg, const struct order_row *o), void *arg)
{
	struct order_visit v = {fn, arg, NULL};

	rows_each(
	    t, order_visit_row, &v,
	    "SELECT id,run,tag,cert,ca_account,names,key_type,state,url,error,created,expires,certificate"
	    " FROM orders WHERE cert=? AND ca_account=? AND state IN " OPEN_STATES,
	    "ss", cert, ca_account);
	rows_change(
	    t, "UPDATE orders SET state='abandoned' WHERE cert=? AND ca_account=? AND state IN " OPEN_STATES,
	    "ss", cert, ca_account);
}

void order_rows_forget(struct turn *t, const char *cert)
{
	rows_change(t,
	            "UPDATE orders SET state='abandoned' WHERE cert=?"
	            " AND state IN ('wanted','open','finalized','issued')",
	            "s", cert);
}

int64_t challenge_posts(struct turn *t, const char *url)
{
	return rows_number(t, "SELECT n FROM challenge_posts WHERE url=?", "s", url);
}

void challenge_posted(struct turn *t, int64_t order, const char *url)
{
	rows_change(t,
	            "INSERT INTO challenge_posts(url,order_id,n) VALUES(?,?,1)"
	            " ON CONFLICT(url) DO UPDATE SET n=n+1",
	            "si", url, order);
}

void order_row_copy(struct order_row *to, const struct order_row *from)
{
	*to = *from;
	to->run = xstrdup(from->run);
	to->tag = xstrdup(from->tag);
	to->cert = xstrdup(from->cert);
	to->ca_account = xstrdup(from->ca_account);
	to->names = xstrdup(from->names);
	to->key_type = xstrdup(from->key_type);
	to->url = xstrdup(from->url);
	to->error = xstrdup(from->error);
	to->certificate = xstrdup(from->certificate);
}

void order_row_clear(struct order_row *o)
{
	free(o->run);
	free(o->tag);
	free(o->cert);
	free(o->ca_account);
	free(o->names);
	free(o->key_type);
	free(o->url);
	free(o->error);
	free(o->certificate);
	*o = (struct order_row){0};
}
