#include "config.h"

#include "help.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"

static bool is_secret(const struct dnsproof_provider *p, const char *key)
{
	for (const struct dnsproof_option *o = p->options; o && o->key; o++)
		if (strcmp(o->key, key) == 0)
			return (o->flags & DNSPROOF_SECRET) != 0;
	return true;
}

static const char *value_of(const struct dnsproof_provider *p, const struct givens *given, const char *key,
                            const char *name)
{
	const struct given *g;

	if (strcmp(key, "name") == 0)
		return name;
	g = given ? givens_find(given, key) : NULL;
	return g && !g->source && !is_secret(p, key) ? g->value : NULL;
}

/* at: what stands after "{". Returns what stands after "}". */
static const char *hole_fill(struct buf *b, const char *at, const struct dnsproof_provider *p,
                             const struct givens *given, const char *name)
{
	size_t key_n = strcspn(at, "|}"), n = strcspn(at, "}");
	char *key = xstrndup(at, key_n);
	const char *value = value_of(p, given, key, name);

	if (value) {
		char *first = xstrndup(value, strcspn(value, " ,"));
		char *shown = str_printable(first, 300);
		buf_add_str(b, shown);
		free(shown);
		free(first);
	} else if (key_n < n) {
		buf_add(b, at + key_n + 1, n - key_n - 1);
	}
	free(key);
	return at + n + (at[n] == '}');
}

char *help_text(const struct dnsproof_provider *p, const struct givens *given, const char *name)
{
	const char *at = p->help;
	struct buf b;

	if (!at)
		return NULL;
	buf_init(&b, 0);
	while (*at) {
		size_t n = strcspn(at, "{");
		buf_add(&b, at, n);
		at += n;
		if (at[0] == '{' && at[1] == '{') {
			buf_add_str(&b, "{");
			at += 2;
		} else if (*at == '{') {
			at = hole_fill(&b, at + 1, p, given, name);
		}
	}
	return buf_take(&b);
}
