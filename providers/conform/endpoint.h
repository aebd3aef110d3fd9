/* A question to a fake's control endpoint: plain HTTP to a loopback address, nothing else. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"

/* GET of url ("http://127.0.0.1:8080") and path; the answer must be a JSON object with status 200. New
 * reference, or NULL with e. */
json_t *endpoint_get(const char *url, const char *path, struct err *e);

/* New string: percent-encoded for a query. */
char *endpoint_escape(const char *text);
