#include "change.h"

#include <stdio.h>
#include <string.h>

enum { CHANGES_MOST = 100, WHY_ROOM = 256 };

/* The changes of one UPDATE message. */
struct run {
	struct primary *primary;
	const char *zone;
	struct dnsproof_change *changes;
	size_t n;
	int64_t deadline;
};

static void run_set(const struct run *run, enum dnsproof_rc rc)
{
	for (size_t i = 0; i < run->n; i++)
		run->changes[i].rc = rc;
}

static bool same_value(const struct dnsproof_txt *a, const struct dnsproof_txt *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->value, b->value) == 0;
}

/* How many changes go into the first message: PowerDNS does the deletions of a message first, so that
 * an add and a del of one value need one each. */
static size_t run_length(const struct dnsproof_change *changes, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (i == CHANGES_MOST)
			return i;
		for (size_t j = 0; j < i; j++)
			if (!changes[i].del != !changes[j].del &&
			    same_value(&changes[i].txt, &changes[j].txt))
				return i;
	}
	return n;
}

static bool run_ask(struct ask *a, const struct run *run)
{
	struct update *u = update_new(run->zone);
	bool ok = u != NULL;

	for (size_t i = 0; ok && i < run->n; i++) {
		const struct dnsproof_txt *t = &run->changes[i].txt;
		ok = run->changes[i].del ? update_del(u, t->name, t->value)
					 : update_add(u, t->name, t->value, t->ttl);
	}
	ok = ok && ask_update(a, run->primary, u, true);
	update_free(u);
	return ok;
}

/* "NAME", or "NAME and 3 other names" for messages about all of a run. */
static void run_names(const struct run *run, char *text, size_t room)
{
	size_t others = 0;

	for (size_t i = 1; i < run->n; i++) {
		size_t j = 0;
		while (strcmp(run->changes[i].txt.name, run->changes[j].txt.name) != 0)
			j++;
		others += j == i;
	}
	if (others == 0)
		snprintf(text, room, "%s", run->changes[0].txt.name);
	else
		snprintf(text, room, "%s and %zu other name%s", run->changes[0].txt.name, others,
			 others == 1 ? "" : "s");
}

static bool run_send(struct outcome *o, const struct run *run)
{
	char why[WHY_ROOM], names[1100];
	struct ask a = {0};
	bool ok = false;

	run_names(run, names, sizeof(names));
	if (!run_ask(&a, run))
		outcome_set(o, DNSPROOF_INVALID, "no update can be made of %s in zone %s", names,
			    run->zone);
	else if (!primary_exchange(run->primary, &a, 1, run->deadline, why, sizeof(why)))
		outcome_set(o, DNSPROOF_TEMP, "%s", why);
	else
		ok = verdict_of_update(o, run->primary, &a, RCODE_NOERROR, run->zone,
				       run->changes[0].txt.name, run->deadline);
	ask_clear(&a);
	return ok;
}

/* Judges one change by the TXT records that its name has now. */
static bool change_seen(struct outcome *o, const struct run *run, const struct ask *a,
			const struct dnsproof_change *c)
{
	const struct dnsproof_txt *t = &c->txt;
	const char *server = transport_name(run->primary->transport);
	bool told = verdict_of_question(o, run->primary, a, run->zone, t->name, run->deadline);
	bool there = told && reply_has_value(a->reply, t->name, t->value);

	if (c->del && (told || o->rc == DNSPROOF_NOZONE))
		return there ? outcome_set(o, DNSPROOF_TEMP,
					   "%s took the update, but the TXT value at %s is still there",
					   server, t->name)
			     : outcome_set(o, DNSPROOF_OK, "ok");
	if (!told || there || verdict_alias(o, run->primary, a->reply, t->name))
		return there;
	return outcome_set(o, DNSPROOF_TEMP,
			   "%s took the update, but the TXT value at %s is not there", server, t->name);
}

/* The question about the name of change i: that of the first change with this name. */
static size_t question_of(const struct run *run, size_t i, const size_t *question)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(run->changes[i].txt.name, run->changes[j].txt.name) == 0)
			return question[j];
	return (size_t)-1;
}

static bool run_read(struct outcome *o, const struct run *run)
{
	struct ask asks[CHANGES_MOST] = {0};
	size_t question[CHANGES_MOST], n = 0;
	char why[WHY_ROOM] = "";
	struct outcome one;
	bool ok = true;

	for (size_t i = 0; i < run->n; i++) {
		question[i] = question_of(run, i, question);
		if (question[i] != (size_t)-1)
			continue;
		question[i] = n;
		ok = ok && ask_question(&asks[n++], run->primary, run->changes[i].txt.name, TYPE_TXT,
					true);
	}
	ok = ok && primary_exchange(run->primary, asks, n, run->deadline, why, sizeof(why));
	if (!ok) {
		outcome_set(o, DNSPROOF_TEMP, "the update was taken, but not read back: %s", why);
		run_set(run, DNSPROOF_TEMP);
	}
	for (size_t i = 0; ok && i < run->n; i++) {
		bool seen = change_seen(&one, run, &asks[question[i]], &run->changes[i]);
		run->changes[i].rc = one.rc;
		if (!seen && o->rc == DNSPROOF_OK)
			*o = one;
	}
	for (size_t i = 0; i < n; i++)
		ask_clear(&asks[i]);
	return ok;
}

/* Takes back what the server took but does not show, below a delegation or a DNAME, so that nothing
 * stays hidden there. What comes of it does not matter any more. */
static void run_undo(const struct run *run)
{
	for (size_t i = 0; i < run->n; i++) {
		struct dnsproof_change del = {.del = 1, .txt = run->changes[i].txt};
		struct run one = {run->primary, run->zone, &del, 1, run->deadline};
		struct outcome ignored;
		if (!run->changes[i].del && (run->changes[i].rc == DNSPROOF_NOZONE ||
					     run->changes[i].rc == DNSPROOF_INVALID))
			run_send(&ignored, &one);
	}
}

enum dnsproof_rc changes_apply(struct outcome *o, struct primary *p, const char *zone,
			       struct dnsproof_change *changes, size_t n, int64_t deadline)
{
	struct run rest = {p, zone, changes, n, deadline};

	outcome_set(o, DNSPROOF_OK, "ok");
	while (rest.n > 0) {
		struct run run = rest;
		struct outcome sent;
		run.n = run_length(rest.changes, rest.n);
		if (!run_send(&sent, &run)) {
			run_set(&rest, sent.rc);
			*o = o->rc == DNSPROOF_OK ? sent : *o;
			break;
		}
		if (!run_read(o, &run)) {
			run_set(&rest, DNSPROOF_TEMP);
			break;
		}
		run_undo(&run);
		rest.changes += run.n;
		rest.n -= run.n;
	}
	return o->rc;
}
