/* Cloud DNS: requests to it, and the managed zone of a DNS zone. */
#pragma once

#include "identity.h"
#include "provider.h"

struct service {
	struct identity identity;
	char *zone, *managed; /* the last zone found and its managed zone's name */
};

/* GET, or POST of body if that is not NULL; url is below the service's base. Anything but 200 is
 * recorded and can be returned. */
enum dnsproof_rc service_ask(const struct dnsproof_call *call, struct service *service, const char *url,
                             const json_t *body, struct dnsproof_http_answer *answer);
/* The URL of the managed zone that is public and serves the zone, a text of the host. Found once a
 * process. */
enum dnsproof_rc service_zone(const struct dnsproof_call *call, struct service *service, const char *zone,
                              const char **url);
/* The array of an answer's list, borrowed; Google may leave out an empty one, then an empty one is
 * given back by a NULL *items and OK. */
enum dnsproof_rc service_items(const struct dnsproof_call *call, const json_t *json, const char *member,
                               const char *kind, const json_t **items);
void service_close(struct service *service);
