/* A provider's option table and what the operator gave -> one typed JSON object for the module. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "provider.h"

#define OPTION_MOST (64 * 1024) /* octets of a value */

/* What was given for one option. */
struct given {
	char *key;
	char *value;
	char *source; /* "file:/path", "env:NAME"; NULL: typed literally */
};

struct givens {
	struct given *at;
	size_t n;
};

/* Takes value over; copies the others. */
void givens_add(struct givens *g, const char *key, char *value, const char *source);
const struct given *givens_find(const struct givens *g, const char *key);
void givens_drop(struct givens *g, const char *key); /* wipes its value; none of that key: nothing */
void givens_forget(struct givens *g);                /* wipes the values; keys and sources stay */
void givens_free(struct givens *g);                  /* wipes the values */

/*
 * Checks what was given against the table (NULL: a provider without options) and makes the object:
 * every option that has a value, as string, integer or boolean; defaults are filled in. Secrets are
 * handed to mask_add(). New reference, to be ended by options_free(); NULL with e, which says what to
 * type. Values of secrets are never in e.
 */
json_t *options_resolve(const struct dnsproof_option *table, const char *provider, const struct givens *given,
                        struct err *e);

/* Overwrites every string of the object. */
void options_wipe(json_t *options);

/* Wipes and drops the reference; NULL allowed. */
void options_free(json_t *options);

/* Reads a value from a descriptor until its end; one trailing newline is dropped. New string, or NULL
 * with e ("`what`: ..."): over OPTION_MOST, empty, a NUL octet in it, no UTF-8, read error. */
char *option_read(int fd, const char *what, struct err *e);
