/* Azure's resource manager: requests to it, and where a zone lies in it. */
#pragma once

#include "identity.h"
#include "provider.h"

struct manager {
	struct identity identity;
	char *zone, *group; /* the last zone found and its resource group */
};

struct manager_request {
	const char *method;
	const char *url;
	const json_t *json;                           /* body, or NULL */
	const struct dnsproof_http_header *condition; /* If-Match or If-None-Match, or NULL */
};

/* Every status is OK here: the caller judges it. Anything else is recorded and can be returned. */
enum dnsproof_rc manager_ask(const struct dnsproof_call *call, struct manager *manager,
                             const struct manager_request *request, struct dnsproof_http_answer *answer);
/* The URL of a public zone, a text of the host; NOZONE if it is not there. Found once a process. */
enum dnsproof_rc manager_zone(const struct dnsproof_call *call, struct manager *manager, const char *zone,
                              const char **url);
/* The URL with the version of the API behind it. */
const char *manager_versioned(const struct dnsproof_call *call, const char *url);
void manager_close(struct manager *manager);
