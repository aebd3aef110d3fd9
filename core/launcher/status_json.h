/* What `status --json` shows: one object, written as the certificates come. */
#pragma once

#include <stdio.h>

#include "launcher/status.h"
#include "launcher/status_count.h"

struct status_json {
	const struct status *status;
	FILE *out;  /* borrowed */
	bool begun; /* a certificate is there */
	struct buf line;
};

void status_json_begin(struct status_json *j, const struct status *s, FILE *out);
void status_json_row(struct status_json *j, const struct standing_certificate *c);
void status_json_end(struct status_json *j, const struct status_counts *counts);

/* Adds a certificate's object: as text, for speed. */
void status_json_certificate(struct buf *b, const struct standing_certificate *c, int64_t now);

/* Prints `"NAME":VALUE`; value is stolen. */
void status_json_member(FILE *out, const char *name, json_t *value);

/* The same for each member of an object, a comma before each; it is stolen. */
void status_json_members(FILE *out, json_t *object);
