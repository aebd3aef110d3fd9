/* When something may be asked of a CA again, and what was tried already: kept from run to run. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct turn;

/* The CA asked for patience (Retry-After): newOrder for the set of names (JSON list), or with names "" whatever
 * concerns the whole account. not_before: wall clock second. */
void backoff_ca_later(struct turn *t, const char *ca_account, const char *names, int64_t not_before);

/* From when on newOrder for the names may be sent again, 0 = now. What three sets of names were told counts
 * for all. */
int64_t backoff_ca_until(struct turn *t, const char *ca_account, const char *names, int64_t now);

/* The second try after a refused validation: at most one in a series of failures. */
bool backoff_second_tried(struct turn *t, const char *ca_account, const char *names);
void backoff_second_try(struct turn *t, const char *ca_account, const char *names);

/* A certificate for the names was issued: the series is over. */
void backoff_over(struct turn *t, const char *ca_account, const char *names);
