/* The TXT values that were, are or may be at a provider because of us: written down before they are
 * put, removed from the books only when they are proved gone (design section 2). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "common/str.h"

struct turn;

enum intent_state {
	INTENT_WANTED,
	INTENT_ADDED,
	INTENT_UNKNOWN,
	INTENT_DEL_WANTED,
	INTENT_DEL_UNPROVED, /* the provider said "deleted", yet it was still seen at the end of a run */
	INTENT_GONE,
};
const char *intent_state_text(enum intent_state s);

struct intent {
	int64_t id;    /* row; 0 = not stored */
	int64_t order; /* row of orders */
	char *run;     /* who is responsible for it now */
	char *name;    /* certificate name it proves, with "*." where wildcard */
	char *dns_account, *zone, *owner, *value;
	char *handle;     /* what add returned, or NULL */
	char *resolution; /* how DNS is asked about it; NULL or "" = by the system's resolvers */
	unsigned ttl;
	bool recursive; /* recursive resolvers alone may be asked whether it is there */
	enum intent_state state;
	/* Wall clock second up to which a call that died might still take effect; 0 = none did. */
	int64_t settled_after;
};

/* Inserts; the id is filled. Failures are reported to the turn. */
void intent_insert(struct turn *t, struct intent *i);
/* Stores state, handle, settled_after. */
void intent_store(struct turn *t, const struct intent *i);

/* How many values of a certificate are owed. */
int64_t intents_owed(struct turn *t, const char *cert);

/* How many other intents, not gone, of any run hold the same (dns_account, owner, value). */
int64_t intent_others(struct turn *t, const struct intent *i);

/* `run` takes over what is owed by runs that are not among `alive` (our own among them); fn gets each, sorted by
 * order, borrowed. */
void intent_adopt(struct turn *t, const char *run, const struct strs *alive,
                  void (*fn)(void *arg, const struct intent *i), void *arg);

void intent_copy(struct intent *to, const struct intent *from);
void intent_clear(struct intent *i); /* frees the strings */
