#include "config.h"

#include "launcher/configuration/shape.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

bool shape_is_reserved(const char *word)
{
	return strcmp(word, "defaults") == 0 || strcmp(word, "none") == 0;
}

static char *quoted(const char *text)
{
	return xasprintf(strchr(text, '\'') ? "\"%s\"" : "'%s'", text);
}

const char *shape_text(const struct scope *s, const char *what, const struct yaml_node *v)
{
	if (v->kind == YAML_IS_TEXT)
		return v->text;
	char *source = yaml_tree_source(s->tree, v), *shown = str_printable(source, 60);
	char *right = quoted(shown);
	troubles_add(s->t, TROUBLE_BROKEN, s->file, v->line,
	             "%s%s%s is a %s, expected text; if it is meant as text, put quotes around it: %s",
	             what ? what : "", what ? ": " : "", shown, v->kind == YAML_IS_MAP ? "map" : "list",
	             right);
	free(right);
	free(shown);
	free(source);
	return NULL;
}

static bool is_nothing(const struct yaml_node *v)
{
	return v->kind == YAML_IS_TEXT && v->plain && !*v->text;
}

static bool is_kind(const struct scope *s, const char *what, const struct yaml_node *v, enum yaml_kind kind,
                    const char *expected)
{
	if (v->kind == kind || is_nothing(v))
		return true;
	char *shown = v->kind == YAML_IS_TEXT ? str_printable(v->text, 60) : NULL;
	troubles_add(s->t, TROUBLE_BROKEN, s->file, v->line, "%s: %s%s%s, expected %s", what,
	             shown ? "'" : "",
	             shown                    ? shown
	             : v->kind == YAML_IS_MAP ? "a map"
	                                      : "a list",
	             shown ? "'" : "", expected);
	free(shown);
	return false;
}

bool shape_is_map(const struct scope *s, const char *what, const struct yaml_node *v)
{
	return is_kind(s, what, v, YAML_IS_MAP, "a map (KEY: VALUE)");
}

bool shape_is_list(const struct scope *s, const char *what, const struct yaml_node *v)
{
	return is_kind(s, what, v, YAML_IS_LIST, "a list (- ...)");
}

bool shape_is_name(const struct scope *s, unsigned line, const char *what, const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");
	char *shown = str_printable(name, 60);
	bool ok = false;
	if (shape_is_reserved(name))
		troubles_add(s->t, TROUBLE_BROKEN, s->file, line,
		             "'%s' is a reserved word, expected another name of %s", shown, what);
	else if (name[0] == '*')
		troubles_add(s->t, TROUBLE_BROKEN, s->file, line,
		             "'%s' as the name of %s, expected a name without '*'; wildcards are values: %s: "
		             "'%s'",
		             shown, what, str_starts(shown, "*.") ? shown + 2 : "ID", shown);
	else if (name[n] || n == 0 || n > 200 || *name == '.')
		troubles_add(s->t, TROUBLE_BROKEN, s->file, line,
		             "'%s' as the name of %s, expected a-z, 0-9, '.', '_' and '-', at most 200, not "
		             "beginning with '.'",
		             shown, what);
	else
		ok = true;
	free(shown);
	return ok;
}

bool shape_words(const char *text, const char *between, shape_word_fn *take, void *who)
{
	bool ok = true;
	while (ok && *(text += strspn(text, between))) {
		size_t n = strcspn(text, between);
		char *word = xstrndup(text, n);
		ok = take(who, word);
		free(word);
		text += n;
	}
	return ok;
}
