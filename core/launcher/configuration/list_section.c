#include "config.h"

#include "launcher/configuration/list_section.h"

#include <stdlib.h>

#include "common/mem.h"
#include "launcher/configuration/certificates_add.h"
#include "launcher/configuration/list_file.h"
#include "launcher/configuration/list_guard.h"
#include "launcher/configuration/value.h"

static bool refuse_own(void *who, enum spec_key key, const struct yaml_node *v)
{
	const struct scope *s = who;
	bool own = key < KEYS && spec_table[key].own;
	if (key == KEY_NAME)
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line,
		             "name is a key of a certificate; the names stand in the file");
	else if (own)
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line,
		             "%s is a key of a certificate; it may stand in its line (line_keys: %s)",
		             spec_name(key), spec_name(key));
	return own;
}

static bool wrong(const struct scope *s, unsigned line, const char *text)
{
	troubles_add(s->t, TROUBLE_BROKEN, s->file, line, "%s", text);
	return false;
}

/* The keys that a line may set, as bits by their rows. */
static bool line_keys(const struct scope *s, struct layer *l, bool *may)
{
	const struct given *g = layer_given(l, KEY_LINE_KEYS);
	json_t *one;
	size_t i;
	bool ok = true;
	json_array_foreach(g ? g->value : NULL, i, one)
	{
		const char *word = json_string_value(one);
		int key = word ? spec_find(word, SPEC_IN_CERTIFICATE) : -1;
		if (key >= 0 && key != KEY_NAME && spec_table[key].type != SPEC_MAP) {
			may[key] = true;
			continue;
		}
		const char *near = word ? spec_nearest_key(word, SPEC_IN_CERTIFICATE) : NULL;
		char *text =
		    xasprintf("line_keys: '%.60s', expected a key of a certificate that is one word%s%s%s",
		              word ? word : "defaults", near && key < 0 ? "; did you mean " : "",
		              near && key < 0 ? near : "", near && key < 0 ? "?" : "");
		ok = wrong(s, g->origin.line, text);
		free(text);
	}
	return ok;
}

static bool max_change_is_fine(const struct scope *s, const struct layer *l)
{
	const struct given *g = layer_given(l, KEY_MAX_CHANGE);
	const char *text = g ? json_string_value(g->value) : NULL;
	if (!text)
		return true;
	if (list_guard_most_is_fine(text))
		return true;
	char *why =
	    xasprintf("max_change: '%.60s', expected 0%% to 100%%, or a number of certificates", text);
	wrong(s, g->origin.line, why);
	free(why);
	return false;
}

void list_section_take(const struct scope *s, const struct yaml_node *v)
{
	struct configuration *c = s->c;
	bool may[KEYS] = {false};
	if (v->kind != YAML_IS_MAP) {
		wrong(s, v->line, "lists: text or a list, expected {file: /PATH, ...}");
		return;
	}
	struct layer *l = certificates_layer(c, &c->defaults);
	value_keys(s, "an entry of lists", SPEC_IN_CERTIFICATE | SPEC_IN_LIST, v, l, refuse_own, (void *)s);
	const struct given *file = layer_given(l, KEY_FILE);
	bool ok = line_keys(s, l, may);
	ok = max_change_is_fine(s, l) && ok;
	if (!file && !yaml_member(v, spec_name(KEY_FILE)))
		wrong(s, v->line, "an entry of lists without file, expected file: /PATH");
	else if (file && json_is_string(file->value) && ok)
		list_file_read(s, json_string_value(file->value), l, may);
}
