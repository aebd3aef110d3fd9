#include "config.h"

#include "launcher/configuration/value.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/nearest.h"
#include "launcher/configuration/notice.h"
#include "launcher/configuration/shape.h"
#include "launcher/configuration/things.h"
#include "launcher/secret.h"
#include "launcher/setting.h"

#define BLANKS " \t\r\n"

static json_t *source_value(const char *text, struct err *e)
{
	char *source = NULL;
	if (!secret_is_source(text))
		err_set(e, "a secret itself stands here, expected where it comes from: file:PATH, cred:NAME, "
		           "env:NAME or cmd:WORDS");
	else if (str_starts(text, "fd:"))
		err_set(e,
		        "fd: is for the command line, expected file:PATH, cred:NAME, env:NAME or cmd:WORDS");
	else if (str_starts(text, "file:") && text[5] != '/')
		err_set(e, "'%.80s', expected an absolute path: file:/PATH", text);
	else
		source = secret_absolute(text, "/", e);
	json_t *v = source ? json_string(source) : NULL;
	free(source);
	return v;
}

static json_t *yes_value(const char *text, struct err *e)
{
	if (strcmp(text, "yes") == 0 || strcmp(text, "true") == 0)
		return json_true();
	if (strcmp(text, "no") == 0 || strcmp(text, "false") == 0)
		return json_false();
	err_set(e, "'%.80s', expected yes or no", text);
	return NULL;
}

static json_t *file_value(const char *text, struct err *e)
{
	if (*text == '/')
		return json_string(text);
	err_set(e, "'%.80s', expected an absolute path", text);
	return NULL;
}

static json_t *by_setting(enum spec_key key, const char *text, struct err *e)
{
	struct err why;
	json_t *v = setting_value(key, text, &why);
	if (v)
		return v;
	if (str_starts(why.text, "type "))
		err_set(e, "'%.80s', expected %s", text, why.text + strlen("type "));
	else
		err_set(e, "%s", why.text);
	return NULL;
}

/* Words that take a key back, besides `none`. */
static bool is_empty_word(enum spec_key key, const char *text)
{
	if (key == KEY_TTL)
		return strcmp(text, "auto") == 0;
	return (key == KEY_CA_BUNDLE || key == KEY_RESOLVER) && strcmp(text, "system") == 0;
}

/* One value, not `none` and not `defaults`. */
static json_t *one_value(const struct scope *s, enum spec_key key, const char *text, struct err *e)
{
	const struct spec_row *row = &spec_table[key];
	if (is_empty_word(key, text))
		return json_null();
	if (!*text) {
		err_set(e, "nothing, expected %s", row->value ? row->value : "yes or no");
		return NULL;
	}
	if (row->type == SPEC_PROXY && strchr(text, '@')) {
		err_set(e, "a user or password stands here, expected http://HOST:PORT without");
		return NULL;
	}
	if (row->type == SPEC_THING || key == KEY_DNS || key == KEY_CA)
		return things_find(s->c, key, text, e) ? json_string(text) : NULL;
	if (row->type == SPEC_SOURCE)
		return source_value(text, e);
	if (row->type == SPEC_YES)
		return yes_value(text, e);
	if (row->type == SPEC_FILE)
		return file_value(text, e);
	return by_setting(key, text, e);
}

static bool is_list(enum spec_key key)
{
	return spec_table[key].many || spec_table[key].most_here || key == KEY_DNS;
}

/* `none`, where it is no word of the key itself. */
static bool empties(enum spec_key key, const char *text)
{
	return strcmp(text, "none") == 0 && (!spec_table[key].words[0] || spec_word(key, text) < 0);
}

struct gathering {
	const struct scope *s;
	enum spec_key key;
	json_t *list;
	struct err *e;
};

static bool gather(void *who, const char *word)
{
	struct gathering *g = who;
	const struct spec_row *row = &spec_table[g->key];
	if (strcmp(word, "none") == 0 && empties(g->key, word))
		return err_set(g->e, "none beside other values, expected it alone");
	json_t *v = strcmp(word, "defaults") == 0 ? json_null() : one_value(g->s, g->key, word, g->e);
	if (!v)
		return false;
	bool twice = setting_has_member(g->list, v);
	if (twice)
		err_set(g->e, "%.80s is there twice, expected it once", word);
	else
		json_array_append(g->list, v);
	json_decref(v);
	if (!twice && row->most_here && json_array_size(g->list) > row->most_here)
		return err_set(g->e, "more than %u values, expected fewer", row->most_here);
	return !twice;
}

