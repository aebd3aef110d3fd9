#include "config.h"

#include "common/arena.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#define BLOCK ((size_t)64 * 1024)

struct arena_block {
	struct arena_block *before;
	_Alignas(max_align_t) char bytes[];
};

static void *take(struct arena *a, size_t size, size_t align)
{
	size_t at = (a->used + align - 1) / align * align;
	if (!a->last || at + size > a->room) {
		size_t room = size > BLOCK ? size : BLOCK;
		struct arena_block *block = xcalloc(1, sizeof *block + room);
		block->before = a->last;
		a->last = block;
		a->room = room;
		at = 0;
	}
	a->used = at + size;
	return a->last->bytes + at;
}

void *arena_take(struct arena *a, size_t size)
{
	return take(a, size, _Alignof(max_align_t));
}

char *arena_text(struct arena *a, const char *text, size_t n)
{
	char *copy = take(a, n + 1, 1);
	if (n && text)
		memcpy(copy, text, n);
	copy[n] = '\0';
	return copy;
}

void arena_free(struct arena *a)
{
	while (a->last) {
		struct arena_block *before = a->last->before;
		free(a->last);
		a->last = before;
	}
	*a = (struct arena){0};
}
