/* TXT record sets of a hosted zone. */
#pragma once

#include "aws.h"
#include "keys.h"

/* Where a call works. */
struct hosted {
	const struct dnsproof_call *call;
	const struct keys *keys;
	const char *zone;
	const char *id; /* of the hosted zone */
};

#define CHANGE_ID_MOST 64

/* Sets h->id: the option hosted_zone_id, else the one public zone of that name. */
enum dnsproof_rc hosted_find(struct hosted *h);

/* values is NULL if there is no set. */
struct set {
	const char *name;
	json_int_t ttl;
	json_t *values; /* as they stand, in quotes; new reference */
};

enum dnsproof_rc set_get(const struct hosted *h, const char *name, struct set *set);

/* From one set to another: either may have no values. Both have the same name. */
struct set_edit {
	struct set before, after;
};

/* All of them in one request, which fails as a whole with CONFLICT if one is not as before.
 * change_id: of CHANGE_ID_MOST octets, for change_live(). */
enum dnsproof_rc sets_change(const struct hosted *h, const struct set_edit *edit, size_t n, char *change_id);
/* *live = 1: all servers of Route 53 have it, or the change is not known any more. */
enum dnsproof_rc change_live(const struct hosted *h, const char *change_id, int *live);
