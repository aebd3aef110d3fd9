/* The small languages inside a descriptor's texts. */
#pragma once

#include "common/err.h"
#include "descriptor.h"

/* Where a text stands and what it may use. */
struct place {
	const struct descriptor *d;
	const json_t *known; /* names_known() */
	const char *pointer;
};

/* Each: false with e. */
bool text_template(const struct place *p, const char *text, struct err *e);
bool text_path(const struct place *p, const char *text, struct err *e);
bool text_cond(const struct place *p, const char *text, struct err *e);
/* METHOD /path?query, METHOD https://host/path, METHOD {url}/path */
bool text_request(const struct place *p, const char *text, struct err *e);
/* https://host/path; the host may hold credentials of kind label and those with choices. */
bool text_base(const struct place *p, const char *text, struct err *e);
