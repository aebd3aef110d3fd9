#include "config.h"

#include "launcher/configuration/text_file.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/configuration/file_text.h"

#define BOM "\xef\xbb\xbf"

static bool wrong(const struct scope *s, const char *text, bool before)
{
	troubles_add(s->t, TROUBLE_LINE, s->file, 0, "%s%s", text,
	             before ? "; its previous lines stay in force" : "");
	return false;
}

/* The accepted copy, if it is another. */
static void open_before(const struct scope *s, struct text_file *f)
{
	const struct accepted *a = s->c->accepted;
	const struct accepted_file *old = a && !a->only ? accepted_find(&a->old, f->path) : NULL;
	struct err ignored;
	if (!old || !old->copy)
		return;
	if (f->usable && accepted_digest_of(f->text.data, f->text.len) == old->digest)
		return;
	f->differs = accepted_copy(a, old, &f->before, &ignored) && f->before.len;
}

void text_file_open(struct scope *s, const char *path, struct text_file *f)
{
	struct err e;
	*f = (struct text_file){.path = path};
	buf_init(&f->text, TEXT_FILE_MOST);
	buf_init(&f->before, 0);
	buf_init(&f->mended, 0);
	strs_add(&s->c->files, path);
	s->file = (unsigned)s->c->files.n - 1;
	f->usable = file_text_read(s->c->accepted, ACCEPTED_TEXT, path, &f->text, &e);
	open_before(s, f);
	if (!f->usable)
		wrong(s, e.text, f->differs);
	else if (!f->text.len)
		f->usable = wrong(s, "empty, expected lines", f->differs);
	else if (f->differs && f->text.data[f->text.len - 1] != '\n')
		f->usable = wrong(s, "the last line has no end, expected a whole file", true);
}

static const char *trouble_of_line(const char *text, size_t n)
{
	unsigned odd = 0;
	if (n > TEXT_LINE_MOST)
		return "longer than 16 KiB, expected a shorter line";
	for (size_t i = 0; i < n; i++)
		odd |= (unsigned char)(text[i] - ' ') > '~' - ' ';
	if (!odd)
		return NULL;
	if (memchr(text, '\0', n))
		return "a NUL character, expected text";
	char *shown = str_printable(text, n + 1);
	bool same = true;
	for (size_t i = 0; same && text[i]; i++)
		same = text[i] == shown[i] || text[i] == '\t';
	free(shown);
	return same ? NULL : "control characters or no UTF-8, expected text in UTF-8";
}

bool text_cut(struct text_line *line, char *text)
{
	line->n = 0;
	while (*(text += strspn(text, " \t"))) {
		if (*text == '#')
			return true;
		if (line->n == TEXT_WORDS_MOST)
			return false;
		line->word[line->n++] = text;
		text += strcspn(text, " \t");
		if (*text)
			*text++ = '\0';
	}
	return true;
}

static bool take_line(const struct scope *s, struct text_line *line, char *text, size_t n, text_line_fn *take,
                      void *who)
{
	if (n && text[n - 1] == '\r')
		text[--n] = '\0';
	const char *trouble = trouble_of_line(text, n);
	if (!trouble && !text_cut(line, text))
		trouble = "more than 512 words, expected fewer";
	if (!trouble)
		return !line->n || take(who, line);
	troubles_add(s->t, TROUBLE_LINE, s->file, line->number, "%s", trouble);
	return false;
}

static size_t after_bom(const struct buf *text)
{
	return text->len >= strlen(BOM) && memcmp(text->data, BOM, strlen(BOM)) == 0 ? strlen(BOM) : 0;
}

/* f: NULL, or what remembers the wrong ones. */
static void lines(const struct scope *s, const struct buf *text, struct text_file *f, text_line_fn *take,
                  void *who)
{
	struct text_line *line = xcalloc(1, sizeof *line);
	struct buf copy;
	buf_init(&copy, 0);
	if (text->len)
		buf_add(&copy, text->data, text->len);
	char *at = copy.data, *end = at ? at + copy.len : at;
	at = at ? at + after_bom(text) : at;
	while (at < end) {
		char *stop = memchr(at, '\n', (size_t)(end - at));
		if (!stop)
			stop = end; /* buf has a NUL there */
		*stop = '\0';
		line->number++;
		if (!take_line(s, line, at, (size_t)(stop - at), take, who) && f) {
			f->wrong = xgrow(f->wrong, f->wrongs, sizeof *f->wrong);
			f->wrong[f->wrongs++] = line->number;
		}
		at = stop + 1;
	}
	buf_free(&copy);
	free(line);
}

void text_file_lines(const struct scope *s, struct text_file *f, text_line_fn *take, void *who)
{
	lines(s, &f->text, f, take, who);
}

void text_lines(const struct scope *s, const struct buf *text, text_line_fn *take, void *who)
{
	lines(s, text, NULL, take, who);
}

size_t *text_starts(const struct buf *text, size_t *n)
{
	size_t *at = NULL, from = after_bom(text);
	for (*n = 0; from < text->len; (*n)++) {
		const char *stop = memchr(text->data + from, '\n', text->len - from);
		at = xgrow(at, *n, sizeof *at);
		at[*n] = from;
		from = stop ? (size_t)(stop - text->data) + 1 : text->len;
	}
	return at;
}

static size_t length_of(const struct buf *text, size_t from)
{
	const char *stop = memchr(text->data + from, '\n', text->len - from);
	return (stop ? (size_t)(stop - text->data) : text->len) - from;
}

char *text_line_copy(const struct buf *text, const size_t *at, size_t n, unsigned number)
{
	if (!number || number > n)
		return xstrdup("");
	size_t length = length_of(text, at[number - 1]);
	if (length && text->data[at[number - 1] + length - 1] == '\r')
		length--;
	return xstrndup(text->data + at[number - 1], length);
}

void text_file_mend(struct text_file *f, text_match_fn *match, void *who)
{
	size_t n, olds, done = 0;
	size_t *at = text_starts(&f->text, &n), *old = text_starts(&f->before, &olds);
	for (size_t i = 0; i < f->wrongs; i++) {
		char *text = text_line_copy(&f->text, at, n, f->wrong[i]);
		unsigned line = match(who, f->wrong[i], text);
		free(text);
		if (!line || line > olds)
			continue;
		size_t from = at[f->wrong[i] - 1];
		if (from > done)
			buf_add(&f->mended, f->text.data + done, from - done);
		buf_add(&f->mended, f->before.data + old[line - 1], length_of(&f->before, old[line - 1]));
		done = from + length_of(&f->text, from);
	}
	if (f->mended.len && done < f->text.len)
		buf_add(&f->mended, f->text.data + done, f->text.len - done);
	free(at);
	free(old);
}

void text_file_close(const struct scope *s, struct text_file *f, bool held)
{
	struct accepted *a = s->c->accepted;
	const struct buf *text = f->mended.len ? &f->mended : &f->text;
	if (a && !a->only && held)
		accepted_stay(a, f->path);
	else if (a && !a->only && f->usable)
		accepted_text(a, f->path, text->data, text->len);
	buf_free(&f->text);
	buf_free(&f->before);
	buf_free(&f->mended);
	free(f->wrong);
}