/* A list of one where the key is not one otherwise is that one. */
static json_t *list_finish(enum spec_key key, json_t *list, bool ok, struct err *e)
{
	ok = ok && setting_list_fine(key, list, e);
	if (ok && json_array_size(list) == 0)
		ok = err_set(e, "nothing, expected %s, or none", spec_table[key].value);
	if (ok && spec_table[key].most_here && json_array_size(list) == 1) {
		json_t *one = json_incref(json_array_get(list, 0));
		json_decref(list);
		return one;
	}
	if (ok)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *words_value(const struct scope *s, enum spec_key key, const char *text, const char *between,
                           struct err *e)
{
	struct gathering g = {s, key, json_array(), e};
	bool whole = spec_table[key].type == SPEC_WINDOW && strcmp(between, BLANKS) == 0;
	bool ok = whole ? gather(&g, text) : shape_words(text, between, gather, &g);
	return list_finish(key, g.list, ok, e);
}

json_t *value_of_word(const struct scope *s, enum spec_key key, const char *text, struct err *e)
{
	if (empties(key, text))
		return json_null();
	if (strcmp(text, "defaults") == 0 && !is_list(key)) {
		err_set(e, "defaults stands in lists only, expected a value, or the key left out");
		return NULL;
	}
	return is_list(key) ? words_value(s, key, text, ",", e) : one_value(s, key, text, e);
}

static json_t *list_value(const struct scope *s, enum spec_key key, const struct yaml_node *v, struct err *e)
{
	struct gathering g = {s, key, json_array(), e};
	bool ok = true;
	for (const struct yaml_node *one = v->child; ok && one; one = one->next) {
		const char *text = shape_text(s, spec_name(key), one);
		if (!text) {
			json_decref(g.list);
			e->text[0] = '\0'; /* told already */
			return NULL;
		}
		ok = gather(&g, text);
	}
	return list_finish(key, g.list, ok, e);
}

static json_t *read(const struct scope *s, enum spec_key key, const struct yaml_node *v, struct err *e)
{
	if (v->kind == YAML_IS_TEXT && empties(key, v->text))
		return json_null();
	if (spec_table[key].type == SPEC_MAP)
		return notice_read(s, key, v);
	if (v->kind == YAML_IS_LIST && is_list(key))
		return list_value(s, key, v, e);
	const char *text = shape_text(s, spec_name(key), v);
	if (!text)
		return NULL;
	if (is_list(key))
		return words_value(s, key, text, BLANKS, e);
	if (strcmp(text, "defaults") == 0) {
		err_set(e, "defaults stands in lists only, expected a value, or the key left out");
		return NULL;
	}
	return one_value(s, key, text, e);
}

json_t *value_read(const struct scope *s, enum spec_key key, const struct yaml_node *v)
{
	struct err e = {""};
	json_t *value = read(s, key, v, &e);
	if (!value && e.text[0])
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->line, "%s: %s", spec_name(key), e.text);
	return value;
}

static void tell_unknown(const struct scope *s, const char *where, unsigned place, const struct yaml_node *v)
{
	static const struct {
		unsigned place;
		const char *where;
	} others[] = {{SPEC_IN_CERTIFICATE, "a certificate, or defaults"},
	              {SPEC_IN_CA, "a CA account (ca:)"},
	              {SPEC_IN_DNS, "a DNS account (dns:)"},
	              {SPEC_IN_LIST, "an entry of lists"}};
	char *shown = str_printable(v->key, 60);
	const char *near = spec_nearest_key(v->key, place), *home = NULL;
	for (size_t i = 0; i < sizeof others / sizeof others[0] && !home; i++) {
		int key = spec_find(v->key, others[i].place);
		if (key >= 0 && !strchr(v->key, '-'))
			home = others[i].where;
	}
	if (home)
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line, "%s is a key of %s, not of %s",
		             shown, home, where);
	else if (near)
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line,
		             "%s is no key of %s; did you mean %s?", shown, where, near);
	else
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line,
		             "%s is no key of %s; dnsproof.yaml(5) lists them", shown, where);
	free(shown);
}

void value_keys(const struct scope *s, const char *where, unsigned place, const struct yaml_node *map,
                struct layer *into, value_rest_fn *rest, void *who)
{
	for (const struct yaml_node *v = map->child; v; v = v->next) {
		int found = strchr(v->key, '-') ? -1 : spec_find(v->key, place);
		enum spec_key key = (enum spec_key)found;
		bool own = found < 0 || key == KEY_NAME || key == KEY_SET || key == KEY_ZONE;
		if ((own || spec_table[key].own) && rest && rest(who, found < 0 ? KEYS : key, v))
			continue;
		json_t *value = found < 0 || own ? NULL : value_read(s, key, v);
		if (found < 0 || own)
			tell_unknown(s, where, place, v);
		else if (value)
			layer_put(into, key, scope_origin(s, v->key_line), value);
	}
}
