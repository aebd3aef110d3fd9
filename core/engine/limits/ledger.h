/* What was asked of a CA account, against the limits that the CA publishes or the account has: kept from run to run, so
 * that we stop before the CA stops us. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "engine/peers/job.h"

struct turn;

/* An order that is to be made. */
struct ledger_order {
	const struct job_ca *ca;
	const struct strs *names;
	bool renewal; /* of a certificate for the same names from the same CA */
	bool invited; /* it says what it replaces, inside the window that the CA suggested */
	bool urgent;  /* what is not leaves a tenth of the orders to those that are */
};

/* Which limit allows no such order now, and until when; JOB_LIMITS: none. */
enum job_limit_kind ledger_obstacle(struct turn *t, const struct ledger_order *o, int64_t *until);

void ledger_ordered(struct turn *t, const struct ledger_order *o); /* newOrder is about to be sent */
void ledger_issued(struct turn *t, const struct ledger_order *o);  /* finalize is about to be sent */
void ledger_refused(struct turn *t, const struct job_ca *ca, const char *name); /* a validation failed */

/* newAccount: until when none is allowed, 0 = it is; and that it is about to be sent. */
int64_t ledger_registers_from(struct turn *t, const char *directory, const struct bucket_limit *l);
void ledger_registered(struct turn *t, const char *directory, const struct bucket_limit *l);

/* "300 new orders in 3 hours"; new string. */
char *ledger_limit_text(const struct job_ca *ca, enum job_limit_kind kind);
