/* The calls of a provider whose API replaces the TXT record set of a name, over its `cloud`. */
#pragma once

#include "cloud.h"

/* The record set of a name. */
struct set {
	const char *id; /* NULL: there is none, or the API needs none */
	json_int_t ttl;
	json_t *values; /* new reference; NULL: there is no set */
};

struct sets {
	/* Sets p->zone_id where the calls need it; a missing set is OK, a missing zone is NOZONE. */
	enum dnsproof_rc (*get)(struct place *p, struct set *set);
	struct question make, replace, remove;
};

extern const struct sets sets;

/* Fills a set from its JSON: OK, or TEMP if it is not of the shape. */
enum dnsproof_rc set_take(const struct place *p, const json_t *json, const char *values, struct set *set);

enum dnsproof_rc sets_add(struct dnsproof_txt_call *c);
enum dnsproof_rc sets_del(struct dnsproof_txt_call *c);
enum dnsproof_rc sets_list(struct dnsproof_list_call *c);

#define SETS_CALLS CLOUD_CALLS(DNSPROOF_RRSET, sets_add, sets_del, sets_list)
