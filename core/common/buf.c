#include "config.h"

#include "common/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

void buf_init(struct buf *b, size_t cap)
{
	*b = (struct buf){.cap = cap};
}

static bool reserve(struct buf *b, size_t n)
{
	size_t room = b->room ? b->room : 256;
	char *data;

	if (n > SIZE_MAX / 4 - b->len || (b->cap && b->len + n > b->cap))
		return false;
	if (b->len + n < b->room)
		return true;
	while (room <= b->len + n)
		room *= 2;
	data = xrealloc(NULL, room);
	if (b->data)
		memcpy(data, b->data, b->len);
	/* not realloc(): it could leave a secret behind */
	mem_wipe(b->data, b->len);
	free(b->data);
	b->data = data;
	b->room = room;
	return true;
}

bool buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (!reserve(b, n))
		return false;
	if (n)
		memcpy(b->data + b->len, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
	return true;
}

bool buf_add_str(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

bool buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n < 0 || !reserve(b, (size_t)n))
		return false;
	va_start(ap, format);
	vsnprintf(b->data + b->len, (size_t)n + 1, format, ap);
	va_end(ap);
	b->len += (size_t)n;
	return true;
}

void buf_drop(struct buf *b, size_t n)
{
	if (!n)
		return;
	memmove(b->data, b->data + n, b->len - n);
	b->len -= n;
	b->data[b->len] = '\0';
}

char *buf_take(struct buf *b)
{
	char *data = b->data ? b->data : xstrdup("");

	b->data = NULL;
	b->len = b->room = 0;
	return data;
}

void buf_free(struct buf *b)
{
	free(b->data);
	b->data = NULL;
	b->len = b->room = 0;
}

void buf_wipe(struct buf *b)
{
	mem_wipe(b->data, b->room);
	buf_free(b);
}
