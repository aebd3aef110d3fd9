/* What a cloud's answer means. */
#pragma once

#include "provider.h"

/* An error code of the API, or its beginning with a '*' at the end. The first that fits counts. */
struct verdict_word {
	const char *code;
	enum dnsproof_rc rc;
};

/* The code that an answer carries fits the pattern. code may be NULL. */
int verdict_fits(const char *code, const char *pattern);
/* Records the provider's words and returns the rc of the code, or of the HTTP status where the code
 * is not in the table (ends with a NULL code; an unknown code with a good status is INVALID).
 * `where`: zone or name, for people. */
enum dnsproof_rc verdict(const struct dnsproof_call *call, const struct dnsproof_http_answer *answer,
                         const struct verdict_word *table, const char *where, const char *code,
                         const char *message);
/* The text at a path of keys, "Response.Error.Code", or NULL. */
const char *verdict_text(const json_t *json, const char *path);
/* The same for any value, borrowed. */
json_t *verdict_at(const json_t *json, const char *path);
/* A string as it is, an integer as text; NULL for anything else, for more than 100 octets, and for
 * "". */
const char *verdict_id(const struct dnsproof_call *call, const json_t *value);
