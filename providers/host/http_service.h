/* HTTP for one module: host-http.so with the operator's reserved options ca_bundle and proxy. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "options.h"
#include "provider.h"
#include "http/services.h"

#define HTTP_SERVICE_CA_BUNDLE "ca_bundle"
#define HTTP_SERVICE_PROXY     "proxy"

/* A module that does not use HTTP: *out is NULL. Else takes the reserved options out of `given`, loads and starts the
 * services. descriptor: the module acts by one (rest.so). False with e. */
bool http_service_start(const struct dnsproof_provider *p, struct givens *given, const char *modules,
                        bool descriptor, const struct services **out, struct err *e);
