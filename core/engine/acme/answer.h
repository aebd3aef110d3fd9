/* What a request to a CA ends with. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/str.h"
#include "engine/acme/problem.h"

struct acme_answer {
	int status;                    /* 0 = no answer */
	const struct problem *problem; /* what went wrong, or NULL when status is 2xx */
	bool maybe_done;               /* no answer came, yet the CA may have acted */
	json_t *json;                  /* borrowed; the body where it is a JSON object, else NULL */
	const char *body;              /* raw */
	size_t body_len;
	const char *content_type;
	const char *location;          /* validated https URL or NULL */
	uint64_t retry_after_ms;       /* 0 = none; at least 1 s, at most 7 days */
	const struct strs *alternates; /* Link rel=alternate */
};

typedef void acme_fn(void *arg, const struct acme_answer *answer);
