/* The zones we are the authority of, and the TXT values in them. */
#pragma once

#include "responder/name.h"

enum { VALUE_LENGTH = 43, VALUES_MOST = 1000, TABLE_MOST = 200000 };

struct value {
	char text[VALUE_LENGTH]; /* base64url, no NUL */
	uint32_t ttl;            /* seconds */
};

struct table;

/* What stands at a name. Borrowed until the next change. */
struct spot {
	bool served; /* it is in a zone of ours */
	size_t apex; /* so many labels from the left the zone's apex begins */
	bool exists; /* records stand at it or below it */
	bool own;    /* table_own() said so */
	const struct value *value;
	size_t values;
};

enum table_result { TABLE_OK, TABLE_NOT_SERVED, TABLE_FULL };

struct table *table_new(void);
void table_free(struct table *t); /* NULL allowed */

/* A zone of ours. Without any, every name of the label _acme-challenge is one. */
void table_zone(struct table *t, const struct name *zone);
/* A name that has address records, of this server itself. */
void table_own(struct table *t, const struct name *name);

void table_find(const struct table *t, const struct name *name, struct spot *spot);

/* Adding what is there sets its TTL; deleting what is not there is fine. */
enum table_result table_add(struct table *t, const struct name *name, const char *value, uint32_t ttl);
enum table_result table_del(struct table *t, const struct name *name, const char *value);

uint32_t table_serial(const struct table *t); /* grows with each change (RFC 1982) */
