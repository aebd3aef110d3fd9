/* When a certificate is renewed, and when that is urgent: of its dates alone. Seconds since 1970; since, until: its
 * lifetime. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Under 10 days. */
bool lifetime_is_short(int64_t since, int64_t until);

/* Renewal where the CA suggests no time of its own: when a third of the lifetime is left, half if that is short.
 * `seed` (any number, the same for the certificate on this machine each time) moves it earlier by at most a sixtieth
 * of the lifetime: so machines that were set up alike do not come all at once. */
int64_t lifetime_renewal(int64_t since, int64_t until, uint64_t seed);

/* What is renewed from `from` on is not renewed before that, however many others come due with it: a sixth of the
 * lifetime before. */
int64_t lifetime_earliest(int64_t since, int64_t until, int64_t from);

/* From then on it is urgent: the last sixth of the lifetime, at most 7 days. */
int64_t lifetime_urgent(int64_t since, int64_t until);

/* An order for the same names at the same CA is then a renewal of it to a CA that counts renewals apart; after 120 days
 * (Let's Encrypt) it is a new one. */
bool lifetime_renews(int64_t since, int64_t now);

/* A number for the certificate `id` on that machine (any text); of a second text, too (NULL: of none). */
uint64_t lifetime_seed(const char *machine, const char *id, const char *more);

/* One of 0 .. n-1, each as likely; 0 if n < 1. */
int64_t lifetime_share(uint64_t seed, int64_t n);
