/* Small text helpers and domain names as text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

/* A list of owned strings. */
struct strs {
	char **at;
	size_t n;
};

void strs_add(struct strs *s, const char *text);   /* copies */
void strs_words(struct strs *s, const char *text); /* adds those between spaces; NULL has none */
bool strs_has(const struct strs *s, const char *text);
void strs_sort(struct strs *s);                             /* byte order */
char *strs_join(const struct strs *s, const char *between); /* new, "" when empty */
void strs_free(struct strs *s);

bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);

/* Replaces control characters and invalid UTF-8 by '?', so that hostile text can be shown on a
 * terminal or in a log; returns a new string of at most `most` bytes, "..." marking a cut. */
char *str_printable(const char *text, size_t most);

/* True if text is 1..most characters of base64url alphabet, at least `least`. */
bool str_is_b64url(const char *text, size_t least, size_t most);

/* A certificate name as typed -> lower-case A-label form without trailing dot (IDNA by libidn2;
 * "*." in front allowed once). New string, or NULL with e saying what is wrong with it. */
char *name_normalise(const char *typed, struct err *e);

/* Domain names below are lower case, without trailing dot; the root is "". */
bool name_is_below(const char *name, const char *zone); /* equal counts; "" is above all */
const char *name_parent(const char *name);              /* borrowed; NULL for the root */
size_t name_labels(const char *name);

/* Name relative to its zone: "@" at the apex; NULL if it is not below. New string. */
char *name_relative(const char *name, const char *zone);

/* Does name match a target pattern? "**.x": any name below x; "*.x": one label below x; else
 * equality. Both sides lower case, no trailing dot. */
bool name_matches(const char *name, const char *pattern);
