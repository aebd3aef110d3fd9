#include "config.h"

#include "launcher/configuration/zone_file.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "launcher/configuration/text_file.h"
#include "launcher/names.h"

#define VALUE_SET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
#define WORD_SET  "abcdefghijklmnopqrstuvwxyz0123456789_"

struct reading {
	struct scope s;
	struct config_dns *d;
};

static void wrong(struct reading *r, const struct text_line *line, const char *word, const char *text)
{
	char *shown = str_printable(word, 60);
	troubles_add(r->s.t, TROUBLE_LINE, r->s.file, line->number, "'%s'%s", shown, text);
	free(shown);
}

static bool word_is_fine(struct reading *r, const struct text_line *line, const char *word)
{
	size_t n = strspn(word, WORD_SET);
	const char *value = word + n + 1;
	if (!n || word[n] != '=')
		wrong(r, line, word, ", expected word=value behind the zone");
	else if (strncmp(word, "zone=", 5) == 0)
		wrong(r, line, word, ": zone is the first word of the line, expected another word");
	else if (!*value || value[strspn(value, VALUE_SET)] || strstr(value, ".."))
		wrong(r, line, word, ", expected a value of A-Z, a-z, 0-9, '.', '_' and '-', without '..'");
	else
		return true;
	return false;
}

/* The value of a word in a line; NULL. */
static const char *value_of(const struct text_line *line, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 1; i < line->n; i++)
		if (strncmp(line->word[i], word, n) == 0 && line->word[i][n] == '=')
			return line->word[i] + n + 1;
	return NULL;
}

/* The values of the account's words, in order; new, NULL when one is missing. */
static char *values_of(struct reading *r, const struct text_line *line, const char *zone)
{
	struct buf b;
	buf_init(&b, 0);
	for (size_t i = 0; i < r->d->words.n; i++) {
		const char *word = r->d->words.at[i];
		const char *value = strcmp(word, "zone") == 0 ? zone : value_of(line, word);
		if (!value) {
			char *text =
			    xasprintf(" has no %s=..., expected it: the account's set uses {%s}", word, word);
			wrong(r, line, line->word[0], text);
			free(text);
			buf_free(&b);
			return NULL;
		}
		buf_printf(&b, "%s%s=%s", i ? " " : "", word, value);
	}
	return buf_take(&b);
}

static bool take(void *who, const struct text_line *line)
{
	struct reading *r = who;
	struct config_dns *d = r->d;
	struct err e;
	bool ok = true;
	for (size_t i = 1; i < line->n; i++)
		ok = word_is_fine(r, line, line->word[i]) && ok;
	char *zone = names_pattern(line->word[0], false, &e);
	if (!zone)
		wrong(r, line, line->word[0], ", expected a zone name in ASCII (A-labels)");
	char *values = ok && zone ? values_of(r, line, zone) : NULL;
	if (values) {
		d->line = xgrow(d->line, d->lines, sizeof *d->line);
		d->line[d->lines++] =
		    (struct zone_line){.zone = arena_text(&r->s.c->arena, zone, strlen(zone)),
		                       .values = arena_text(&r->s.c->arena, values, strlen(values)),
		                       .line = line->number};
	}
	ok = values != NULL;
	free(values);
	free(zone);
	return ok;
}

static int compare(const void *a, const void *b)
{
	const struct zone_line *x = a, *y = b;
	int order = strcmp(x->zone, y->zone);
	return order ? order : x->line < y->line ? -1 : 1;
}

static int by_zone(const void *key, const void *one)
{
	return strcmp(key, ((const struct zone_line *)one)->zone);
}

static void sort(struct config_dns *d)
{
	if (d->lines)
		qsort(d->line, d->lines, sizeof *d->line, compare);
}

/* Among the first n of them; NULL. */
static struct zone_line *line_of_zone(const struct config_dns *d, size_t n, const char *zone)
{
	return n ? bsearch(zone, d->line, n, sizeof *d->line, by_zone) : NULL;
}

/* Of two lines of one zone the first stands. */
static void drop_duplicates(struct reading *r)
{
	struct config_dns *d = r->d;
	size_t kept = 0;
	for (size_t i = 0; i < d->lines; i++) {
		if (kept && strcmp(d->line[kept - 1].zone, d->line[i].zone) == 0) {
			troubles_add(r->s.t, TROUBLE_LINE, r->s.file, d->line[i].line,
			             "'%s' is on line %u already, expected it once", d->line[i].zone,
			             (unsigned)d->line[kept - 1].line);
			continue;
		}
		d->line[kept++] = d->line[i];
	}
	d->lines = kept;
}

