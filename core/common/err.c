#include "config.h"

#include "common/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void mark_cut(char *text, size_t room, int len)
{
	if (len >= (int)room)
		memcpy(text + room - 4, "...", 4);
}

bool err_set(struct err *e, const char *format, ...)
{
	char text[sizeof(e->text)]; /* the arguments may point into e */
	va_list ap;

	if (!e)
		return false;
	va_start(ap, format);
	mark_cut(text, sizeof(text), vsnprintf(text, sizeof(text), format, ap));
	va_end(ap);
	memcpy(e->text, text, strlen(text) + 1);
	return false;
}

bool err_prefix(struct err *e, const char *format, ...)
{
	char prefix[sizeof(e->text)];
	va_list ap;

	if (!e)
		return false;
	va_start(ap, format);
	mark_cut(prefix, sizeof(prefix), vsnprintf(prefix, sizeof(prefix), format, ap));
	va_end(ap);
	return err_set(e, "%s: %s", prefix, e->text);
}
