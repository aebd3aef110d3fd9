#include "config.h"

#include "credentials.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"

static char *source_words(const char *source)
{
	static const char *const kinds[][2] = {
	    {"file:", ""},
	    {"env:", "environment variable "},
	    {"cred:", "systemd credential "},
	    {"cmd:", "the command "},
	    {"fd:", "file descriptor "},
	};
	char *words = NULL, *shown;

	for (size_t i = 0; !words && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_starts(source, kinds[i][0]))
			words = xasprintf("%s%s", kinds[i][1], source + strlen(kinds[i][0]));
	shown = str_printable(words ? words : source, 200);
	free(words);
	return shown;
}

/* "the token from /etc/token and the key from environment variable KEY"; *n of them, *last the last one's option. New. */
static char *list_words(const struct dnsproof_provider *p, const struct givens *given, size_t *n,
                        const struct dnsproof_option **last)
{
	struct strs each = {0};
	char *words;

	for (const struct dnsproof_option *o = p->options; o && o->key; o++) {
		const struct given *g = o->flags & DNSPROOF_SECRET ? givens_find(given, o->key) : NULL;
		char *source, *one;

		if (!g || !g->source)
			continue;
		source = source_words(g->source);
		one = xasprintf("the %s from %s", o->key, source);
		strs_add(&each, one);
		*last = o;
		free(one);
		free(source);
	}
	*n = each.n;
	words = strs_join(&each, " and ");
	strs_free(&each);
	return words;
}

/* What stands after "NAME: " at the begin of the text, else the text. */
static const char *after_name(const char *text, const char *name)
{
	size_t n = strlen(name);

	return n && !strncmp(text, name, n) && !strncmp(text + n, ": ", 2) ? text + n + 2 : text;
}

char *credentials_words(const struct dnsproof_provider *p, const struct givens *given, const char *zone,
                        const char *message)
{
	const char *detail = after_name(after_name(message, p->name), zone);
	const struct dnsproof_option *only = NULL;
	size_t n;
	char *list = list_words(p, given, &n, &only), *words;

	if (!n)
		words = xstrdup(message);
	else if (!strstr(detail, "HTTP "))
		words = xasprintf("%s (with %s)", message, list);
	else if (n == 1)
		words = xasprintf("%s refused %s for %s (%s); needed: %s", p->name, list, zone, detail,
		                  only->help ? only->help : only->key);
	else
		words = xasprintf("%s refused %s for %s (%s); \"dnsproof providers %s\" says what is needed",
		                  p->name, list, zone, detail, p->name);
	free(list);
	return words;
}
