/* A request as it is going to be sent: its parts, its body, its signature. */
#pragma once

#include "pairs.h"
#include "run.h"
#include "target.h"

struct outgoing {
	struct target target;
	struct pairs query, header, form;
	json_t *json; /* kept by the run; NULL = no JSON body */
	const char *body;
	size_t body_len;
	const char *content_type;
	const char *url;
};

/* Makes all of it from a step, but for sending; `next` is NULL or the URL of another page; `extra` are
 * parameters of the query that paging adds. False or a result code with the failure recorded; 0 is ok. */
int outgoing_make(struct run *r, const json_t *step, const char *next, const struct pairs *extra,
                  struct outgoing *o);
