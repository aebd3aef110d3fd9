/* Memory that lives until a call ends, and text that grows in it. */
#pragma once

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *block; /* newest; NULL at first */
};

/* Zeroed; never NULL (without memory the process ends). */
void *arena_get(struct arena *a, size_t n);
char *arena_copy(struct arena *a, const void *bytes, size_t n); /* NUL-terminated besides */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_drop(struct arena *a); /* wipes and frees all */

/* Octets, not owned; NUL-terminated besides when they come from an arena. */
struct bytes {
	const char *at;
	size_t n;
};

struct bytes bytes_of(const char *text);

struct text {
	struct arena *arena;
	char *at; /* "" at first */
	size_t n;
	size_t room;
};

void text_start(struct text *t, struct arena *a);
void text_add(struct text *t, const void *bytes, size_t n);
void text_str(struct text *t, const char *s);
struct bytes text_bytes(const struct text *t);
