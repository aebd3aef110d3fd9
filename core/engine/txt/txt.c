#include "engine/txt/txt.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "engine/journal/spread_times.h"
#include "engine/journal/turn.h"

#define CALL_MS       30000 /* one provider call */
#define SETTLE_S      60    /* a dead call may still take effect so long after its deadline */
#define DOUBT_S       ((POOL_HOLD_MS + CALL_MS) / 1000 + SETTLE_S)
#define RETRY_MS      500 /* doubled each time */
#define RETRY_MOST_MS 10000
#define UNKNOWN_MOST  3 /* calls that may die before a value is given up */
#define FAILED_MOST   3 /* calls that may fail where another try is not likely to be better */
#define GONE_MS       10000 /* so long a deleted value may be seen, or longer where the zone is known to be slow */

enum txt_doing { TXT_IDLE, TXT_PUTTING, TXT_REMOVING };

struct txt {
	const struct txt_world *world;
	struct intent intent;
	enum txt_doing doing;
	bool sent_before;   /* as sent was before the last add */
	bool sent;          /* some add was handed to the pool in this or an earlier run */
	bool put_maybe;     /* some add has put the value, or may have */
	bool left;          /* by an earlier run */
	bool unproved;      /* ... which saw it after its deletion */
	bool doubtful;      /* a call died, in this or an earlier run: it may still take effect */
	bool committing;    /* an add waits for the journal */
	bool told;          /* that it is tried again */
	bool remove_wanted; /* as soon as what is under way has ended */
	bool proving;
	bool cannot_list; /* the provider can in general, but not this account: exec's program says so */
	unsigned tries, died, failed;
	uint64_t deadline;
	uint64_t prove_until; /* 0 = no deletion was confirmed yet */
	struct txt_witness witness;
	char *words; /* of the last call that failed for a while */
	struct pool_call *call;
	struct loop_timer *timer;
	txt_fn *fn;
	void *arg;
	enum txt_result result; /* for the timer to tell */
	enum pool_rc rc;
	char *message;
	bool ended;
};

static void txt_commit_add(struct txt *t);
static void txt_send_del(void *arg);
static void txt_start_removal(struct txt *t);

static void txt_tick(void *arg)
{
	struct txt *t = arg;

	if (t->ended) {
		t->ended = false;
		t->doing = TXT_IDLE;
		t->fn(t->arg, t->result, t->rc, t->message);
	} else if (t->doing == TXT_PUTTING) {
		txt_commit_add(t);
	} else if (t->doing == TXT_REMOVING) {
		txt_send_del(t);
	}
}

struct txt *txt_new(const struct txt_world *world, const struct intent *i)
{
	struct txt *t = xcalloc(1, sizeof(*t));

	t->world = world;
	intent_copy(&t->intent, i);
	/* No call can be in doubt for longer: a clock that stood in the future wrote the rest. */
	if (t->intent.settled_after > loop_wall(world->loop) + DOUBT_S)
		t->intent.settled_after = loop_wall(world->loop) + DOUBT_S;
	t->sent = t->put_maybe = t->left = i->id != 0;
	t->unproved = i->state == INTENT_DEL_UNPROVED;
	t->doubtful = i->id && i->settled_after;
	t->timer = loop_timer_new(world->loop, txt_tick, t);
	return t;
}

void txt_free(struct txt *t)
{
	if (!t)
		return;
	if (t->call)
		pool_cancel(t->call);
	if (t->proving)
		t->world->forget_proof(t->world->arg, t);
	turn_forget(t->world->turn, t);
	loop_timer_free(t->timer);
	intent_clear(&t->intent);
	free(t->witness.name);
	free(t->words);
	free(t->message);
	free(t);
}

const struct intent *txt_intent(const struct txt *t)
{
	return &t->intent;
}

const char *txt_words(const struct txt *t)
{
	return t->words;
}

void txt_shown_by(struct txt *t, const char *name, const struct sockaddr_storage *address)
{
	if (t->witness.name)
		return;
	t->witness.name = xstrdup(name);
	t->witness.address = *address;
}

static void txt_end(struct txt *t, enum txt_result result, enum pool_rc rc, const char *message)
{
	char *copy = xstrdup(message);

	free(t->message);
	t->message = copy;
	t->result = result;
	t->rc = rc;
	t->ended = true;
	loop_timer_set(t->timer, 0);
}

