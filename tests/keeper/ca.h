/* A little CA for tests: root -> intermediate -> server certificates. */
#pragma once

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

struct ca {
	EVP_PKEY *root_key, *key;
	X509 *root, *intermediate;
};

/* How a certificate is to be made; zeroes are the usual. */
struct ca_wish {
	const char *const *names; /* NULL-terminated */
	EVP_PKEY *key;            /* its public key */
	int64_t from, to;         /* seconds since 1970; 0 = an hour ago, 90 days ahead */
	bool ca;                  /* CA:TRUE */
	bool by_root;             /* signed by the root, though named after the intermediate */
	const char *serial;       /* hexadecimal; NULL = 00 first */
};

struct ca *ca_new(void);
void ca_free(struct ca *ca);

X509 *ca_issue(const struct ca *ca, const struct ca_wish *wish);

/* New text: the certificate and the intermediate. */
char *ca_chain(const struct ca *ca, const struct ca_wish *wish);

/* New text: a chain for a request in base64url, with the names and the key that are in it. */
char *ca_chain_for_csr(const struct ca *ca, const char *csr);

/* The same for its key and other names (NULL-terminated). */
char *ca_chain_for_csr_names(const struct ca *ca, const char *csr, const char *const *names);

char *ca_pem(X509 *x);
