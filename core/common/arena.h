/* Memory for many small things that end together. */
#pragma once

#include <stddef.h>

struct arena {
	struct arena_block *last; /* owned; {0} is an empty arena */
	size_t used, room;        /* of the last block */
};

/* Zeroed memory, aligned for any object, until arena_free(). Never NULL. */
void *arena_take(struct arena *a, size_t size);

/* A copy of n octets with a NUL behind; text NULL: only the room for them. */
char *arena_text(struct arena *a, const char *text, size_t n);

void arena_free(struct arena *a);