static void txt_store(struct txt *t, enum intent_state state)
{
	t->intent.state = state;
	if (t->intent.id)
		intent_store(t->world->turn, &t->intent);
}

static struct pool_txt txt_record(const struct txt *t)
{
	const struct intent *i = &t->intent;

	return (struct pool_txt){i->zone, i->owner, i->value, i->handle, i->ttl};
}

bool txt_rc_passes(enum pool_rc rc)
{
	return rc == POOL_TEMP || rc == POOL_RATE || rc == POOL_CONFLICT || rc == POOL_UNKNOWN;
}

/* A hook that fails, a server that says SERVFAIL: ten minutes of tries make neither better. */
static bool txt_is_hopeless(struct txt *t, const struct pool_answer *answer)
{
	const struct pool_hello *hello = pool_hello(t->world->pool, t->intent.dns_account);

	if (answer->rc != POOL_TEMP || answer->unsent)
		return false;
	if (answer->written != POOL_WRITTEN_NO && !(hello && hello->programs))
		return false;
	return ++t->failed >= FAILED_MOST;
}

/* Waits and tries again; false when the deadline would be passed. */
static bool txt_again(struct txt *t, const struct pool_answer *answer)
{
	uint64_t wait = RETRY_MS;

	for (unsigned i = 0; i < t->tries && wait < RETRY_MOST_MS; i++)
		wait *= 2;
	if (answer->after_s)
		wait = (uint64_t)answer->after_s * 1000;
	t->tries++;
	if (!t->told && t->world->tries_again && answer->message)
		t->world->tries_again(t->world->arg, &t->intent, answer->message);
	t->told = t->told || answer->message;
	if (answer->message) {
		free(t->words);
		t->words = xstrdup(answer->message);
	}
	if (loop_now(t->world->loop) + wait > t->deadline)
		return false;
	loop_timer_set(t->timer, wait);
	return true;
}

static void txt_failed_to_put(struct txt *t, const struct pool_answer *answer)
{
	/* Where no call has put it or may have, nothing can be there and nothing is owed. */
	if (!t->sent || (!t->put_maybe && t->intent.state == INTENT_WANTED))
		txt_store(t, INTENT_GONE);
	txt_end(t, TXT_FAILED, answer->rc, answer->message);
}

static void txt_added(void *arg, const struct pool_answer *answer)
{
	struct txt *t = arg;

	t->call = NULL;
	if (answer->unsent) {
		t->sent = t->sent_before;
		if (t->remove_wanted)
			txt_start_removal(t);
		else if (loop_now(t->world->loop) < t->deadline)
			txt_commit_add(t);
		else
			txt_failed_to_put(t, answer);
		return;
	}
	/* An answer ends the call: what it has not done by now it does no more. Not so where the provider had no answer
	 * itself (TEMP) or the host died. */
	bool open =
	    answer->rc == POOL_UNKNOWN || (answer->rc == POOL_TEMP && answer->written != POOL_WRITTEN_NO);
	if (!t->doubtful && !open)
		t->intent.settled_after = 0;
	t->put_maybe |= open || answer->rc == POOL_OK || answer->written == POOL_WRITTEN_MAYBE;
	if (answer->rc == POOL_OK) {
		free(t->intent.handle);
		t->intent.handle = xstrdup(answer->handle);
		txt_store(t, INTENT_ADDED);
	} else if (answer->rc == POOL_UNKNOWN) {
		t->died++;
		t->doubtful = true;
		txt_store(t, INTENT_UNKNOWN);
	}
	if (t->remove_wanted)
		txt_start_removal(t);
	else if (answer->rc == POOL_OK)
		txt_end(t, TXT_DONE, POOL_OK, NULL);
	else if (!txt_rc_passes(answer->rc) || t->died >= UNKNOWN_MOST || txt_is_hopeless(t, answer) ||
	         !txt_again(t, answer))
		txt_failed_to_put(t, answer);
}

static void txt_send_add(void *arg)
{
	struct txt *t = arg;
	struct pool_txt record = txt_record(t);

	t->committing = false;
	if (t->remove_wanted) {
		txt_start_removal(t);
		return;
	}
	turn_stop_point("add");
	t->sent_before = t->sent;
	t->sent = true;
	t->call = pool_add(t->world->pool, t->intent.dns_account, &record, CALL_MS, txt_added, t);
}

