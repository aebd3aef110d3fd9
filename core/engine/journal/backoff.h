/* When something may be asked of a CA again, and what was tried already: kept from run to run. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct turn;

/* The second try after a refused validation: at most one in a series of failures. */
bool backoff_second_tried(struct turn *t, const char *ca_account, const char *names);
void backoff_second_try(struct turn *t, const char *ca_account, const char *names);

/* A certificate's series of failures at a CA account. */
struct backoff_row {
	unsigned failures, pause_s; /* pause_s: after the last, which ends at not_before */
	int64_t not_before;
};

/* Has the certificate failed since it was had, whatever it depended on? */
bool backoff_has_failed(struct turn *t, const char *ca_account, const char *cert);

/* Fills the row; leaves it as it is when there is none, or when it is of something else than the certificate depends on
 * now (depends: a digest). */
void backoff_failures(struct turn *t, const char *ca_account, const char *cert, const char *depends,
                      struct backoff_row *row);
/* class: "passing" or "person"; cause: as below, "" = no account's. */
void backoff_failed(struct turn *t, const char *ca_account, const char *cert, const char *depends,
                    const struct backoff_row *row, const char *class, const char *cause);
/* A person wants it tried now. */
void backoff_clear(struct turn *t, const char *ca_account, const char *cert);

/* The certificate is wanted no more, at any CA account. */
void backoff_forget(struct turn *t, const char *cert);

/* A certificate for the names was issued: the series is over. */
void backoff_over(struct turn *t, const char *ca_account, const char *cert, const char *names);

/* An account that rests because orders through it failed alike: "ca NAME" or "dns NAME". When it rests no more, the
 * pauses that it caused are over, but for those of certificates that fail on. */
void backoff_account_rests(struct turn *t, const char *account);
void backoff_account_works(struct turn *t, const char *account);
bool backoff_account_rested(struct turn *t, const char *account);
