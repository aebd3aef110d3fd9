/* The ACME objects we read and the payloads we send (RFC 8555 section 7.1): pure, no I/O. Everything
 * from the CA is validated here: URLs are https, tokens base64url, names plain domain names. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/str.h"
#include "engine/acme/problem.h"

/* newAccount payloads; email may be NULL, eab is the keeper's binding (RFC 8555 section 7.3.4; borrowed) or
 * NULL. New reference. */
json_t *new_account_payload(const char *email, bool agree_tos, json_t *eab);
json_t *find_account_payload(void); /* onlyReturnExisting */

enum acme_status {
	ACME_PENDING,
	ACME_READY,
	ACME_PROCESSING,
	ACME_VALID,
	ACME_INVALID,
	ACME_DEACTIVATED,
	ACME_EXPIRED,
	ACME_REVOKED,
};

const char *acme_status_text(enum acme_status s);

struct acme_order {
	enum acme_status status;
	struct strs authorizations; /* may be empty: nothing is to be proved */
	char *finalize;             /* NULL = not said */
	char *certificate;          /* NULL until valid, or not said */
	int64_t expires;            /* seconds since 1970, 0 = not said, or not in words we know */
	char *profile;              /* NULL = not said */
	struct problem *error;
};

/* Only the status is needed; what else is odd or missing is missed where it is used, if ever (RFC 8555
 * section 7.1.3 lets later answers leave much out in practice). An authorization that is not an https URL is
 * an error, since it would be a name without proof. */

json_t *order_payload(const struct strs *names, const char *profile, const char *replaces);
struct acme_order *acme_order_parse(const json_t *json, struct err *e); /* new, NULL when malformed */
void acme_order_free(struct acme_order *o);                             /* NULL allowed */

struct acme_challenge {
	char *url, *token;
	enum acme_status status;
	struct problem *error; /* may stand beside pending (step-ca) */
};

struct acme_authz {
	enum acme_status status;
	char *name; /* without "*." */
	bool wildcard;
	bool subdomains; /* subdomainAuthAllowed of RFC 9444: it may prove names below it */
	int64_t expires; /* 0 = not said, or not in words we know */
	bool has_dns01;
	struct acme_challenge dns01; /* unknown challenge types are ignored */
	struct problem *error;       /* of whichever challenge failed, or NULL */
};

/* A pending authorization needs an identifier and, if it offers dns-01, a sound challenge; a decided one
 * needs its status alone. */
struct acme_authz *acme_authz_parse(const json_t *json, struct err *e);
void acme_authz_free(struct acme_authz *a); /* NULL allowed */
