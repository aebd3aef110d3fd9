/* Publication of a pair: stage -> generation -> live, so that readers see the old pair or the new one. */
#pragma once

#include "keeper/folder.h"
#include "keeper/generation.h"
#include "common/str.h"

/* The pair of another key type. */
struct publish_other {
	const char *type;          /* NULL: one type is wanted alone */
	bool first;                /* that type's place is the top, so that it must be there */
	const char *order, *chain; /* it is new, too; NULL: that which is live stays, if it can */
	struct leaf leaf;          /* out; without serial when there is none of it */
	bool wrong;                /* out, as below */
};

/* What is asked for, and what came of it. */
struct publish {
	const struct folder *cert; /* certs/ID, locked */
	const char *order, *type;
	const struct strs *names; /* those that the certificate must have */
	const char *chain;        /* PEM as the CA gave it */
	const char *directory;    /* of the CA that issued it; NULL = not known */
	const char *profile;      /* that it was asked for; NULL: none */
	const char *state;        /* folder whose barred keys are refused; NULL: none are */
	int64_t now;              /* seconds since 1970 */

	struct publish_other other;

	char *generation; /* out: new string */
	struct leaf leaf; /* out */
	bool
	    wrong; /* out, of a failure: no later try can publish it (another pair's certificate, the key is lost) */
};

/* Only checks the pair, and throws it away. */
bool publish_try(struct publish *p, struct err *e);

/* Checks the pair, or both, writes the generation and switches live to it; then removes what is old. Again
 * for the same order after a crash ends with the same generation. On failure live is what it was.
 * publish_clear in any case. */
bool publish_run(struct publish *p, struct err *e);
void publish_clear(struct publish *p);
