/* HTTP for one module: host-http.so with the operator's options that every such module has. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "options.h"
#include "provider.h"
#include "http/services.h"

#define HTTP_SERVICE_CA_BUNDLE "ca_bundle"
#define HTTP_SERVICE_PROXY     "proxy"
#define HTTP_SERVICE_SOURCE    "source_address"
#define HTTP_SERVICE_FAMILY    "address_family"

/* They are reserved: no module's own. The last has no key. */
struct http_service_option {
	const char *key, *help;
};
extern const struct http_service_option http_service_options[];

/* A module that does not use HTTP: *out is NULL. Else takes these options out of `given`, loads and starts the
 * services. descriptor: the module acts by one (rest.so). False with e. */
bool http_service_start(const struct dnsproof_provider *p, struct givens *given, const char *modules,
                        bool descriptor, const struct services **out, struct err *e);
