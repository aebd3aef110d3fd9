/* What CAs said about when to renew (RFC 9773), from run to run: a row a certificate and key type. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct turn;

/* Seconds since 1970, 0 = none. */
struct advice_row {
	int64_t start, end; /* the window that the CA suggested last */
	int64_t chosen;     /* the moment in it, kept as long as the window stays */
	int64_t ask_after;
	bool failed;        /* the last question had no proper answer */
	uint64_t explained; /* hash of the explanation's URL, which was told */
	int64_t heeded_at;  /* an order was made because of the advice ... */
	bool heeded;        /* ... for the certificate that is there still */
};

/* place: 0 = of its first key type, 1 = of the second. cert_id: of RFC 9773 section 4.1. False when the certificate's row is of another cert_id, or there is none: then only
 * heeded_at is filled. */
bool advice_row_read(struct turn *t, const char *cert, unsigned place, const char *cert_id,
                     struct advice_row *row);
void advice_row_store(struct turn *t, const char *cert, unsigned place, const char *cert_id,
                      const struct advice_row *row);
