/* Makes keys without holding up the loop: slow ones in child processes, a few at a time. */
#pragma once

#include <openssl/evp.h>

#include "common/err.h"
#include "common/loop.h"

struct keygen;
struct keygen_job;

/* key: to be released by the callee; NULL: error says why. Called once, never from inside keygen_start. */
typedef void keygen_fn(void *arg, EVP_PKEY *key, const struct err *error);

struct keygen *keygen_new(struct loop *l);
void keygen_free(struct keygen *g); /* ends the children, calls nobody; NULL allowed */

void keygen_start(struct keygen *g, const char *type, keygen_fn *fn, void *arg);
