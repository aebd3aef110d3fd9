/* A generation with pairs of two key types: the first at the top, the other in a subfolder (rsa/ or ecdsa/), so that one
 * switch serves both. Each is new, its key in the stage of its order, or the one that is live and good for the same
 * names. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/str.h"
#include "keeper/folder.h"
#include "keeper/leaf.h"

struct dual_pair {
	const char *type;
	const char *order, *chain; /* NULL: the live one, if there is one that can stay */
	struct leaf leaf;          /* out; without serial when there is none of it in the generation */
	bool wrong;                /* out, of a failure: no later try can publish this one */
};

struct dual {
	const struct folder *cert; /* certs/ID, locked */
	const struct strs *names;  /* those that both must have */
	const char *directory;     /* of the CA that issued the new ones; NULL = not known */
	const char *profile;       /* that the new ones were asked for; NULL: none */
	const char *state;         /* folder whose barred keys are refused; NULL: none are */
	int64_t now;
	struct dual_pair pair[2]; /* the first is at the top */
	char *generation;         /* out: new string; it has its name, and live does not point to it yet */
	bool alone;               /* out, of a failure: the second is not new and none can stay */
};

/* False with e: nothing has changed. dual_clear in any case. */
bool dual_make(struct dual *d, struct err *e);
void dual_clear(struct dual *d);
