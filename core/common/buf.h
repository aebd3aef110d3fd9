/* A growing byte buffer with a cap. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data; /* owned; NUL-terminated after the last byte once anything was added */
	size_t len;
	size_t room;
	size_t cap; /* most bytes it may hold; 0 = no cap */
};

void buf_init(struct buf *b, size_t cap);

/* Append; false (and nothing added) when the cap would be passed. */
bool buf_add(struct buf *b, const void *bytes, size_t n);
bool buf_add_str(struct buf *b, const char *text);
bool buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Drops the first n bytes (n <= len). */
void buf_drop(struct buf *b, size_t n);

/* Hands the NUL-terminated content over (new reference, never NULL) and empties b. */
char *buf_take(struct buf *b);

/* Frees the content; b may be used again. buf_wipe overwrites it first. */
void buf_free(struct buf *b);
void buf_wipe(struct buf *b);
