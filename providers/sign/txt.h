/* TXT values as they stand in answers: in quotes or bare. */
#pragma once

#include "provider.h"

/* The character-strings joined, escapes undone; a value without quotes as it is. Lives until the
 * call ends. */
const char *txt_bare(const struct dnsproof_call *call, const char *text);
/* A new array of the list's texts as they stand and "value" in quotes at its end; NULL if the value
 * is in the list already (list may be NULL). */
json_t *txt_with(const struct dnsproof_call *call, const json_t *list, const char *value);
/* The same without the value; NULL if it is not there. */
json_t *txt_without(const struct dnsproof_call *call, const json_t *list, const char *value);
/* An array of nothing but texts. */
int txt_is_list(const json_t *list);
/* Reports each value. */
void txt_report(struct dnsproof_list_call *c, const json_t *list);
