#include "config.h"

#include "launcher/configuration/certificates_add.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/fnv.h"
#include "common/mem.h"
#include "launcher/configuration/shape.h"
#include "launcher/names.h"

#define ID_SET     "abcdefghijklmnopqrstuvwxyz0123456789._-"
#define ID_MOST    200
#define SHOWN_MOST 60
#define EASY_MOST  237 /* "_acme-challenge." before it still fits */

struct layer *certificates_layer(struct configuration *c, const struct layer *below)
{
	struct layer *l = xcalloc(1, sizeof *l);
	l->below = below;
	c->layers = xgrow(c->layers, c->layerss, sizeof *c->layers);
	c->layers[c->layerss++] = l;
	return l;
}

/* Most names are normalised as they are: lower case, letters, digits and '-', no A-label. The others take the long way. */
static bool is_easy(const char *name)
{
	const char *label = name += name[0] == '*' && name[1] == '.' ? 2 : 0, *c = name;
	size_t labels = 0;
	for (;; c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || (*c == '-' && c > label))
			continue;
		if (*c && *c != '.')
			return false;
		if (c == label || c - label > 63 || c[-1] == '-' || strncmp(label, "xn--", 4) == 0)
			return false;
		labels++;
		if (!*c)
			break;
		label = c + 1;
	}
	return labels > 1 && *label >= 'a' && c - name <= EASY_MOST;
}

static size_t without_star(const char *name)
{
	return name[0] == '*' ? 2 : 0;
}

/* Equal, or one covers the other. */
static bool clash(const char *a, const char *b, struct err *e)
{
	if (strcmp(a, b) == 0)
		return !err_set(e, "%s is named twice, expected it once", a);
	if (without_star(a) == without_star(b))
		return false;
	const char *wild = *a == '*' ? a : b, *plain = *a == '*' ? b : a, *parent = strchr(plain, '.');
	if (!parent || strcmp(parent + 1, wild + 2) != 0)
		return false;
	return !err_set(e, "%s is covered by %s, and CAs refuse both together, expected one of them", plain,
	                wild);
}

/* Of a certificate that is being added. */
struct making {
	const char *name[NAMES_MOST];
	char *own[NAMES_MOST]; /* names that took the long way, else NULL; as many as names */
	size_t n;
	uint64_t set;
	const char *id;
	uint64_t id_hash;
	bool id_is_easy; /* part of a name that needed no second look */
};

/* The file may be another than is thought: little of it is shown. False. */
static bool too_long_to_show(const char *name, struct err *e)
{
	char *shown = str_printable(name, SHOWN_MOST);
	err_set(e, "'%s' is no domain name, expected one such as www.example.com", shown);
	free(shown);
	return false;
}

static bool names_make(const struct wanted *w, struct making *m, struct err *e)
{
	for (size_t i = 0; i < w->names; i++) {
		bool easy = is_easy(w->name[i]);
		m->own[i] = easy ? NULL : name_normalise(w->name[i], e);
		m->name[i] = easy ? w->name[i] : m->own[i];
		m->n++;
		if (!m->name[i])
			return strlen(w->name[i]) > SHOWN_MOST && too_long_to_show(w->name[i], e);
		for (size_t k = 0; k < i; k++)
			if (clash(m->name[k], m->name[i], e))
				return false;
		uint64_t hash = fnv64(m->name[i]);
		if (i == 0 && !w->id) {
			m->id = m->name[0] + without_star(m->name[0]);
			m->id_hash = m->id == m->name[0] ? hash : fnv64(m->id);
			m->id_is_easy = easy && strlen(m->id) <= ID_MOST;
		}
		m->set += fnv_mixed(hash);
	}
	return true;
}

static void index_make(struct configuration *c, size_t slots)
{
	uint32_t *by_id = xcalloc(slots, sizeof *by_id), *by_set = xcalloc(slots, sizeof *by_set);
	for (size_t i = 0; i < c->n; i++) {
		size_t at = (size_t)fnv_mixed(fnv64(c->at[i].id)) & (slots - 1);
		while (by_id[at])
			at = (at + 1) & (slots - 1);
		by_id[at] = (uint32_t)i + 1;
		at = (size_t)fnv_mixed(c->at[i].set) & (slots - 1);
		while (by_set[at])
			at = (at + 1) & (slots - 1);
		by_set[at] = (uint32_t)i + 1;
	}
	free(c->by_id);
	free(c->by_set);
	c->by_id = by_id;
	c->by_set = by_set;
	c->slots = slots;
}

void certificates_cut(struct configuration *c, size_t n)
{
	c->n = n;
	if (c->slots)
		index_make(c, c->slots);
}

