/* A certificate chain as a CA hands it out: the server's certificate first (RFC 8555 section 9.1). */
#pragma once

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

#define CHAIN_MOST      10           /* certificates */
#define CHAIN_TEXT_MOST (256 * 1024) /* octets of PEM */

struct chain {
	X509 *at[CHAIN_MOST]; /* owned */
	size_t n;
};

/* Parses PEM, whatever text stands between the blocks; false when it is too much, not one certificate or anything but certificates. Then
 * nothing is left in c. */
bool chain_parse(struct chain *c, const char *text, size_t n, struct err *e);
void chain_free(struct chain *c); /* a zeroed one is allowed */

/* Is each certificate issued and signed by the one after it? */
bool chain_linked(const struct chain *c, struct err *e);

/* New PEM text of the certificates from..to-1 ("" when none). */
char *chain_pem(const struct chain *c, size_t from, size_t to);
