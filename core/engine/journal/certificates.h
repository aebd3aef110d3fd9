/* The index of certificates: a row an (ID, key type). It says what is published and when to look again, and is never an
 * authority: names, keys and CA of an order come from the launcher. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"

struct turn;

/* What the keeper says of the live pair. Texts are borrowed; NULL = not known. */
struct certificate_facts {
	const char *generation, *stamp, *serial, *directory, *profile, *ari;
	const char *published; /* its names, a blank between them */
	int64_t not_before, not_after;
};

/* Seconds since 1970. */
struct certificate_moments {
	int64_t look_at;                /* when it is due, or to be looked at for another reason */
	int64_t renewed_from, earliest; /* as in run/due.h; 0 where nothing is published */
};

/* Whose facts they are, as it was handed over or as `issue` wants it. Texts are borrowed. */
struct certificate_key {
	const char *cert, *key_type;
	const char *names, *ca_account, *dns_accounts; /* for a row that is not there yet */
};

/* A row is made when there is none. */
void certificate_store(struct turn *t, const struct certificate_key *key,
                       const struct certificate_facts *facts, const struct certificate_moments *when);

/* Of what is published with that key type; both 0 when the index knows of nothing. */
void certificate_lifetime(struct turn *t, const char *cert, const char *key_type, int64_t *since,
                          int64_t *until);

void certificate_forget(struct turn *t, const char *cert);

/* The next run looks at it. */
void certificate_look_next(struct turn *t, const char *cert);

/* The store has been compared with the index. */
void certificate_verified(struct turn *t, const char *cert);