static void txt_add_dropped(void *arg)
{
	struct txt *t = arg;

	t->committing = false;
	if (!t->sent)
		t->intent.state = INTENT_GONE;
	if (t->remove_wanted)
		txt_start_removal(t);
	else
		txt_end(t, TXT_FAILED, POOL_DEAD, "the journal cannot be written");
}

void txt_put(struct txt *t, uint64_t deadline, txt_fn *fn, void *arg)
{
	assert(t->doing != TXT_REMOVING);
	bool busy = t->doing == TXT_PUTTING && !t->ended;

	t->fn = fn;
	t->arg = arg;
	t->deadline = deadline;
	if (busy)
		return;
	t->ended = false;
	t->doing = TXT_PUTTING;
	t->tries = t->failed = 0;
	t->told = false;
	t->remove_wanted = false;
	txt_commit_add(t);
}

/* The time until which this sending may take effect is written down before it: the first one's would be over while
 * the last is still under way. */
static void txt_commit_add(struct txt *t)
{
	struct intent *i = &t->intent;
	int64_t settled = loop_wall(t->world->loop) + DOUBT_S;

	assert(!t->call && !t->committing);
	t->committing = true;
	if (settled > i->settled_after)
		i->settled_after = settled;
	if (!i->id) {
		i->state = INTENT_WANTED;
		intent_insert(t->world->turn, i);
	} else {
		txt_store(t, i->state == INTENT_ADDED ? INTENT_ADDED : INTENT_WANTED);
	}
	turn_then(t->world->turn, txt_send_add, txt_add_dropped, t);
}

static void txt_gone(struct txt *t)
{
	t->intent.settled_after = 0;
	txt_store(t, INTENT_GONE);
	txt_end(t, TXT_DONE, POOL_OK, NULL);
}

static void txt_owed(struct txt *t, enum pool_rc rc, const char *message)
{
	if (t->intent.settled_after)
		txt_store(t, INTENT_UNKNOWN);
	txt_end(t, TXT_OWED, rc, message);
}

/* It is there although the provider said "deleted". Where no add is in doubt, its word is believed until the next run
 * has looked: caches and slow servers show a deleted value for a while. */
static void txt_still_there(struct txt *t)
{
	static const char owed[] = "it is still there after its deletion";
	const struct pool_answer again = {.rc = POOL_TEMP};
	bool time_left = t->intent.settled_after || loop_now(t->world->loop) < t->prove_until;

	if (time_left && txt_again(t, &again))
		return;
	if (t->intent.settled_after || t->unproved) {
		txt_owed(t, POOL_TEMP, owed);
		return;
	}
	txt_store(t, INTENT_DEL_UNPROVED);
	txt_end(t, TXT_UNPROVED, POOL_TEMP, "the provider has deleted it, but it can still be seen");
}

/* After del of a value whose add may have died: absence now, and no later than it could come back. */
static void txt_proved(struct txt *t)
{
	char when[WHEN_ROOM], *message;
	int64_t until = t->intent.settled_after;

	if (loop_wall(t->world->loop) >= until) {
		txt_gone(t);
		return;
	}
	message = xasprintf("removed, but an add that did not end well could still take effect until %s; "
	                    "the next run looks again",
	                    when_clock(until, when));
	txt_owed(t, POOL_UNKNOWN, message);
	free(message);
}

static void txt_prove(struct txt *t);

static void txt_prove_unlisted(struct txt *t)
{
	t->cannot_list = true;
	txt_prove(t);
}

static void txt_listed(void *arg, const struct pool_answer *answer)
{
	struct txt *t = arg;

	t->call = NULL;
	if (answer->rc == POOL_OK && answer->values && strs_has(answer->values, t->intent.value))
		txt_still_there(t);
	else if (answer->rc == POOL_OK && answer->values)
		txt_proved(t);
	else if (answer->rc == POOL_INVALID)
		txt_prove_unlisted(t);
	else if (txt_rc_passes(answer->rc) && txt_again(t, answer))
		return;
	else if (t->intent.settled_after)
		txt_owed(t, answer->rc, answer->message);
	else
		txt_gone(t); /* no call is in doubt, and the provider said "deleted" */
}

