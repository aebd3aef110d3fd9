/* Where a call works, and what it puts there. */
#pragma once

#include "provider.h"

struct page {
	unsigned number;    /* from 1 */
	size_t seen;        /* elements on the pages before */
	const char *marker; /* of the page before, NULL at first */
	size_t got, total;
};

/* What is not known, or not needed, is NULL or 0. */
struct place {
	const struct dnsproof_call *call;
	const char *zone, *name;
	const char *relative; /* "@" at the apex; NULL: only the zone is asked about */
	const char *zone_id;  /* set by place_zone(); the zone's name where the API needs no id */
	const char *value;    /* that is added or deleted */
	json_int_t ttl;       /* that what is written gets */
	const char *id;       /* of the record, or of the record set, that is changed */
	const json_t *values; /* that the record set gets */
	const struct page *page;
};

/* Where a call to add or to delete works, and one to list. */
struct place place_of_txt(const struct dnsproof_call *call, const struct dnsproof_txt *txt);
struct place place_of_list(const struct dnsproof_list_call *c);

/* Letter case and a final dot do not count. */
int place_same_name(const char *a, const char *b);
/* "ZONE: the answer to WHAT is not what the API's documentation says". */
enum dnsproof_rc place_odd(const struct place *p, const char *what);
