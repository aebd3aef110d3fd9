/* What the header fields of a CA's answers say (RFC 9110, RFC 8288). Pure. */
#pragma once

#include <stdint.h>

#include "common/str.h"

struct problem;

/* "Sun, 06 Nov 1994 08:49:37 GMT" -> seconds since 1970, 0 if malformed. */
int64_t imf_date_parse(const char *text);

/* Retry-After (seconds or a date; text may be NULL) -> milliseconds from `now` (seconds since 1970),
 * clamped to 1 s .. 7 days; 0 when there is none or it is malformed. */
uint64_t retry_after_ms(const char *text, int64_t now);

/* Adds the valid https URLs of all rel="alternate" links to `out`; at most 10. */
void links_alternate(const struct strs *fields, struct strs *out);

/* NULL, or a problem when the clock `now` is before the program was built (seconds since 1970) or more
 * than a day off the CA's Date field (NULL = not said). New. */
struct problem *clock_problem(int64_t now, int64_t built, const char *date);
