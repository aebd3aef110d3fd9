#include "config.h"

#include "launcher/configuration/deploy_section.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/nearest.h"
#include "launcher/configuration/shape.h"

static const char *const actions[] = {"test", "reload", "restart", "exec", "copy", "haproxy"};
enum { ACTIONS = sizeof actions / sizeof actions[0] };

static bool is_action(const char *word)
{
	for (int i = 0; i < ACTIONS; i++)
		if (strcmp(actions[i], word) == 0)
			return true;
	return false;
}

static json_t *text_json(const struct scope *s, const char *what, const struct yaml_node *v)
{
	const char *text = shape_text(s, what, v);
	if (text && !*text)
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->line, "%s: nothing, expected text", what);
	return text && *text ? json_string(text) : NULL;
}

/* Text, a list of text, or a map of text. */
static json_t *argument(const struct scope *s, const struct yaml_node *v)
{
	if (v->kind == YAML_IS_TEXT)
		return text_json(s, v->key, v);
	json_t *all = v->kind == YAML_IS_LIST ? json_array() : json_object();
	bool ok = true;
	for (const struct yaml_node *one = v->child; one; one = one->next) {
		json_t *text = text_json(s, one->key ? one->key : v->key, one);
		ok = ok && text;
		if (text && one->key)
			json_object_set_new(all, one->key, text);
		else if (text)
			json_array_append_new(all, text);
	}
	if (ok)
		return all;
	json_decref(all);
	return NULL;
}

static json_t *action(const struct scope *s, const char *name, const struct yaml_node *v)
{
	if (v->kind != YAML_IS_MAP || v->n != 1) {
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->line,
		             "deploy %s: %s, expected one action as {ACTION: ...}", name,
		             v->kind != YAML_IS_MAP ? "text or a list" : "several keys in one action");
		return NULL;
	}
	const char *word = v->child->key;
	if (is_action(word)) {
		json_t *value = argument(s, v->child);
		return value ? json_pack("{s:o}", word, value) : NULL;
	}
	const char *near = nearest_close(word, actions, ACTIONS);
	char *shown = str_printable(word, 60);
	troubles_add(s->t, TROUBLE_BROKEN, s->file, v->child->key_line,
	             "deploy %s: '%s' is no action; %s%s%s", name, shown,
	             near ? "did you mean " : "there are test, reload, restart, exec, copy, haproxy",
	             near ? near : "", near ? "?" : "");
	free(shown);
	return NULL;
}

void deploy_section_take(const struct scope *s, const struct yaml_node *v)
{
	struct configuration *c = s->c;
	if (!shape_is_name(s, v->key_line, "a deploy list", v->key) || !shape_is_list(s, v->key, v))
		return;
	json_t *list = json_array();
	for (const struct yaml_node *one = v->child; one; one = one->next) {
		json_t *a = action(s, v->key, one);
		if (a)
			json_array_append_new(list, a);
	}
	json_object_set_new(c->deploy, v->key, list);
	c->deploy_at = xgrow(c->deploy_at, c->deploys, sizeof *c->deploy_at);
	c->deploy_at[c->deploys++] = (struct config_section){xstrdup(v->key), scope_origin(s, v->key_line)};
}
