#include "config.h"

#include "launcher/configuration/certificate_section.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/configuration/certificates_add.h"
#include "launcher/configuration/shape.h"
#include "launcher/configuration/value.h"
#include "launcher/names.h"

/* What is read of one certificate. */
struct certificate_reading {
	const struct scope *s;
	char *word[NAMES_MOST + 1]; /* names; owned */
	size_t n;
	bool named; /* `name` was given */
	bool wrong;
};

static bool take_name(void *who, const char *word)
{
	struct certificate_reading *r = who;
	if (r->n < sizeof r->word / sizeof r->word[0])
		r->word[r->n++] = xstrdup(word);
	return true;
}

static void take_names(struct certificate_reading *r, const struct yaml_node *v)
{
	r->named = true;
	if (v->kind == YAML_IS_TEXT) {
		shape_words(v->text, " \t\r\n", take_name, r);
	} else if (v->kind == YAML_IS_MAP) {
		shape_text(r->s, "name", v);
		r->wrong = true;
	}
	for (const struct yaml_node *one = v->kind == YAML_IS_LIST ? v->child : NULL; one; one = one->next) {
		const char *text = shape_text(r->s, "name", one);
		if (text)
			shape_words(text, " \t\r\n", take_name, r);
		r->wrong = r->wrong || !text;
	}
	if (!r->n && !r->wrong)
		troubles_add(r->s->t, TROUBLE_BROKEN, r->s->file, v->line,
		             "name: nothing, expected the names of the certificate");
	r->wrong = r->wrong || !r->n;
}

static bool take_rest(void *who, enum spec_key key, const struct yaml_node *v)
{
	if (key == KEY_NAME)
		take_names(who, v);
	return key == KEY_NAME;
}

/* The layer of its settings: that of the defaults where it sets nothing. */
static struct layer *settings_of(struct certificate_reading *r, const struct yaml_node *v)
{
	struct configuration *c = r->s->c;
	struct layer own = {0};
	value_keys(r->s, "a certificate", SPEC_IN_CERTIFICATE, v, &own, take_rest, r);
	if (!own.n)
		return &c->defaults;
	struct layer *l = certificates_layer(c, &c->defaults);
	own.below = &c->defaults;
	*l = own;
	return l;
}

static bool is_nothing(const struct yaml_node *v)
{
	return v->kind == YAML_IS_TEXT && v->plain && !*v->text;
}

void certificate_take(const struct scope *s, const struct yaml_node *v)
{
	struct certificate_reading r = {.s = s};
	struct wanted w = {.id = v->key, .layer = &s->c->defaults, .origin = scope_origin(s, v->key_line)};
	struct err e;
	bool ok = shape_is_name(s, v->key_line, "a certificate (its ID)", v->key);
	if (v->kind == YAML_IS_MAP)
		w.layer = settings_of(&r, v);
	else if (!is_nothing(v))
		take_names(&r, v);
	if (!r.named && ok && !strchr(v->key, '.')) {
		troubles_add(
		    s->t, TROUBLE_BROKEN, s->file, v->key_line,
		    "certificate %s has no names, and its ID is no domain name, expected name: NAME...",
		    v->key);
		r.wrong = true;
	}
	if (!r.named)
		take_name(&r, v->key);
	w.name = r.word;
	w.names = r.n;
	if (ok && !r.wrong && !certificates_add(s->c, &w, &e))
		troubles_add(s->t, TROUBLE_BROKEN, s->file, w.wrong.line, "%s", e.text);
	for (size_t i = 0; i < r.n; i++)
		free(r.word[i]);
}

static bool refuse_own(void *who, enum spec_key key, const struct yaml_node *v)
{
	const struct scope *s = who;
	bool own = key < KEYS && spec_table[key].own;
	if (own)
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line,
		             "%s is a key of a certificate, not of defaults", spec_name(key));
	return own;
}

void defaults_take(const struct scope *s, const struct yaml_node *v)
{
	struct configuration *c = s->c;
	struct yaml_node map = {.kind = YAML_IS_MAP, .n = 1}, one = *v;
	one.next = NULL;
	map.child = &one;
	int key = spec_find(v->key, SPEC_IN_CERTIFICATE);
	const struct given *before = key < 0 ? NULL : layer_given(&c->defaults, (enum spec_key)key);
	if (before && before->origin.file != s->file) {
		char *where = configuration_where(c, before->origin);
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line,
		             "defaults: %s is set at %s already, expected it in one file", v->key, where);
		free(where);
		return;
	}
	value_keys(s, "defaults", SPEC_IN_CERTIFICATE, &map, &c->defaults, refuse_own, (void *)s);
}
