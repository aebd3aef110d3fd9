/* Failures of a certificate in a row that were its CA's, whether they left a pause (backoff.h) or not: kept from run to run
 * until it is had, or fails otherwise. */
#pragma once

struct turn;

/* How many; 0 when what the certificate depends on (a digest) is other than at the last of them. */
unsigned ca_failures(struct turn *t, const char *ca_account, const char *cert, const char *depends);

void ca_failures_add(struct turn *t, const char *ca_account, const char *cert, const char *depends);
void ca_failures_over(struct turn *t, const char *ca_account, const char *cert);