/* The slot of that ID, free or taken. */
static uint32_t *id_slot(const struct configuration *c, const char *id, uint64_t hash)
{
	size_t at = (size_t)fnv_mixed(hash) & (c->slots - 1);
	while (c->by_id[at] && strcmp(c->at[c->by_id[at] - 1].id, id) != 0)
		at = (at + 1) & (c->slots - 1);
	return &c->by_id[at];
}

static uint32_t *set_slot(const struct configuration *c, uint64_t set)
{
	size_t at = (size_t)fnv_mixed(set) & (c->slots - 1);
	while (c->by_set[at] && c->at[c->by_set[at] - 1].set != set)
		at = (at + 1) & (c->slots - 1);
	return &c->by_set[at];
}

const struct configured *configuration_find(const struct configuration *c, const char *id)
{
	uint32_t slot = c->slots ? *id_slot(c, id, fnv64(id)) : 0;
	return slot ? &c->at[slot - 1] : NULL;
}

static bool id_is_fine(const char *id, struct err *e)
{
	size_t n = strspn(id, ID_SET);
	if (shape_is_reserved(id))
		return err_set(e, "'%s' is a reserved word, expected another ID", id);
	if (n && n <= ID_MOST && !id[n] && *id != '.')
		return true;
	return err_set(e,
	               "'%.60s' as an ID, expected a-z, 0-9, '.', '_' and '-', at most 200, not beginning "
	               "with '.'",
	               id);
}

static bool defined_already(const struct configuration *c, const char *id, const struct configured *k,
                            struct err *e)
{
	char *where = configuration_where(c, k->origin);
	if (strcmp(id, k->id) == 0)
		err_set(e, "certificate %s is defined at %s already, expected it once", id, where);
	else
		err_set(e, "%s: its names are those of %s at %s, expected a set of names once", id, k->id,
		        where);
	free(where);
	return false;
}

static char *names_join(struct arena *a, const struct making *m)
{
	size_t length[NAMES_MOST], n = 0;
	for (size_t i = 0; i < m->n; i++)
		n += (length[i] = strlen(m->name[i])) + 1;
	char *names = arena_text(a, NULL, n - 1), *at = names;
	for (size_t i = 0; i < m->n; i++) {
		memcpy(at, m->name[i], length[i]);
		at += length[i];
		if (i + 1 < m->n)
			*at++ = ' ';
	}
	return names;
}

static bool common_name_is_fine(struct wanted *w, const struct making *m, struct err *e)
{
	const struct given *given = layer_given(w->layer, KEY_COMMON_NAME);
	const char *name = given ? json_string_value(given->value) : NULL;
	const struct strs names = {.at = (char **)m->name, .n = m->n};
	if (!name || names_common_name(name, &names, e))
		return true;
	w->wrong = given->origin;
	return err_prefix(e, "common_name");
}

/* False with e when the ID or the set of names is there. */
static bool put(struct configuration *c, const struct wanted *w, const struct making *m, struct err *e)
{
	uint32_t *by_id = id_slot(c, m->id, m->id_hash), *by_set = set_slot(c, m->set);
	if (*by_id || *by_set)
		return defined_already(c, m->id, &c->at[(*by_id ? *by_id : *by_set) - 1], e);
	const char *names = names_join(&c->arena, m);
	/* The ID of a single name needs no memory of its own. */
	const char *id = strcmp(m->id, names) == 0 ? names : arena_text(&c->arena, m->id, strlen(m->id));
	*by_id = *by_set = (uint32_t)c->n + 1;
	c->at = xgrow(c->at, c->n, sizeof *c->at);
	c->at[c->n++] = (struct configured){id, names, w->layer, m->set, (uint32_t)m->n, w->origin};
	return true;
}

bool certificates_add(struct configuration *c, struct wanted *w, struct err *e)
{
	struct making m;
	w->wrong = w->origin;
	if (w->names > NAMES_MOST)
		return err_set(e, "%zu names, expected at most %d in a certificate", w->names, NAMES_MOST);
	if (w->names == 0)
		return err_set(e, "no names, expected at least one");
	if ((c->n + 1) * 2 > c->slots)
		index_make(c, c->slots ? c->slots * 2 : 1024);
	m.n = 0;
	m.set = 0;
	m.id = w->id;
	m.id_hash = w->id ? fnv64(w->id) : 0;
	m.id_is_easy = false;
	bool ok = names_make(w, &m, e) && (m.id_is_easy || id_is_fine(m.id, e)) &&
	          common_name_is_fine(w, &m, e) && put(c, w, &m, e);
	for (size_t i = 0; i < m.n; i++)
		free(m.own[i]);
	return ok;
}
