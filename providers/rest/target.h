/* The `request` line of a step -> method and URL. */
#pragma once

#include "pairs.h"
#include "run.h"

struct target {
	const char *method;
	const char *origin; /* https://host[:port] */
	const char *host;   /* without port */
	const char *path;   /* escaped, begins with '/' or is empty */
	struct pairs query; /* of the line, not escaped yet */
};

/* False with the failure recorded: no such form, a host that the descriptor does not allow. */
bool target_make(struct run *r, const char *line, struct target *t);

/* Another page: absolute on the same origin, or beginning with '/' or '?'. False: another host. */
bool target_next(struct run *r, const char *url, struct target *t);
