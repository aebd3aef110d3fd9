#include "change.h"
#include "probe.h"

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

/* The first change with the name of change i. */
static size_t name_first(const struct run *run, size_t i)
{
	size_t j = 0;

	while (strcmp(run->changes[i].txt.name, run->changes[j].txt.name) != 0)
		j++;
	return j;
}

static size_t names_count(const struct run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->n; i++)
		n += name_first(run, i) == i;
	return n;
}

/* A question for each name; question[i] is the one for change i. */
static bool run_questions(const struct run *run, struct ask *asks, size_t *question, size_t *n)
{
	bool ok = true;

	*n = 0;
	for (size_t i = 0; ok && i < run->n; i++) {
		size_t first = name_first(run, i);
		question[i] = first < i ? question[first] : *n;
		ok = first < i ||
		     ask_question(&asks[(*n)++], run->primary, run->changes[i].txt.name, TYPE_TXT, true);
	}
	return ok;
}

static void asks_clear(struct ask *asks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ask_clear(&asks[i]);
}

static bool run_adds(const struct run *run)
{
	for (size_t i = 0; i < run->n; i++)
		if (!run->changes[i].del)
			return true;
	return false;
}

/* A set has one TTL (RFC 2181 section 5.2), and servers give all of it the TTL of what was added last: so an add
 * takes over the one of the set that stands there. What is wrong with an answer, that to the update will tell. */
static bool run_ttls(const struct run *run, uint32_t ttl[CHANGES_MOST], char *why, size_t room)
{
	struct ask asks[CHANGES_MOST] = {0};
	size_t question[CHANGES_MOST], n = 0;
	bool asked = run_adds(run) && run_questions(run, asks, question, &n);
	bool ok = !asked || primary_exchange(run->primary, asks, n, run->deadline, why, room);

	for (size_t i = 0; ok && i < run->n; i++) {
		const struct dnsproof_txt *t = &run->changes[i].txt;
		const struct ask *a = asked ? &asks[question[i]] : NULL;
		ttl[i] = t->ttl;
		if (a && a->reply && a->verdict == TSIG_GOOD && reply_authoritative(a->reply))
			reply_ttl(a->reply, t->name, t->value, &ttl[i]);
	}
	asks_clear(asks, n);
	return ok;
}

static bool run_ask(struct ask *a, const struct run *run, const uint32_t *ttl)
{
	struct update *u = update_new(run->zone);
	bool ok = u != NULL;

	for (size_t i = 0; ok && i < run->n; i++) {
		const struct dnsproof_txt *t = &run->changes[i].txt;
		ok = run->changes[i].del ? update_del(u, t->name, t->value)
		                         : update_add(u, t->name, t->value, ttl[i]);
	}
	ok = ok && ask_update(a, run->primary, u, true);
	update_free(u);
	return ok;
}

static bool run_send(struct outcome *o, const struct run *run)
{
	uint32_t ttl[CHANGES_MOST];
	const char *name = run->changes[0].txt.name;
	char why[WHY_ROOM];
	struct ask a = {0};
	bool ok = false;

	if (!run_ttls(run, ttl, why, sizeof(why)))
		outcome_set(o, DNSPROOF_TEMP, "%s", why);
	else if (!run_ask(&a, run, ttl))
		outcome_set(o, DNSPROOF_INVALID, "no update can be made of %s in zone %s", name, run->zone);
	else if (!primary_exchange(run->primary, &a, 1, run->deadline, why, sizeof(why)))
		outcome_set(o, DNSPROOF_TEMP, "%s", why);
	else
		ok = verdict_of_update(o, run->primary, &a, RCODE_NOERROR, run->zone, name, run->deadline);
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
	return outcome_set(o, DNSPROOF_TEMP, "%s took the update, but the TXT value at %s is not there",
	                   server, t->name);
}

static bool run_read(struct outcome *o, const struct run *run)
{
	struct ask asks[CHANGES_MOST] = {0};
	size_t question[CHANGES_MOST], n = 0;
	char why[WHY_ROOM] = "";
	struct outcome one;
	bool ok = run_questions(run, asks, question, &n) &&
	          primary_exchange(run->primary, asks, n, run->deadline, why, sizeof(why));
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
	asks_clear(asks, n);
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
		if (!run->changes[i].del &&
		    (run->changes[i].rc == DNSPROOF_NOZONE || run->changes[i].rc == DNSPROOF_INVALID))
			run_send(&ignored, &one);
	}
}

/* A refused message of several names: which are the ones refused? The others may be tried again. */
static void run_blame(struct outcome *o, const struct run *run)
{
	struct outcome one, first = {.rc = DNSPROOF_OK};

	for (size_t i = 0; i < run->n; i++) {
		struct dnsproof_change *c = &run->changes[i];
		size_t j = name_first(run, i);
		if (j < i) {
			c->rc = run->changes[j].rc;
			continue;
		}
		bool fine = probe_name(&one, run->primary, run->zone, c->txt.name, run->deadline);
		c->rc = fine ? DNSPROOF_TEMP : one.rc;
		if (!fine && first.rc == DNSPROOF_OK)
			first = one;
	}
	if (first.rc != DNSPROOF_OK)
		*o = first;
	else
		run_set(run, o->rc);
}

/* Carries out one message. Returns false if the rest need not be tried. */
static bool run_apply(struct outcome *o, const struct run *run)
{
	if (run_send(o, run)) {
		if (!run_read(o, run))
			return false;
		run_undo(run);
		return true;
	}
	run_set(run, o->rc);
	if (o->rc != DNSPROOF_TEMP && names_count(run) > 1)
		run_blame(o, run);
	return o->rc != DNSPROOF_TEMP;
}

enum dnsproof_rc changes_apply(struct outcome *o, struct primary *p, const char *zone,
                               struct dnsproof_change *changes, size_t n, int64_t deadline)
{
	struct run run = {p, zone, changes, n, deadline};
	bool go_on = true;

	outcome_set(o, DNSPROOF_OK, "ok");
	run_set(&run, DNSPROOF_TEMP);
	for (size_t done = 0; done < n && go_on; done += run.n) {
		struct outcome one;
		run.changes = changes + done;
		run.n = run_length(run.changes, n - done);
		go_on = run_apply(&one, &run);
		if (o->rc == DNSPROOF_OK)
			*o = one;
	}
	return o->rc;
}
