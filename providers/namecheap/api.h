/* One command of Namecheap's API: a form, and XML that tells how it went. */
#pragma once

#include "provider.h"

/* form: more pairs, each with a '&' before it. The result element of a good answer to *result, to
 * be released; anything else is recorded and can be returned. */
enum dnsproof_rc api_run(const struct dnsproof_call *call, const char *zone, const char *command,
                         const char *form, const char *element, json_t **result);
/* The member of an object of that name in whatever letter case, borrowed, or NULL. */
json_t *api_member(const json_t *object, const char *name);
/* The same as text, or NULL. */
const char *api_text(const json_t *object, const char *name);
