/* Names and values of a query, a form, the headers. */
#pragma once

#include "run.h"

struct pair {
	const char *name;
	const char *value; /* NULL: the name alone */
};

struct pairs {
	struct pair *at;
	size_t n;
};

void pairs_add(struct run *r, struct pairs *p, const char *name, const char *value);
void pairs_set(struct run *r, struct pairs *p, const char *name, const char *value); /* or replace */

/* Adds each member of the map: templates; maps and lists as JSON text; "key?" only when not empty. A
 * $each: list, as: map adds the map's members for each {item}. header: line breaks are refused, names are replaced. */
bool pairs_expand(struct run *r, struct pairs *p, const json_t *map, bool header);

/* Adds a query as written in a request line ("a={b}&c"): values are templates. */
bool pairs_from_query(struct run *r, struct pairs *p, const char *query);

/* a=b&c=d, escaped: kind "path" (%20) or "form" (+). */
const char *pairs_join(struct run *r, const struct pairs *p, const char *kind);

/* A copy sorted by name, then value. */
struct pairs pairs_sorted(struct run *r, const struct pairs *p);

/* Each name, `is`, value, with `between`; nothing escaped. */
const char *pairs_plain(struct run *r, const struct pairs *p, const char *is, const char *between);
