/* `status --json`: one object, written as the certificates come. */
#pragma once

#include "launcher/status.h"
#include "launcher/status_count.h"

struct status_json {
	const struct status *status;
	bool begun; /* a certificate is there */
	struct buf line;
};

void status_json_begin(struct status_json *j, const struct status *s);
void status_json_row(struct status_json *j, const struct standing_certificate *c);
void status_json_end(struct status_json *j, const struct status_counts *counts);

/* Adds a certificate's object: as text, for speed. */
void status_json_certificate(struct buf *b, const struct standing_certificate *c, int64_t now);

/* Prints `"NAME":VALUE`; value is stolen. */
void status_json_member(const char *name, json_t *value);
