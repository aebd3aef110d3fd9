/* YAML (common/yaml_tree.h) with typed plain scalars, as JSON: descriptors and cases; at most 256 KiB. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

#define CONF_MOST (256 * 1024)

/* Plain scalars are null (~ null), booleans (true false yes no on off), integers or text; quoted and
 * block ones are text. */
struct conf {
	char *file;    /* as it is called in messages */
	json_t *root;  /* null for an empty file */
	json_t *lines; /* pointer of each value (RFC 6901: "/a/0/b") -> its line, from 1 */
};

/* Both: false with e, "file:line: what, expected what"; c is to be freed in any case. */
bool conf_parse(struct conf *c, const char *file, const void *text, size_t n, struct err *e);
bool conf_read(struct conf *c, const char *file, int fd, struct err *e); /* until its end; fd stays open */
void conf_free(struct conf *c);

/* The line of the value, or of the nearest one above it that has one. */
int conf_line(const struct conf *c, const char *pointer);

/* pointer + "/" + key, escaped. New string. */
char *conf_pointer(const char *above, const char *key);

/* Fills e with "file:line: ..."; returns false. */
bool conf_wrong(const struct conf *c, const char *pointer, struct err *e, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
