/* A failure of the world, told in words: the thing, the trouble, what to do. */
#pragma once

#include <stdbool.h>

struct err {
	char text[1024]; /* always NUL-terminated, one line unless said otherwise */
};

/* Fills e (may be NULL) and returns false, so that callers write `return err_set(...)`. */
bool err_set(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "prefix: " before what e holds; returns false. */
bool err_prefix(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
