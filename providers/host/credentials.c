#include "config.h"

#include "credentials.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

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

void credentials_note(struct credentials *c, const struct dnsproof_provider *p, const struct givens *given)
{
	for (const struct dnsproof_option *o = p->options; o && o->key; o++) {
		const struct given *g = o->flags & DNSPROOF_SECRET ? givens_find(given, o->key) : NULL;
		char *words;

		if (!g || !g->source)
			continue;
		words = source_words(g->source);
		strs_add(&c->keys, o->key);
		strs_add(&c->sources, words);
		strs_add(&c->helps, o->help ? o->help : o->key);
		free(words);
	}
}

void credentials_free(struct credentials *c)
{
	strs_free(&c->keys);
	strs_free(&c->sources);
	strs_free(&c->helps);
	*c = (struct credentials){0};
}

/* "the token from /etc/token and the key from environment variable KEY" */
static char *list_words(const struct credentials *c)
{
	struct strs each = {0};
	char *words;

	for (size_t i = 0; i < c->keys.n; i++) {
		char *one = xasprintf("the %s from %s", c->keys.at[i], c->sources.at[i]);

		strs_add(&each, one);
		free(one);
	}
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

char *credentials_words(const struct credentials *c, const struct dnsproof_provider *p, const char *zone,
                        const char *message)
{
	const char *detail = after_name(after_name(message, p->name), zone);
	char *list, *words;

	if (!c->keys.n)
		return xstrdup(message);
	list = list_words(c);
	if (!strstr(detail, "HTTP "))
		words = xasprintf("%s (with %s)", message, list);
	else if (c->keys.n == 1)
		words = xasprintf("%s refused %s for %s (%s); needed: %s", p->name, list, zone, detail,
		                  c->helps.at[0]);
	else
		words = xasprintf("%s refused %s for %s (%s); \"dnsproof providers %s\" says what is needed",
		                  p->name, list, zone, detail, p->name);
	free(list);
	return words;
}
