/* One TXT value's life: written down, put, taken away, proved gone (design section 2). */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/loop.h"
#include "engine/journal/intents.h"
#include "engine/pool/pool.h"

struct txt;
struct turn;

enum txt_result {
	TXT_DONE,
	TXT_FAILED, /* put: it will not be there; message says why */
	TXT_OWED,   /* remove: not proved gone; the journal keeps it and the next run goes on */
	/* remove: the provider said "deleted" and no call is in doubt, yet it is still seen; the next run looks once
	 * more, and only then is it owed */
	TXT_UNPROVED,
};

typedef void txt_fn(void *arg, enum txt_result result, enum pool_rc rc, const char *message);

/* A name server that had shown the value. */
struct txt_witness {
	char *name;
	struct sockaddr_storage address;
};

enum txt_absence { TXT_ABSENT, TXT_STILL_SEEN, TXT_CANNOT_TELL /* nobody answers */ };

/* Says whether the value is absent; used where the provider cannot list. The witness is asked, or, if it is NULL, all
 * servers of the zone that answer; again and again for `ms`. fn is called once, never from inside. */
typedef void txt_absent_fn(void *arg, enum txt_absence absence);
struct txt_world {
	struct loop *loop;
	struct turn *turn;
	struct pool *pool;
	void (*prove_absent)(void *arg, const struct intent *i, const struct txt_witness *witness,
	                     uint64_t ms, txt_absent_fn *fn, void *fn_arg);
	void (*forget_proof)(void *arg, void *fn_arg);
	/* Said once for each put and removal: the first temporary failure. May be NULL. */
	void (*tries_again)(void *arg, const struct intent *i, const char *message);
	void *arg;
};

/* world is borrowed, the intent copied (id 0: not stored yet). */
struct txt *txt_new(const struct txt_world *world, const struct intent *i);
void txt_free(struct txt *t); /* NULL allowed; a call under way goes on without us */

/* Puts the value, trying again as the provider's results allow until `deadline` (loop_now()). May be
 * called again after DONE, when the value vanished. */
void txt_put(struct txt *t, uint64_t deadline, txt_fn *fn, void *arg);

/* A server shows the value: it will be asked whether it is gone. The first one stays. */
void txt_shown_by(struct txt *t, const char *name, const struct sockaddr_storage *address);

/* Takes the value away, after what is under way has ended. Replaces the callback of a put that has
 * not answered, or of a removal under way. DONE only when it is proved gone. */
void txt_remove(struct txt *t, uint64_t deadline, txt_fn *fn, void *arg);

/* No try is begun after this time (loop_now()). */
void txt_hurry(struct txt *t, uint64_t deadline);

/* A result after which the same call may succeed. */
bool txt_rc_passes(enum pool_rc rc);

const struct intent *txt_intent(const struct txt *t);

/* Why what is under way was not done at once; NULL if nothing has failed. Borrowed. */
const char *txt_words(const struct txt *t);
