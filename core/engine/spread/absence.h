/* Proof that a TXT value is gone, by asking the zone's servers: for providers that cannot list. */
#pragma once

#include "common/loop.h"
#include "engine/txt/txt.h"

struct ask;
struct absences;
struct lookup;
struct zone_finder;

/* The proofs under way in a run. All is borrowed. */
struct absences *absences_new(struct loop *l, struct ask *ask, struct lookup *lookup,
                              struct zone_finder *finder);
void absences_free(struct absences *s); /* cancels without calling back; NULL allowed */

/* Is the intent's value absent at the witness, or (NULL) at all servers of its zone that answer? At the resolvers, where they
 * alone may be asked. Asked again for `ms`.
 * fn is called once, never from inside, unless the proof is forgotten by its fn_arg before. */
void absence_prove(struct absences *s, const struct intent *i, const struct txt_witness *witness, uint64_t ms,
                   txt_absent_fn *fn, void *fn_arg);
void absence_forget(struct absences *s, void *fn_arg);
