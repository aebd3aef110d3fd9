/* curl's errors, in words for a person. */
#pragma once

#include <curl/curl.h>

#include "common/err.h"
#include "url.h"

/* Fills e with "HOST: trouble". words: curl's error buffer; refused: why we stopped it ourselves, or
 * NULL. */
void http_error_words(CURL *easy, CURLcode code, const struct http_url *url, const char *words,
                      const char *refused, struct err *e);
