/* An HTTP answer while it arrives, and as a module sees it. One at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "provider.h"

/* Forgets (and wipes) the last answer. */
void http_answer_clear(void);

/* One line of the header, and a piece of the body, as they arrive. False: stop, it is too large. */
bool http_answer_header(const char *line, size_t n);
bool http_answer_body(const void *bytes, size_t n);

/* Why one of these said false; static text, NULL if none did. */
const char *http_answer_trouble(void);

/* After the last piece: parses the body if it is JSON. False with http_answer_trouble() set. */
bool http_answer_end(int status);

/* What arrived, in our size; the pointers stay ours. */
const struct dnsproof_http_answer *http_answer(void);

/* By its lower-case name; NULL if there is none. */
const char *http_answer_find(const struct dnsproof_http_answer *answer, const char *name);
