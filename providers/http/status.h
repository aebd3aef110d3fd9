/* What an answer's status means. */
#pragma once

#include "provider.h"

/* OK for 200 to 299, else the result code of provider.h. */
enum dnsproof_rc http_status_rc(int status);

/* Seconds of Retry-After (RFC 9110 section 10.2.3: seconds or a date, which is measured from the answer's Date
 * or `now`); 0 if there is none, at most a day. */
unsigned http_status_retry_after(const struct dnsproof_http_answer *answer, long long now);

/* The whole message without the provider's name: "HOST: HTTP 403: words (...)": the provider's words
 * masked by `mask` and cut, the host a redirect points to, the clock's error on 401 and 403, and on 404
 * what was asked (a URL without query; may be NULL). New string. */
char *http_status_words(const struct dnsproof_http_answer *answer, const char *host, const char *asked,
                        long long now, char *(*mask)(const char *text));
