/* Certificates that are not tried because a limit of their CA leaves no order (limits/ledger.h), or because the CA asked to
 * be left in peace (journal/ca_waits.h). */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "engine/order/order.h"
#include "engine/run/due.h"

struct run;
struct run_cert;
struct run_key;

/* What the next order of that key type succeeds; current: what the keeper says of the certificate that is there. */
void limited_learn(struct run_key *k, const json_t *current, const struct due_when *when);

/* Before anything is begun for it: true when its CA's limits leave no order now, which is noted; code: the certificate's
 * exit code then. */
bool limited_now(struct run_key *k, int *code);

/* The same of a wait that the CA asked for and that is longer than a run would wait; of `renew` alone: where a person
 * waits, the order tells it. */
bool limited_held(struct run_key *k, int *code);

/* It was not tried for that: told at the end of the run, or at once where a person waits. The certificate's exit
 * code. */
int limited_note(struct run_cert *c, struct order_limit limit);

void limited_tell(const struct run *r); /* a line a CA account and limit */
