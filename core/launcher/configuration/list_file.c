#include "config.h"

#include "launcher/configuration/list_file.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/fnv.h"
#include "common/mem.h"
#include "launcher/configuration/certificates_add.h"
#include "launcher/configuration/text_file.h"
#include "launcher/configuration/value.h"

/* Lines that set the same share a layer. */
struct shared {
	char *text;
	struct layer *layer;
};

struct reading {
	struct scope s;
	const struct layer *entry;
	const bool *may;
	struct shared *shared; /* open addressing by text */
	size_t slots, n;
};

static struct shared *shared_slot(struct shared *table, size_t slots, const char *text)
{
	size_t at = (size_t)fnv64(text) & (slots - 1);
	while (table[at].text && strcmp(table[at].text, text) != 0)
		at = (at + 1) & (slots - 1);
	return &table[at];
}

static void shared_grow(struct reading *r)
{
	size_t slots = r->slots ? r->slots * 2 : 64;
	struct shared *table = xcalloc(slots, sizeof *table);
	for (size_t i = 0; i < r->slots; i++)
		if (r->shared[i].text)
			*shared_slot(table, slots, r->shared[i].text) = r->shared[i];
	free(r->shared);
	r->shared = table;
	r->slots = slots;
}

static bool setting_is_fine(struct reading *r, const char *word, size_t n, struct err *e)
{
	char *name = xstrndup(word, n);
	int key = strchr(name, '-') ? -1 : spec_find(name, SPEC_IN_CERTIFICATE);
	const char *near = key < 0 ? spec_nearest_key(name, SPEC_IN_CERTIFICATE) : NULL;
	bool ok = key >= 0 && r->may[key];
	if (key < 0)
		err_set(e, "'%.60s' is no key of a certificate%s%s%s", name, near ? "; did you mean " : "",
		        near ? near : "", near ? "?" : "");
	else if (!ok)
		err_set(e, "'%.60s' is not among the line_keys of this list, expected it there", name);
	free(name);
	return ok;
}

static bool setting_take(struct reading *r, struct layer *l, const char *word, unsigned line, struct err *e)
{
	size_t n = strcspn(word, "=");
	if (!setting_is_fine(r, word, n, e))
		return false;
	char *name = xstrndup(word, n);
	enum spec_key key = (enum spec_key)spec_find(name, SPEC_IN_CERTIFICATE);
	free(name);
	if (l->n && layer_given(l, key) && layer_given(l, key)->origin.file == r->s.file &&
	    layer_given(l, key)->origin.line == line)
		return err_set(e, "%s is set twice, expected it once", spec_name(key));
	json_t *v = value_of_word(&r->s, key, word + n + 1, e);
	if (!v)
		return err_prefix(e, "%s", spec_name(key));
	layer_put(l, key, scope_origin(&r->s, line), v);
	return true;
}

/* The layer of the line's settings; NULL with e. */
static struct layer *layer_of(struct reading *r, char *const *word, size_t n, unsigned line, struct err *e)
{
	struct buf b;
	if (!n)
		return (struct layer *)r->entry;
	buf_init(&b, 0);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s ", word[i]);
	if ((r->n + 1) * 2 > r->slots)
		shared_grow(r);
	struct shared *slot = shared_slot(r->shared, r->slots, b.data);
	if (!slot->text) {
		struct layer *l = certificates_layer(r->s.c, r->entry);
		for (size_t i = 0; i < n; i++)
			if (!setting_take(r, l, word[i], line, e)) {
				buf_free(&b);
				return NULL;
			}
		*slot = (struct shared){buf_take(&b), l};
		r->n++;
	}
	buf_free(&b);
	return slot->layer;
}

static bool understood(struct reading *r, const struct text_line *line, struct err *e)
{
	struct wanted w = {.origin = {r->s.file, line->number}};
	char *name[TEXT_WORDS_MOST], *setting[TEXT_WORDS_MOST];
	size_t settings = 0;
	bool behind = false;
	for (size_t i = 0; i < line->n; i++) {
		char *word = line->word[i];
		if (strcmp(word, ">") == 0) {
			if (behind || i + 1 == line->n || strchr(line->word[i + 1], '='))
				return err_set(e, "'>' %s, expected it once, and one ID behind it",
				               behind ? "is there twice" : "without an ID");
			behind = true;
			w.id = line->word[++i];
		} else if (strchr(word, '=')) {
			setting[settings++] = word;
		} else if (behind) {
			return err_set(e, "'%.60s' behind the ID, expected settings (key=value) there", word);
		} else {
			name[w.names++] = word;
		}
	}
	w.name = name;
	w.layer = layer_of(r, setting, settings, line->number, e);
	return w.layer && certificates_add(r->s.c, &w, e);
}

static void take(void *who, const struct text_line *line)
{
	struct reading *r = who;
	struct err e;
	if (!understood(r, line, &e))
		troubles_add(r->s.t, TROUBLE_LINE, r->s.file, line->number, "%s", e.text);
}

void list_file_read(const struct scope *s, const char *path, const struct layer *entry, const bool *may)
{
	struct reading r = {.s = *s, .entry = entry, .may = may};
	r.s.tree = NULL;
	text_file_read(&r.s, path, take, &r);
	for (size_t i = 0; i < r.slots; i++)
		free(r.shared[i].text);
	free(r.shared);
}
