/* The CA's advice when to renew (RFC 9773): asked for twice a day a certificate, every 6 hours in its last 10 days, the
 * certificates spread evenly; of a certificate that a person names the first time at once. A question that fails is no
 * matter: it is asked again later. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "engine/run/due.h"

struct run_key;

/* current, here and below: what the keeper says of the live generation. What is known of the certificate in it that has
 * this key type; the row is valid as long as k is. */
struct due_when advice_when(struct run_key *k, const json_t *current);

/* Asks if it is time, at the CA that issued the certificate: true, then advised(k, current) follows. Else nothing
 * is done. */
typedef void advice_fn(struct run_key *k, const json_t *current);
bool advice_ask(struct run_key *k, const json_t *current, const struct due_dates *dates, advice_fn *advised);
/* When that is to be asked next, seconds since 1970: after advice_when. */
int64_t advice_ask_next(const struct run_key *k);
bool advice_is_asked(const struct run_key *k);
void advice_stop(struct run_key *k); /* `advised` is not called any more */

/* An order is made because of it. */
void advice_heed(struct run_key *k);
