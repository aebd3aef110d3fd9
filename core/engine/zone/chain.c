#include "engine/zone/chain.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

const char *zone_chain_end(const struct zone_result *r)
{
	return r->links > 0 ? r->link[r->links - 1].target : r->name;
}

static bool name_was_there(const struct zone_result *r, const char *name)
{
	if (strcmp(r->name, name) == 0)
		return true;
	for (size_t i = 0; i < r->links; i++)
		if (strcmp(r->link[i].target, name) == 0)
			return true;
	return false;
}

enum zone_fault zone_chain_take(struct zone_result *r, const struct zone_reading *link, const char *zone,
                                char **why)
{
	char *name;
	bool loop;

	if (link->kind == READ_TOO_LONG) {
		*why = xasprintf("%s lies below the DNAME at %s, and with %s in its place it gets longer "
		                 "than a name may be",
		                 zone_chain_end(r), link->owner, link->target);
		return ZONE_BELOW_DNAME;
	}
	if (r->links == ZONE_LINKS_MOST) {
		*why = xasprintf("the chain of %s has more than %d links, and CAs follow no more; shorten it",
		                 r->name, ZONE_LINKS_MOST);
		return ZONE_TOO_LONG;
	}
	name = xstrdup(zone_chain_end(r));
	loop = name_was_there(r, link->target);
	if (link->crooked)
		zone_result_warn(r, "%s: the CNAME that came with the DNAME at %s does not follow from it",
		                 name, link->owner);
	zone_result_link(r, link->link_kind, name, link->target, zone);
	free(name);
	if (loop) {
		*why = xasprintf("the chain of %s comes back to %s; mend the CNAME records", r->name,
		                 link->target);
		return ZONE_LOOP;
	}
	if (*link->target == '\0') {
		*why = xasprintf("the chain of %s ends at the root", r->name);
		return ZONE_ERROR;
	}
	return ZONE_FOUND;
}
