/* The CA's directory (RFC 8555 section 7.1.1), parsed. Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

struct acme_directory {
	char *new_nonce, *new_account, *new_order, *revoke_cert, *key_change,
	    *renewal_info; /* NULL = absent */
	char *terms_of_service;
	bool external_account_required;
	struct strs caa_identities;
	struct strs profiles,
	    profile_texts; /* draft-ietf-acme-profiles: names, and what each is said to be */
};

/* New; NULL with e when it is no directory: newNonce, newAccount and newOrder must be https URLs on the
 * host of `url`. `meta` and the others are optional; what is malformed there is left out. */
struct acme_directory *directory_parse(const json_t *json, const char *url, struct err *e);
void directory_free(struct acme_directory *d); /* NULL allowed */

/* A line for each profile: "\n  NAME: what it is said to be"; new. */
char *directory_profiles_text(const struct acme_directory *d);
