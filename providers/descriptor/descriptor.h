/* Descriptors: providers that are data (dnsproof-descriptor(5)). Finding and reading them. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

struct descriptor {
	char *name; /* of the provider */
	char *file;
	json_t *root;   /* with what it extends merged in, and without `extends` */
	json_t *places; /* pointer of each value (RFC 6901) -> "file:line" */
	bool own;       /* the operator's, not a shipped one */
};

/* Is there NAME.yaml in the folder (NULL: the operator's, then the shipped ones)? */
bool descriptor_exists(const char *name, const char *folder);

/* Reads it and what it extends. The files are judged as modules are. NULL with e. Not checked yet. */
struct descriptor *descriptor_read(const char *name, const char *folder, struct err *e);
void descriptor_free(struct descriptor *d); /* NULL allowed */

/* Adds the names of all; not sorted, none twice. A folder that is not there is empty. */
bool descriptor_names(const char *folder, struct strs *names, struct err *e);

/* Fills e with "file:line: ..." of the value at the pointer; returns false. */
bool descriptor_wrong(const struct descriptor *d, const char *pointer, struct err *e, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
