/* What a CA suggests about the renewal of one certificate (RFC 9773 section 4). Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct renewal_window {
	int64_t start, end; /* seconds since 1970, start < end */
	char *explanation;  /* https URL, or NULL */
};

/* The object of section 4.2; until: when the certificate expires. False with e when it is none, or when the window is
 * no use: it ends before it begins, or begins after the certificate's end. */
bool renewal_window_parse(const json_t *json, int64_t until, struct renewal_window *w, struct err *e);
void renewal_window_clear(struct renewal_window *w);

/* Seconds to the next question at least, from what Retry-After said (milliseconds, 0 = nothing): 1 minute to 1 day, 6
 * hours when it said nothing. */
int64_t renewal_ask_after_s(uint64_t retry_after_ms);

/* base64url "." base64url, as of section 4.1. */
bool renewal_id_valid(const char *cert_id);
