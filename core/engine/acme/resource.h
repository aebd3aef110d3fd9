/* The ACME objects we read and the payloads we send (RFC 8555 section 7.1): pure, no I/O. Everything
 * from the CA is validated here: URLs are https, tokens base64url, names plain domain names. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/str.h"
#include "engine/acme/problem.h"

/* newAccount payload; email may be NULL. New reference. */
json_t *new_account_payload(const char *email, bool agree_tos, bool only_existing);

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
	struct strs names; /* as the CA lists them */
	struct strs authorizations;
	char *finalize;
	char *certificate; /* NULL until valid */
	int64_t expires;   /* seconds since 1970, 0 = not said */
	struct problem *error;
};

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
	int64_t expires;
	bool has_dns01;
	struct acme_challenge dns01; /* unknown challenge types are ignored */
	struct problem *error;       /* of whichever challenge failed, or NULL */
};

struct acme_authz *acme_authz_parse(const json_t *json, struct err *e);
void acme_authz_free(struct acme_authz *a); /* NULL allowed */

/* RFC 3339 -> seconds since 1970, 0 if malformed. */
int64_t rfc3339_parse(const char *text);

/* UTC calendar -> seconds since 1970; the arguments must be in range. */
int64_t utc_seconds(int year, int month, int day, int hour, int minute, int second);
bool utc_day_exists(int year, int month, int day);
