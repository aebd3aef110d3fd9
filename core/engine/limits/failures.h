/* Failures of certificates, from run to run: a series backs off until it succeeds, or until what the certificate
 * depends on has changed. Times are seconds since 1970. */
#pragma once

#include <stdint.h>

#include "engine/limits/pause.h"

struct turn;

/* A certificate at the CA account that it is to be issued by. */
struct failing {
	const char *ca_account, *cert;
	const char *names;   /* JSON list, as of its orders */
	const char *depends; /* digest of what it depends on; NULL = none */
};

/* One more. cause: the account at fault (of backoff.h), or "". */
void failures_add(struct turn *t, const struct failing *f, enum failure_class class, const char *cause);

/* Until when it rests, 0 = it does not; *failures: of the series so far. */
int64_t failures_rest(struct turn *t, const struct failing *f, unsigned *failures);
