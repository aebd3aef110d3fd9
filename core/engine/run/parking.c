#include "engine/run/parking.h"

#include "common/parking.h"
#include "common/when.h"
#include "engine/journal/names_failures.h"
#include "engine/run/parts.h"

#define WEEK (7 * INT64_C(86400))

static const char *depends(const struct run_cert *c)
{
	return c->cert->depends ? c->cert->depends : "";
}

static int64_t now_of(const struct run_cert *c)
{
	return loop_wall(c->run->e->loop);
}

/* The later end of what is there. */
static int64_t until(const struct run_cert *c)
{
	int64_t last = 0;

	for (size_t i = 0; i < c->keys; i++)
		if (c->key[i].dates.until > last)
			last = c->key[i].dates.until;
	return last;
}

static void say(struct run_cert *c, enum event_level level, const struct names_failures *f, int64_t next)
{
	char since[WHEN_ROOM], when[WHEN_ROOM];
	struct err text;

	err_set(&text,
	        "parked: its names have failed since %s; %s%s; dnsproof renew --retry %s tries it at once",
	        when_text(f->since, since),
	        f->zones ? "they are looked at again after " : "the CA refuses them; told again after ",
	        when_text(next, when), c->cert->id);
	cert_event(c, level, "parked", text.text);
}

static void stays(struct run_cert *c, const struct names_failures *f)
{
	int64_t next = now_of(c) + WEEK;

	names_failures_look(c->run->e->turn, c->cert->id, next);
	say(c, EVENT_WARN, f, next);
}

enum parking parking_judge(struct run_cert *c)
{
	const struct job *job = c->run->e->job;
	const struct names_failures f = names_failures(c->run->e->turn, c->cert->id, depends(c));

	if (!job->renew || job->retry || c->cert->force ||
	    !parking_holds(c->cert->park_after_s, f.since, until(c), now_of(c)))
		return PARKING_NOT;
	bool now = now_of(c) >= f.look_at && !c->run->winding_down;

	if (now && f.zones)
		return PARKING_LOOK;
	if (now)
		stays(c, &f);
	else
		say(c, job->named ? EVENT_INFO : EVENT_DEBUG, &f, f.look_at);
	return PARKING_STAYS;
}

void parking_looked(struct run_cert *c, bool well)
{
	const struct names_failures f = names_failures(c->run->e->turn, c->cert->id, depends(c));

	if (!well && !c->run->winding_down)
		stays(c, &f);
	if (!well)
		return;
	names_failures_over(c->run->e->turn, c->cert->id);
	cert_event(c, EVENT_INFO, "unparked", "its names are right again; it is not parked any more");
}

void parking_learn(const struct run_cert *c)
{
	struct turn *t = c->run->e->turn;
	bool names = c->fault == ORDER_FAULT_ZONES || c->fault == ORDER_FAULT_NAMES;

	if (c->published || (c->fault != ORDER_FAULT_NONE && !names))
		names_failures_over(t, c->cert->id);
	else if (names && c->cert->park_after_s)
		names_failures_add(t, c->cert->id, depends(c), c->fault == ORDER_FAULT_ZONES);
}
