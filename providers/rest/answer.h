/* What the server said, parsed. */
#pragma once

#include "run.h"

struct answer {
	int status;
	const json_t *json;    /* borrowed from the call, NULL if the body is none */
	const json_t *headers; /* object, names in lower case */
	const char *text;      /* the body, trimmed */
	bool loose;            /* not JSON: lists that are empty are not there at all */
};

/* Takes a copy of what the host gave, alive until the call ends. kind: json, text, lines, xml, form,
 * pairs. False with a failure recorded: not of that kind. */
bool answer_read(struct run *r, const struct dnsproof_http_answer *from, const char *kind, struct answer *a);
