#include "engine/journal/turn.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "common/mem.h"
#include "config.h"

struct turn_action {
	void (*fn)(void *);
	void (*dropped)(void *);
	void *arg;
	bool always;
	struct turn_action *next;
};

struct turn {
	struct loop *loop;
	struct db *db;
	struct turn_action *first, **last;
	struct turn_action *releasing; /* what is left of the turn just committed */
	void (*broken)(void *arg, const char *why);
	void *arg;
	void (*before)(void *);
	void *before_arg;
	char *failure; /* of this turn */
	bool is_broken;
};

static void turn_end(void *arg);

static void turn_nothing(void *arg)
{
	(void)arg;
}

struct turn *turn_new(struct loop *l, struct db *db, void (*broken)(void *arg, const char *why), void *arg)
{
	struct turn *t = xcalloc(1, sizeof(*t));

	t->loop = l;
	t->db = db;
	t->broken = broken;
	t->arg = arg;
	t->last = &t->first;
	loop_at_turn_end(l, turn_end, t);
	return t;
}

void turn_free(struct turn *t)
{
	if (!t)
		return;
	for (struct turn_action *a = t->first, *next; a; a = next) {
		next = a->next;
		free(a);
	}
	db_rollback(t->db);
	free(t->failure);
	free(t);
}

struct db *turn_db(struct turn *t)
{
	struct err e;

	if (t->is_broken || t->failure)
		return NULL;
	if (!db_in_transaction(t->db) && !db_begin(t->db, &e)) {
		turn_fail(t, e.text);
		return NULL;
	}
	return t->db;
}

void turn_before_commit(struct turn *t, void (*fn)(void *), void *arg)
{
	t->before = fn;
	t->before_arg = arg;
}

void turn_fail(struct turn *t, const char *why)
{
	if (!t->failure)
		t->failure = xstrdup(why);
}

static void turn_queue(struct turn *t, struct turn_action action)
{
	struct turn_action *a = xcalloc(1, sizeof(*a));

	*a = action;
	*t->last = a;
	t->last = &a->next;
}

void turn_then(struct turn *t, void (*fn)(void *), void (*dropped)(void *), void *arg)
{
	turn_queue(t, (struct turn_action){.fn = fn, .dropped = dropped, .arg = arg});
}

void turn_always(struct turn *t, void (*fn)(void *), void *arg)
{
	turn_queue(t, (struct turn_action){.fn = fn, .arg = arg, .always = true});
}

static void turn_forget_in(struct turn_action *a, const void *arg)
{
	for (; a; a = a->next)
		if (a->arg == arg)
			a->fn = a->dropped = turn_nothing;
}

void turn_forget(struct turn *t, void *arg)
{
	turn_forget_in(t->first, arg);
	turn_forget_in(t->releasing, arg);
}

bool turn_is_broken(const struct turn *t)
{
	return t->is_broken;
}

int64_t turn_wall(const struct turn *t)
{
	return loop_wall(t->loop);
}

static bool turn_commit(struct turn *t)
{
	struct err e;

	if (!t->failure && db_in_transaction(t->db) && t->before)
		t->before(t->before_arg);
	if (!t->failure && db_in_transaction(t->db) && !db_commit(t->db, &e))
		turn_fail(t, e.text);
	if (!t->failure)
		return !t->is_broken;
	db_rollback(t->db);
	t->is_broken = true;
	t->broken(t->arg, t->failure);
	free(t->failure);
	t->failure = NULL;
	return false;
}

static void turn_release(struct turn *t, bool committed)
{
	struct turn_action *a;

	t->releasing = t->first;
	t->first = NULL;
	t->last = &t->first;
	while ((a = t->releasing)) {
		t->releasing = a->next;
		if (committed || a->always)
			a->fn(a->arg);
		else if (a->dropped)
			a->dropped(a->arg);
		free(a);
	}
}

/* Actions may change rows again (a dropped add is gone): those belong to a commit of their own. */
static void turn_end(void *arg)
{
	struct turn *t = arg;

	while (t->first || t->failure || db_in_transaction(t->db))
		turn_release(t, turn_commit(t));
}

void turn_stop_point(const char *point)
{
#ifdef TEST_HOOKS
	static unsigned long passed;
	const char *wanted = getenv("DNSPROOF_STOP");
	size_t n = strlen(point);

	if (wanted && strncmp(wanted, point, n) == 0 &&
	    (!wanted[n] || (wanted[n] == ':' && ++passed == strtoul(wanted + n + 1, NULL, 10))))
		raise(SIGKILL);
#else
	(void)point;
#endif
}
