#include "config.h"

#include "launcher/configuration/list_file.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/fnv.h"
#include "common/mem.h"
#include "launcher/configuration/certificates_add.h"
#include "launcher/configuration/list_guard.h"
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

static bool take(void *who, const struct text_line *line)
{
	struct reading *r = who;
	struct err e;
	bool ok = understood(r, line, &e);
	if (!ok)
		troubles_add(r->s.t, TROUBLE_LINE, r->s.file, line->number, "%s", e.text);
	return ok;
}

struct mending {
	struct reading *r;
	struct list_guard *g;
};

/* What a wrong line described stays as it was, unless another line has it. */
static unsigned match(void *who, unsigned number, char *text)
{
	struct mending *m = who;
	const struct configured *old = list_guard_described(m->g, text);
	if (!old || configuration_find(m->r->s.c, old->id))
		return 0;
	char *copy = text_line_copy(&m->g->file->before, m->g->start, m->g->starts, old->origin.line);
	struct text_line *line = xcalloc(1, sizeof *line);
	struct err ignored;
	line->number = number;
	bool ok = text_cut(line, copy) && line->n && understood(m->r, line, &ignored);
	free(line);
	free(copy);
	return ok ? old->origin.line : 0;
}

/* Whether the list that has been read from the file, as of `from`, changes too much; told. */
static bool is_held(struct reading *r, const struct list_guard *g, size_t from)
{
	const struct given *given = layer_given(r->entry, KEY_MAX_CHANGE);
	const char *max = given ? json_string_value(given->value) : NULL;
	struct list_change n = list_change_of((struct list_part){&g->before, 0, g->before.n},
	                                      (struct list_part){r->s.c, from, r->s.c->n}, NULL, NULL);
	size_t most = list_guard_most(max, g->before.n);
	if (n.leave + n.arrive + n.rename <= most)
		return false;
	troubles_add(
	    r->s.t, TROUBLE_LINE, r->s.file, 0,
	    "of %zu certificates %zu leave, %zu arrive and %zu change names, expected at most %zu "
	    "changes (max_change); its previous lines stay in force. dnsproof config diff '%s' shows "
	    "the change, and dnsproof config accept takes it",
	    g->before.n, n.leave, n.arrive, n.rename, most, g->file->path);
	return true;
}

/* There is another accepted copy: what of it stays. True when all of it does. */
static bool guarded(struct reading *r, struct text_file *f, size_t from)
{
	struct list_guard g;
	struct mending m = {r, &g};
	bool held = !f->usable;
	if (f->usable) {
		list_guard_begin(&g, f);
		text_file_mend(f, match, &m);
		held = is_held(r, &g, from);
		list_guard_end(&g);
	}
	if (held) {
		certificates_cut(r->s.c, from);
		text_lines(&r->s, &f->before, take, r);
	}
	return held;
}

void list_file_read(const struct scope *s, const char *path, const struct layer *entry, const bool *may)
{
	struct reading r = {.s = *s, .entry = entry, .may = may};
	struct text_file f;
	r.s.tree = NULL;
	size_t from = s->c->n;
	text_file_open(&r.s, path, &f);
	if (f.usable)
		text_file_lines(&r.s, &f, take, &r);
	text_file_close(&r.s, &f, f.differs && guarded(&r, &f, from));
	for (size_t i = 0; i < r.slots; i++)
		free(r.shared[i].text);
	free(r.shared);
}
