/* The rows: runs, orders, authorizations and TXT intents, and what was learned (design section 2, 8).
 * All changes go through the turn's transaction; failures are reported to the turn. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "common/err.h"
#include "common/str.h"

struct turn;

/* Opens STATE/state.db, creates or migrates the schema (PRAGMA user_version; a newer one is refused, an
 * older one is migrated after a copy beside it). */
struct db *journal_open(const char *state, struct err *e);

/* TXT intents ------------------------------------------------------------------------------------- */

enum intent_state { INTENT_WANTED, INTENT_ADDED, INTENT_UNKNOWN, INTENT_DEL_WANTED, INTENT_GONE };
const char *intent_state_text(enum intent_state s);

struct intent {
	int64_t id;
	int64_t order;     /* row of orders */
	char *run;         /* who is responsible for it now */
	char *name;        /* certificate name it proves, with "*." where wildcard */
	char *dns_account, *zone, *owner, *value, *handle;
	unsigned ttl;
	enum intent_state state;
	int64_t settled_after; /* UNKNOWN: wall clock second after which absence counts as proof */
};

/* Inserts (id is filled). */
void intent_insert(struct turn *t, struct intent *i);
/* Stores state, handle and settled_after. */
void intent_store(struct turn *t, const struct intent *i);
/* How many other intents, not gone, of any run hold the same (dns_account, owner, value). */
int64_t intent_others(struct turn *t, const struct intent *i);
/* All that are not gone and whose run is in `runs` (NULL = every run). The callback's intent is
 * borrowed. */
bool intent_each_owed(struct db *d, const struct strs *runs, void (*fn)(void *arg, const struct intent *i),
		      void *arg, struct err *e);
/* Hands all intents that are not gone of a dead run to ours. */
void intent_adopt(struct turn *t, const char *dead_run, const char *run);
void intent_copy(struct intent *to, const struct intent *from);
void intent_clear(struct intent *i); /* frees the strings */

/* Orders ------------------------------------------------------------------------------------------- */

enum order_row_state { ORDER_WANTED, ORDER_OPEN, ORDER_FINALIZED, ORDER_ISSUED, ORDER_FAILED, ORDER_ABANDONED };

struct order_row {
	int64_t id;
	char *run, *cert, *ca_account;
	char *names;       /* JSON array text */
	char *key_type;
	char *url;         /* NULL until newOrder was answered */
	char *finalize, *certificate;
	char *error;
	enum order_row_state state;
	int64_t created, expires; /* wall clock */
};

void order_row_insert(struct turn *t, struct order_row *o);
void order_row_store(struct turn *t, const struct order_row *o);
/* Orders of dead runs that are WANTED, OPEN or FINALIZED, or ISSUED but not published. */
bool order_row_each_open(struct db *d, const struct strs *runs,
			 void (*fn)(void *arg, const struct order_row *o), void *arg, struct err *e);
void order_row_copy(struct order_row *to, const struct order_row *from);
void order_row_clear(struct order_row *o);

/* How often a challenge of an order was posted (over all runs), at most three. */
int64_t challenge_posts(struct turn *t, const char *challenge_url);
void challenge_posted(struct turn *t, int64_t order, const char *challenge_url);

/* CA accounts -------------------------------------------------------------------------------------- */

char *ca_account_kid(struct db *d, const char *account, struct err *e); /* new, NULL = not registered */
void ca_account_store(struct turn *t, const char *account, const char *directory, const char *kid);

/* Runs and claims ---------------------------------------------------------------------------------- */

void run_insert(struct turn *t, const char *run);
void run_end(struct turn *t, const char *run); /* drops its claims too */
bool run_each(struct db *d, void (*fn)(void *arg, const char *run), void *arg, struct err *e); /* not ended */

/* Claims a certificate for this run, at once in a transaction of its own. On false with *holder set
 * (new string) another run has it; with *holder NULL the database failed (e). Claims of dead runs are
 * taken over: `dead` lists them. */
bool claim_take(struct db *d, const char *cert, const char *run, const struct strs *dead, char **holder,
		struct err *e);

/* Learned ------------------------------------------------------------------------------------------ */

unsigned spread_learned_ms(struct db *d, const char *zone); /* 0 = nothing known */
void spread_learn(struct turn *t, const char *zone, unsigned ms);

/* Keeps an event (matrix, problem document) for `dnsproof log`; the newest 10,000 are kept. */
void event_store(struct turn *t, const char *run, const char *cert, const char *event, const char *json);
