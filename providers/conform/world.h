/* What the kit knows of the DNS service besides the provider: a fake's control endpoint, or commands. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"
#include "case.h"

/* A fault of the fake as it stands now. */
struct world_fault {
	bool hit;
	int left;          /* requests until it would hit; above 0: there were fewer */
	int status;        /* that it answered with */
	char request[256]; /* that it hit: "GET /path" */
};

/* The fake's credentials and addresses (an object of texts), empty without a fake. New, NULL with e. */
json_t *world_about(const struct conform_case *c, struct err *e);

bool world_can_see(const struct conform_case *c);   /* all records or those of a name */
bool world_can_plant(const struct conform_case *c); /* records behind the provider's back */

/* The start of things: reset, then records of others planted (lines as below), then what is there. soft: who is logged in
 * stays so. Without a fake what there are commands for. */
bool world_begin(const struct conform_case *c, bool soft, const struct strs *plant, struct strs *lines,
                 struct err *e);
bool world_plant(const struct conform_case *c, const char *zone, const char *name, const char *value,
                 struct err *e);

/* All records, a line "ZONE NAME TYPE VALUE" each (commands: the TXT values of the names of the case), sorted. */
bool world_dump(const struct conform_case *c, struct strs *lines, struct err *e);

/* The same with the TTL: "ZONE NAME TYPE VALUE TTL SECONDS". Only with a fake. */
bool world_ttls(const struct conform_case *c, struct strs *lines, struct err *e);

/* Only with a fake. kind "none": no fault. */
bool world_fault_set(const struct conform_case *c, const char *kind, unsigned at, const char *words,
                     struct err *e);
bool world_fault_get(const struct conform_case *c, struct world_fault *f, struct err *e);
/* Requests that the fake has had. */
bool world_requests(const struct conform_case *c, int *n, struct err *e);
bool world_mode(const struct conform_case *c, const char *mode, struct err *e); /* "lag=1", "" */
json_t *world_log(const struct conform_case *c); /* lines about the last requests; NULL if there are none */
