#include "engine/journal/events.h"

#include <stdint.h>
#include <stdlib.h>

#include "common/mem.h"
#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

#define KEPT         "500" /* of a certificate */
#define WAITING_MOST 1000

struct event {
	int64_t at;
	char *run, *cert, *event, *detail;
	struct event *next;
};

struct events {
	struct turn *turn;
	struct event *first, **end;
	unsigned n;
};

static struct event *events_take(struct events *e)
{
	struct event *v = e->first;

	e->first = v->next;
	if (!e->first)
		e->end = &e->first;
	e->n--;
	return v;
}

static void event_free(struct event *v)
{
	free(v->run);
	free(v->cert);
	free(v->event);
	free(v->detail);
	free(v);
}

static void events_write(void *arg)
{
	struct events *e = arg;

	while (e->first) {
		struct event *v = events_take(e);
		rows_change(e->turn, "INSERT INTO events(at,run,cert,event,detail) VALUES(?,?,?,?,?)",
		            "issss", v->at, v->run, v->cert, v->event, v->detail);
		event_free(v);
	}
}

struct events *events_new(struct turn *t)
{
	struct events *e = xcalloc(1, sizeof(*e));

	e->turn = t;
	e->end = &e->first;
	turn_before_commit(t, events_write, e);
	return e;
}

void events_free(struct events *e)
{
	if (!e)
		return;
	turn_before_commit(e->turn, NULL, NULL);
	while (e->first)
		event_free(events_take(e));
	free(e);
}

void event_store(struct events *e, const char *run, const char *cert, const char *event, const char *detail)
{
	struct event *v = xcalloc(1, sizeof(*v));

	*v = (struct event){.at = turn_wall(e->turn),
	                    .run = xstrdup(run),
	                    .cert = xstrdup(cert),
	                    .event = xstrdup(event),
	                    .detail = xstrdup(detail)};
	*e->end = v;
	e->end = &v->next;
	if (++e->n >= WAITING_MOST)
		events_write(e);
}

void events_prune(struct events *e, const char *cert)
{
	rows_change(e->turn,
	            "DELETE FROM events WHERE cert=? AND id <="
	            " (SELECT id FROM events WHERE cert=? ORDER BY id DESC LIMIT 1 OFFSET " KEPT ")",
	            "ss", cert, cert);
}
