#include "config.h"

#include "launcher/configuration/notice.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/nearest.h"
#include "launcher/configuration/shape.h"
#include "launcher/limits.h"
#include "launcher/secret.h"

static const char *const notify_keys[] = {"mail", "webhook", "when", NULL};
static const char *const notify_when[] = {"issued",  "failure", "recovered", "urgent",
                                          "expired", "stopped", NULL};
static const char *const limit_keys[] = {"new_orders", "exact_sets", "failed_validations", "registrations",
                                         NULL};

static size_t count(const char *const *words)
{
	size_t n = 0;
	while (words[n])
		n++;
	return n;
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static bool tell(const struct scope *s, enum spec_key key, unsigned line, const char *word,
                 const char *const *words)
{
	char *shown = str_printable(word, 60);
	const char *near = nearest_close(word, words, count(words));
	if (near)
		troubles_add(s->t, TROUBLE_BROKEN, s->file, line, "%s: '%s' is unknown; did you mean %s?",
		             spec_name(key), shown, near);
	else
		troubles_add(s->t, TROUBLE_BROKEN, s->file, line,
		             "%s: '%s' is unknown; dnsproof.yaml(5) lists "
		             "what may stand there",
		             spec_name(key), shown);
	free(shown);
	return false;
}

struct when {
	const struct scope *s;
	json_t *list;
	unsigned line;
};

static bool take_when(void *who, const char *word)
{
	struct when *w = who;
	json_array_append_new(w->list, json_string(word));
	return is_one_of(word, notify_when) || tell(w->s, KEY_NOTIFY, w->line, word, notify_when);
}

static json_t *when_read(const struct scope *s, const struct yaml_node *v)
{
	struct when w = {s, json_array(), v->line};
	bool ok = true;
	if (v->kind == YAML_IS_TEXT)
		ok = shape_words(v->text, " ", take_when, &w);
	else if ((ok = shape_is_list(s, "when", v)))
		for (const struct yaml_node *one = v->child; one; one = one->next) {
			const char *text = shape_text(s, "when", one);
			ok = text && take_when(&w, text) && ok;
		}
	if (ok)
		return w.list;
	json_decref(w.list);
	return NULL;
}

static json_t *notify_member(const struct scope *s, const struct yaml_node *v)
{
	if (strcmp(v->key, "when") == 0)
		return when_read(s, v);
	const char *text = shape_text(s, v->key, v);
	if (!text)
		return NULL;
	bool hook = strcmp(v->key, "webhook") == 0;
	if (*text && (!hook || secret_is_source(text)))
		return json_string(text);
	troubles_add(s->t, TROUBLE_BROKEN, s->file, v->line, "notify: %s, expected %s",
	             hook ? "the URL of a webhook is a secret" : "nothing as mail",
	             hook ? "where it comes from: file:PATH, cred:NAME, env:NAME or cmd:WORDS"
	                  : "an address");
	return NULL;
}

/* 3000/3h */
static json_t *limit_member(const struct scope *s, const struct yaml_node *v)
{
	const char *text = shape_text(s, v->key, v);
	if (!text)
		return NULL;
	json_t *pair = limit_pair(text);
	json_decref(pair);
	if (pair)
		return json_string(text);
	char *shown = str_printable(text, 60);
	troubles_add(s->t, TROUBLE_BROKEN, s->file, v->line,
	             "limits: %s: '%s', expected a count and a time: 3000/3h", v->key, shown);
	free(shown);
	return NULL;
}

json_t *notice_read(const struct scope *s, enum spec_key key, const struct yaml_node *v)
{
	const char *const *keys = key == KEY_NOTIFY ? notify_keys : limit_keys;
	json_t *all = json_object();
	bool ok = shape_is_map(s, spec_name(key), v);
	for (const struct yaml_node *one = ok ? v->child : NULL; one; one = one->next) {
		json_t *value = NULL;
		if (!is_one_of(one->key, keys))
			tell(s, key, one->key_line, one->key, keys);
		else
			value = key == KEY_NOTIFY ? notify_member(s, one) : limit_member(s, one);
		ok = ok && value;
		if (value)
			json_object_set_new(all, one->key, value);
	}
	if (ok)
		return all;
	json_decref(all);
	return NULL;
}