static void txt_absence(void *arg, enum txt_absence absence)
{
	struct txt *t = arg;
	const struct pool_answer again = {.rc = POOL_TEMP};

	t->proving = false;
	if (absence == TXT_ABSENT)
		txt_proved(t);
	else if (absence == TXT_STILL_SEEN)
		txt_still_there(t);
	else if (!t->intent.settled_after)
		txt_gone(t); /* the provider said "deleted", and nobody contradicts */
	else if (!txt_again(t, &again))
		txt_owed(t, POOL_TEMP, "no name server says whether it is gone");
}

static uint64_t txt_prove_until(const struct txt *t)
{
	unsigned learned = spread_learned_ms(t->world->turn, t->intent.zone);
	uint64_t until = loop_now(t->world->loop) + (learned > GONE_MS ? learned : GONE_MS);

	return until < t->deadline ? until : t->deadline;
}

/* The provider said "deleted". Its word is enough where it has looked itself; else the cheapest other word is got: its
 * list (the pool asks once for all values of the owner), or one server that had shown the value. */
static void txt_prove(struct txt *t)
{
	const struct intent *i = &t->intent;
	const struct pool_hello *hello = pool_hello(t->world->pool, i->dns_account);
	const struct txt_witness *witness = t->witness.name && !i->settled_after ? &t->witness : NULL;
	uint64_t now = loop_now(t->world->loop);

	if (!t->prove_until || i->settled_after)
		t->prove_until = txt_prove_until(t);
	if (hello && hello->verifies_del && !i->settled_after) {
		txt_gone(t);
	} else if (hello && hello->can_list && !t->cannot_list) {
		t->call =
		    pool_list(t->world->pool, i->dns_account, i->zone, i->owner, CALL_MS, txt_listed, t);
	} else if (i->settled_after || witness || t->left) {
		t->proving = true;
		t->world->prove_absent(t->world->arg, i, witness,
		                       t->prove_until > now ? t->prove_until - now : 0, txt_absence, t);
	} else {
		txt_gone(t); /* no server has ever shown it */
	}
}

static void txt_deleted(void *arg, const struct pool_answer *answer)
{
	struct txt *t = arg;

	t->call = NULL;
	if (answer->rc == POOL_OK) {
		txt_prove(t);
	} else if (!txt_rc_passes(answer->rc) || txt_is_hopeless(t, answer) || !txt_again(t, answer)) {
		txt_owed(t, answer->rc, answer->message);
	}
}

static void txt_send_del(void *arg)
{
	struct txt *t = arg;
	struct pool_txt record = txt_record(t);

	turn_stop_point("del");
	t->call = pool_del(t->world->pool, t->intent.dns_account, &record, CALL_MS, txt_deleted, t);
}

static void txt_start_removal(struct txt *t)
{
	assert(!t->call && !t->committing);
	free(t->words);
	t->words = NULL;
	t->remove_wanted = false;
	t->doing = TXT_REMOVING;
	t->tries = t->failed = 0;
	t->told = false;
	t->prove_until = 0;
	if (t->intent.state == INTENT_GONE) {
		txt_end(t, TXT_DONE, POOL_OK, NULL);
	} else if (intent_others(t->world->turn, &t->intent) > 0) {
		txt_gone(t); /* another order still needs the very same value */
	} else {
		txt_store(t, INTENT_DEL_WANTED);
		turn_always(t->world->turn, txt_send_del, t);
	}
}

void txt_remove(struct txt *t, uint64_t deadline, txt_fn *fn, void *arg)
{
	bool busy = t->doing == TXT_PUTTING && !t->ended;

	t->fn = fn;
	t->arg = arg;
	t->deadline = deadline;
	if (t->doing == TXT_REMOVING && !t->ended)
		return; /* it is under way: a second del would say nothing more */
	t->ended = false;
	t->remove_wanted = true;
	if (busy && (t->call || t->committing))
		return; /* what is under way sees remove_wanted at its end */
	loop_timer_stop(t->timer);
	txt_start_removal(t);
}

void txt_hurry(struct txt *t, uint64_t deadline)
{
	if (deadline < t->deadline)
		t->deadline = deadline;
}
