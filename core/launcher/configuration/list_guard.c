#include "config.h"

#include "launcher/configuration/list_guard.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/configuration/certificates_add.h"
#include "launcher/configuration/list_file.h"

#define ALWAYS        20
#define SHARE         5   /* per cent */
#define SEARCHES_MOST 100 /* wrong lines whose names are looked for in all certificates */

static bool note(void *who, const struct text_line *line)
{
	struct list_guard *g = who;
	char *name[TEXT_WORDS_MOST];
	struct wanted w = {.name = name, .origin = {0, line->number}};
	struct err ignored;
	for (size_t i = 0; i < line->n; i++)
		if (strcmp(line->word[i], ">") == 0 && i + 1 < line->n)
			w.id = line->word[++i];
		else if (!strchr(line->word[i], '='))
			name[w.names++] = line->word[i];
	certificates_add(&g->before, &w, &ignored);
	return true;
}

void list_guard_begin(struct list_guard *g, const struct text_file *file)
{
	struct troubles ignored = {0};
	*g = (struct list_guard){.file = file};
	struct scope s = {.c = &g->before, .t = &ignored};
	strs_add(&g->before.files, file->path);
	text_lines(&s, &file->before, note, g);
	g->start = text_starts(&file->before, &g->starts);
	troubles_free(&ignored);
}

void list_guard_end(struct list_guard *g)
{
	configuration_free(&g->before);
	free(g->start);
}

static bool has_name(const char *names, const char *name)
{
	size_t n = strlen(name);
	for (const char *at = names; (at = strstr(at, name)); at++)
		if ((at == names || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

/* By its ID, or else the first that has the name. */
static const struct configured *find(struct list_guard *g, const char *name, bool search)
{
	const struct configured *k = configuration_find(&g->before, str_starts(name, "*.") ? name + 2 : name);
	for (size_t i = 0; !k && search && i < g->before.n; i++)
		if (has_name(g->before.at[i].names, name))
			k = &g->before.at[i];
	return k;
}

static const struct configured *find_word(struct list_guard *g, const char *word, bool search)
{
	struct err ignored;
	char *name = name_normalise(word, &ignored);
	const struct configured *k = name ? find(g, name, search) : NULL;
	free(name);
	return k;
}

const struct configured *list_guard_described(struct list_guard *g, char *text)
{
	struct text_line *line = xcalloc(1, sizeof *line);
	const struct configured *k = NULL;
	text_cut(line, text);
	for (size_t i = 0; !k && i + 1 < line->n; i++)
		if (strcmp(line->word[i], ">") == 0)
			k = configuration_find(&g->before, line->word[i + 1]);
	bool search = !k && g->searches++ < SEARCHES_MOST;
	for (int pass = 0; !k && pass <= search; pass++)
		for (size_t i = 0; !k && i < line->n; i++)
			k = find_word(g, line->word[i], pass);
	free(line);
	return k;
}

bool list_guard_most_is_fine(const char *text)
{
	size_t n = strspn(text, "0123456789"), rest = n + strspn(text + n, " ");
	if (!n || n > 8)
		return false;
	return !text[rest] || (strcmp(text + rest, "%") == 0 && atoi(text) <= 100);
}

size_t list_guard_most(const char *max_change, size_t n)
{
	bool plain = max_change && !strchr(max_change, '%');
	size_t number = max_change ? strtoul(max_change, NULL, 10) : SHARE;
	if (plain)
		return number;
	if (number >= 100)
		return SIZE_MAX;
	return n * number / 100 > ALWAYS ? n * number / 100 : ALWAYS;
}
