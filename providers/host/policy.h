/* What may be written: enforced here, where the credentials are. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

struct policy {
	char *account;       /* for messages */
	struct strs zones;   /* the only zones, unless empty */
	struct strs targets; /* owners allowed besides _acme-challenge.**: name_matches() patterns */
};

void policy_free(struct policy *p); /* frees what it holds */

/* Zones and patterns as typed are made lower case, without trailing dot. */
void policy_add_zone(struct policy *p, const char *zone);
void policy_add_target(struct policy *p, const char *pattern);

/* Is the zone one of ours, and may a TXT be put at (or listed, or checked at) the owner? name NULL:
 * the zone alone. False with e, which holds the option to add. */
bool policy_allows(const struct policy *p, const char *zone, const char *name, struct err *e);

/* 43 characters of base64url (RFC 8555 section 8.4), nothing else. */
bool policy_allows_value(const struct policy *p, const char *value, struct err *e);