/* A zone of the accepted copy. */
struct before {
	char *zone;
	unsigned line;
};

struct mending {
	struct reading *r;
	struct text_file *f;
	struct before *at; /* sorted by zone */
	size_t n, lines;   /* lines: of the account, sorted, as far as the file has them */
	size_t *start, starts;
};

static bool note_before(void *who, const struct text_line *line)
{
	struct mending *m = who;
	struct err ignored;
	char *zone = names_pattern(line->word[0], false, &ignored);
	if (zone) {
		m->at = xgrow(m->at, m->n, sizeof *m->at);
		m->at[m->n++] = (struct before){zone, line->number};
	}
	return true;
}

static int by_zone_before(const void *a, const void *b)
{
	return strcmp(((const struct before *)a)->zone, ((const struct before *)b)->zone);
}

/* The line of the copy for the zone that the wrong line begins with. */
static unsigned match(void *who, unsigned number, char *text)
{
	struct mending *m = who;
	struct text_line *line = xcalloc(1, sizeof *line);
	struct err ignored;
	char *zone = text_cut(line, text) && line->n ? names_pattern(line->word[0], false, &ignored) : NULL;
	const struct before key = {zone, 0}, *old = NULL;
	if (zone && m->n)
		old = bsearch(&key, m->at, m->n, sizeof *m->at, by_zone_before);
	unsigned found = 0;
	if (old && !line_of_zone(m->r->d, m->lines, zone)) {
		char *copy = text_line_copy(&m->f->before, m->start, m->starts, old->line);
		line->number = number;
		if (text_cut(line, copy) && line->n && take(m->r, line))
			found = old->line;
		free(copy);
	}
	free(zone);
	free(line);
	return found;
}

/* A wrong line's zone stays as it was. */
static void mend(struct reading *r, struct text_file *f)
{
	struct mending m = {.r = r, .f = f, .lines = r->d->lines};
	struct troubles ignored = {0};
	struct scope s = r->s;
	s.t = &ignored;
	sort(r->d);
	text_lines(&s, &f->before, note_before, &m);
	if (m.n)
		qsort(m.at, m.n, sizeof *m.at, by_zone_before);
	m.start = text_starts(&f->before, &m.starts);
	text_file_mend(f, match, &m);
	for (size_t i = 0; i < m.n; i++)
		free(m.at[i].zone);
	free_all(m.at, m.start);
	troubles_free(&ignored);
}

void zone_file_read(const struct scope *s, struct config_dns *d, const char *path)
{
	struct reading r = {.s = *s, .d = d};
	struct text_file f;
	r.s.tree = NULL;
	text_file_open(&r.s, path, &f);
	if (f.usable)
		text_file_lines(&r.s, &f, take, &r);
	else if (f.differs)
		text_lines(&r.s, &f.before, take, &r);
	if (f.usable && f.differs && f.wrongs)
		mend(&r, &f);
	text_file_close(&r.s, &f, !f.usable && f.differs);
	sort(d);
	drop_duplicates(&r);
}

struct zone_line *zone_file_find(const struct config_dns *d, const char *name)
{
	struct zone_line *found = NULL;
	for (; name && *name && !found; name = name_parent(name))
		found = line_of_zone(d, d->lines, name);
	return found;
}

static char *value_in(const struct zone_line *line, const char *word, size_t n)
{
	for (const char *at = line->values; at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL)
		if (strncmp(at, word, n) == 0 && at[n] == '=')
			return xstrndup(at + n + 1, strcspn(at + n + 1, " "));
	return NULL;
}

static char *expanded(const struct zone_line *line, const char *text)
{
	struct buf b;
	buf_init(&b, 0);
	while (*text) {
		size_t n = *text == '{' ? strspn(text + 1, WORD_SET) : 0;
		char *value = n && text[n + 1] == '}' ? value_in(line, text + 1, n) : NULL;
		if (value)
			buf_add_str(&b, value);
		else
			buf_add(&b, text, 1);
		text += value ? n + 2 : 1;
		free(value);
	}
	return buf_take(&b);
}

json_t *zone_file_set(const struct config_dns *d, const struct zone_line *line)
{
	json_t *all = json_object(), *v;
	const char *key;
	json_object_foreach(json_object_get(d->settings, spec_name(KEY_SET)), key, v)
	{
		char *text = expanded(line, json_string_value(v));
		json_object_set_new(all, key, json_string(text));
		free(text);
	}
	return all;
}
