#define _GNU_SOURCE
#include "config.h"

#include "common/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "dnsproof: out of memory\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)n;
	_exit(70);
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

char *xstrdup(const char *text)
{
	return text ? xstrndup(text, strlen(text)) : NULL;
}

char *xstrndup(const char *text, size_t n)
{
	size_t len = strnlen(text, n);
	char *copy = xrealloc(NULL, len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *xasprintf(const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		out_of_memory();
	va_end(ap);
	return text;
}

void *xgrow(void *array, size_t count, size_t size)
{
	size_t most = count < 4 ? 4 : 2 * count;

	if (count && (count < 4 || (count & (count - 1))))
		return array;
	if (count > SIZE_MAX / 4 / size)
		out_of_memory();
	return xrealloc(array, most * size);
}

void mem_wipe(void *secret, size_t n)
{
	if (!secret)
		return;
#ifdef HAVE_EXPLICIT_BZERO
	explicit_bzero(secret, n);
#else
	for (volatile unsigned char *p = secret; n; n--)
		*p++ = 0;
#endif
}

void mem_wipe_free(char *secret)
{
	if (secret)
		mem_wipe(secret, strlen(secret));
	free(secret);
}

void mem_free_all(void *const *memory, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(memory[i]);
}
