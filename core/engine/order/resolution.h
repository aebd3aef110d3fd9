/* How DNS is asked for a certificate: by which resolvers, and at which name servers of the zones that its settings
 * name. Certificates that say the same share one, with all that it has learned. */
#pragma once

#include "common/err.h"
#include "common/str.h"

struct resolution {
	char *text; /* the settings, for the journal: {"name_servers":[...],"resolver":[...]}; "" = none */
	struct lookup *lookup;
	struct zone_finder *finder;
	struct absences *absences; /* proofs under way */
};

struct world;

/* The one of these settings (KEY_NAME_SERVERS, KEY_RESOLVER), made at first use and owned by e. NULL with err when
 * they cannot be used. */
struct resolution *world_resolution(struct world *e, const struct strs *servers, const struct strs *resolvers,
                                    struct err *err);

/* ... of a text that the journal kept (NULL: none). */
struct resolution *world_resolution_of(struct world *e, const char *text, struct err *err);

void resolution_free(struct resolution *r); /* NULL allowed */
