#include "config.h"

#include "launcher/configuration/troubles.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"

#define TEXT_MOST 1000

void troubles_add(struct troubles *t, enum trouble_kind kind, unsigned file, unsigned line,
                  const char *format, ...)
{
	char text[TEXT_MOST];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	t->at = xgrow(t->at, t->n, sizeof *t->at);
	t->at[t->n] = (struct trouble){kind, file, line, t->n, str_printable(text, TEXT_MOST)};
	t->n++;
	t->broken += kind == TROUBLE_BROKEN;
	t->lines += kind == TROUBLE_LINE;
}

void troubles_drop(struct troubles *t, size_t which)
{
	t->broken -= t->at[which].kind == TROUBLE_BROKEN;
	t->lines -= t->at[which].kind == TROUBLE_LINE;
	free(t->at[which].text);
	t->n--;
	memmove(&t->at[which], &t->at[which + 1], (t->n - which) * sizeof *t->at);
}

static int compare(const void *a, const void *b)
{
	const struct trouble *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void troubles_sort(struct troubles *t)
{
	if (t->n)
		qsort(t->at, t->n, sizeof *t->at, compare);
}

void troubles_free(struct troubles *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->at[i].text);
	free(t->at);
	*t = (struct troubles){0};
}
