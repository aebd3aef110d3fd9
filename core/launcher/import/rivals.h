/* Other clients of this host that renew certificates, too, and for which names: certbot in /etc/letsencrypt, acme.sh in
 * ~/.acme.sh, dehydrated by /etc/dehydrated/domains.txt. What may not be read is not there. */
#pragma once

#include <stddef.h>

struct rival {
	const char *client; /* static */
	char *where;        /* the file that says so */
	char *end;          /* what ends it, for this certificate alone, to be typed or done */
};

struct rival_name {
	char *name; /* normalised */
	size_t of;  /* index of the rival */
};

struct rivals {
	struct rival *at;
	size_t n;
	struct rival_name *name; /* sorted */
	size_t names;
};

void rivals_read(struct rivals *all);
void rivals_free(struct rivals *all);

/* The first of `names` with that name, those behind it may have it, too; NULL. */
const struct rival_name *rivals_find(const struct rivals *all, const char *name);
