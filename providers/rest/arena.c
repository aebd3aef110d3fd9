#include "config.h"

#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 8000
#define ALIGN 16

struct arena_block {
	struct arena_block *older;
	size_t used, room;
	_Alignas(ALIGN) char bytes[];
};

static struct arena_block *block_new(size_t least, struct arena_block *older)
{
	size_t room = least > BLOCK ? least : BLOCK;
	struct arena_block *b = calloc(1, sizeof(*b) + room);

	if (!b)
		_exit(70);
	b->older = older;
	b->room = room;
	return b;
}

void *arena_get(struct arena *a, size_t n)
{
	void *at;

	if (n > SIZE_MAX / 4)
		_exit(70);
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (!a->block || a->block->room - a->block->used < n)
		a->block = block_new(n, a->block);
	at = a->block->bytes + a->block->used;
	a->block->used += n;
	return at;
}

char *arena_copy(struct arena *a, const void *bytes, size_t n)
{
	char *copy = arena_get(a, n + 1);

	if (n)
		memcpy(copy, bytes, n);
	return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = arena_get(a, (size_t)(n < 0 ? 0 : n) + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)(n < 0 ? 0 : n) + 1, format, args);
	va_end(args);
	return text;
}

void arena_drop(struct arena *a)
{
	while (a->block) {
		struct arena_block *older = a->block->older;

		explicit_bzero(a->block->bytes, a->block->used);
		free(a->block);
		a->block = older;
	}
}

struct bytes bytes_of(const char *text)
{
	return (struct bytes){text, strlen(text)};
}

void text_start(struct text *t, struct arena *a)
{
	*t = (struct text){.arena = a, .at = arena_get(a, 1)};
}

void text_add(struct text *t, const void *bytes, size_t n)
{
	if (t->room - t->n <= n) {
		size_t room = (t->n + n + 1) * 2;
		char *larger = arena_get(t->arena, room);

		memcpy(larger, t->at, t->n);
		t->at = larger;
		t->room = room;
	}
	if (n)
		memcpy(t->at + t->n, bytes, n);
	t->n += n;
	t->at[t->n] = '\0';
}

void text_str(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

struct bytes text_bytes(const struct text *t)
{
	return (struct bytes){t->at, t->n};
}
