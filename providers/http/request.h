/* One request of a module, carried out. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "url.h"
#include "provider.h"

/* What of the plan holds for every request of the process; copied. False with e. */
struct services_plan;
bool http_request_start(const struct services_plan *plan, struct err *e);
void http_request_stop(void);

/* Is it one that may be sent at all? False with e. */
bool http_request_check(const struct dnsproof_http_request *request, struct err *e);

/*
 * Sends it and waits, at most `ms`. What came is at http_answer(), the answer before that one is cleared once all parts of the request are copied. False with
 * e ("HOST: trouble") when no whole answer came; whether the server has acted is then not known.
 */
bool http_request_run(const struct dnsproof_http_request *request, const struct http_url *url, unsigned ms,
                      void (*mask_add)(const char *secret), struct err *e);
