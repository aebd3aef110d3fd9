#include "config.h"

#include "grammar.h"

#include <stdlib.h>
#include <string.h>

#include "common/conf.h"
#include "common/mem.h"
#include "variables.h"
#include "sense.h"
#include "text.h"
#include "common/nearest.h"

enum shape {
	TEXT,
	INTEGER,
	INTEGERS,
	BOOLEAN,
	TEMPLATE,
	TEMPLATES, /* map of them; values may be maps and lists (JSON text) */
	TREE,      /* any JSON with templates */
	PATH,
	PATHS, /* one or a list */
	PATH_MAP,
	COND,
	BASE,
	REQUEST,
	WORDS, /* text or a list of texts */
	MAP,   /* by rules */
	MAPS,  /* one, or a list of them */
	NAMED, /* map of name -> map by rules */
	BASIC,
	DELETE,  /* a step or the word none */
	SCALARS, /* map of texts */
};

struct rule {
	const char *key;
	enum shape shape;
	const struct rule *rules; /* of what is in it */
	const struct rule *more;  /* further ones */
	const char *words;        /* of a text: the possible ones, by spaces */
	bool required;
};

#define ANSWERS "json text lines xml form pairs"

static const struct rule means_rules[] = {
    {.key = "absent", .shape = COND}, {.key = "exists", .shape = COND},  {.key = "auth", .shape = COND},
    {.key = "rate", .shape = COND},   {.key = "nozone", .shape = COND},  {.key = "conflict", .shape = COND},
    {.key = "temp", .shape = COND},   {.key = "invalid", .shape = COND}, {0},
};
static const struct rule pages_rules[] = {
    {.key = "parameter", .shape = TEXT},
    {.key = "first", .shape = INTEGER},
    {.key = "step", .shape = INTEGER},
    {.key = "size", .shape = INTEGER},
    {.key = "cursor", .shape = PATH},
    {.key = "next", .shape = PATH},
    {.key = "last", .shape = PATH},
    {.key = "total", .shape = PATH},
    {0},
};
static const struct rule step_rules[] = {
    {.key = "request", .shape = REQUEST, .required = true},
    {.key = "query", .shape = TEMPLATES},
    {.key = "header", .shape = TEMPLATES},
    {.key = "json", .shape = TREE},
    {.key = "form", .shape = TEMPLATES},
    {.key = "multipart", .shape = TEMPLATES},
    {.key = "text", .shape = TEMPLATE},
    {.key = "xml", .shape = TEMPLATE},
    {.key = "content_type", .shape = TEXT},
    {.key = "answer", .shape = TEXT, .words = ANSWERS},
    {.key = "success", .shape = COND},
    {.key = "error", .shape = PATHS},
    {.key = "means", .shape = MAP, .rules = means_rules},
    {.key = "items", .shape = PATH},
    {.key = "match", .shape = TEMPLATES},
    {.key = "capture", .shape = PATH_MAP},
    {.key = "pages", .shape = MAP, .rules = pages_rules},
    {.key = "optional", .shape = BOOLEAN},
    {.key = "authenticated", .shape = BOOLEAN},
    {0},
};
static const struct rule zone_rules[] = {
    {.key = "name", .shape = PATH}, {.key = "probe", .shape = BOOLEAN}, {0}};
static const struct rule each_rules[] = {{.key = "each", .shape = TEXT}, {0}};
static const struct rule add_rules[] = {{.key = "look_first", .shape = BOOLEAN}, {0}};
static const struct rule find_rules[] = {{.key = "ttl", .shape = PATH}, {.key = "each", .shape = TEXT}, {0}};
static const struct rule clock_rules[] = {{.key = "time", .shape = PATH, .required = true}, {0}};
static const struct rule until_rules[] = {
    {.key = "until", .shape = COND, .required = true},
    {.key = "failed", .shape = COND},
    {.key = "every_ms", .shape = INTEGER},
    {.key = "most", .shape = INTEGER},
    {0},
};
static const struct rule set_rules[] = {
    {.key = "get", .shape = MAP, .rules = step_rules, .required = true},
    {.key = "values", .shape = PATH},
    {.key = "where", .shape = TEMPLATES},
    {.key = "value", .shape = PATH},
    {.key = "item", .shape = TREE},
    {.key = "keep", .shape = TREE},
    {.key = "ttl", .shape = PATH},
    {.key = "create", .shape = MAP, .rules = step_rules},
    {.key = "replace", .shape = MAP, .rules = step_rules, .required = true},
    {.key = "delete", .shape = MAP, .rules = step_rules},
    {.key = "read_back", .shape = BOOLEAN},
    {0},
};
static const struct rule always_rules[] = {
    {.key = "header", .shape = TEMPLATES},
    {.key = "query", .shape = TEMPLATES},
    {.key = "form", .shape = TEMPLATES},
    {.key = "json", .shape = TREE},
    {0},
};
static const struct rule bearer_rules[] = {
    {.key = "bearer", .shape = TEMPLATE}, {.key = "basic", .shape = BASIC}, {0}};
static const struct rule credential_rules[] = {
    {.key = "help", .shape = TEXT, .required = true},
    {.key = "environment", .shape = WORDS},
    {.key = "secret", .shape = BOOLEAN},
    {.key = "optional", .shape = BOOLEAN},
    {.key = "default", .shape = TREE},
    {.key = "kind", .shape = TEXT, .words = "text integer boolean url label"},
    {.key = "choices", .shape = SCALARS},
    {.key = "per_name", .shape = BOOLEAN},
    {0},
};
static const struct rule limits_rules[] = {
    {.key = "least_ttl", .shape = INTEGER},     {.key = "most_ttl", .shape = INTEGER},
    {.key = "ttl_choices", .shape = INTEGERS},  {.key = "requests_per_minute", .shape = INTEGER},
    {.key = "settle_ms", .shape = INTEGER},     {.key = "most_values", .shape = INTEGER},
    {.key = "most_parallel", .shape = INTEGER}, {0},
};
static const struct rule root_rules[] = {
    {.key = "name", .shape = TEXT, .required = true},
    {.key = "website", .shape = TEXT},
    {.key = "documentation", .shape = TEXT},
    {.key = "notes", .shape = TEXT},
    {.key = "source", .shape = TEXT},
    {.key = "unverified", .shape = BOOLEAN},
    {.key = "credentials", .shape = NAMED, .rules = credential_rules},
    {.key = "base", .shape = BASE},
    {.key = "limits", .shape = MAP, .rules = limits_rules},
    {.key = "replaces", .shape = TEXT, .words = "record rrset zone"},
    {.key = "compare_and_swap", .shape = BOOLEAN},
    {.key = "verifies_del", .shape = BOOLEAN},
    {.key = "success", .shape = COND},
    {.key = "error", .shape = PATHS},
    {.key = "means", .shape = MAP, .rules = means_rules},
    {.key = "answer", .shape = TEXT, .words = ANSWERS},
    {.key = "always", .shape = MAP, .rules = always_rules},
    {.key = "authentication", .shape = MAPS, .rules = always_rules, .more = bearer_rules},
    {.key = "login", .shape = MAPS, .rules = step_rules},
    {.key = "logout", .shape = MAPS, .rules = step_rules},
    {.key = "cookies", .shape = BOOLEAN},
    {.key = "make", .shape = TEMPLATES},
    {.key = "sign", .shape = TEMPLATES},
    {.key = "clock", .shape = MAP, .rules = step_rules, .more = clock_rules},
    {.key = "hosts", .shape = WORDS},
    {.key = "zone", .shape = MAP, .rules = step_rules, .more = zone_rules},
    {.key = "prepare", .shape = MAPS, .rules = step_rules, .more = each_rules},
    {.key = "lookup", .shape = MAPS, .rules = step_rules, .more = each_rules},
    {.key = "add", .shape = MAP, .rules = step_rules, .more = add_rules},
    {.key = "find", .shape = MAP, .rules = step_rules, .more = find_rules},
    {.key = "delete", .shape = DELETE, .rules = step_rules},
    {.key = "ids", .shape = TEXT, .words = "permanent"},
    {.key = "rrset", .shape = MAP, .rules = set_rules},
    {.key = "whole_zone", .shape = MAP, .rules = set_rules},
    {.key = "commit", .shape = MAPS, .rules = step_rules},
    {.key = "wait", .shape = MAP, .rules = step_rules, .more = until_rules},
    {.key = "live", .shape = MAP, .rules = step_rules, .more = until_rules},
    {.key = "check", .shape = MAPS, .rules = step_rules},
    {0},
};

static bool value_check(const struct place *p, const struct rule *rule, const json_t *value, struct err *e);

static const struct rule *rule_find(const struct rule *rules, const char *key)
{
	for (; rules && rules->key; rules++)
		if (!strcmp(rules->key, key))
			return rules;
	return NULL;
}

static bool unknown_key(const struct place *p, const struct rule *rules, const struct rule *more,
                        const char *key, struct err *e)
{
	const char *words[80], *near;
	size_t n = 0;

	for (; rules && rules->key && n < 80; rules++)
		words[n++] = rules->key;
	for (; more && more->key && n < 80; more++)
		words[n++] = more->key;
	near = nearest_word(key, words, n);
	return descriptor_wrong(p->d, p->pointer, e, "%.60s: no such key%s%s", key,
	                        near ? "; did you mean " : " here, expected one of dnsproof-descriptor(5)",
	                        near ? near : "");
}

static bool required_check(const struct place *p, const struct rule *rules, const json_t *map, struct err *e)
{
	for (; rules && rules->key; rules++)
		if (rules->required && !json_object_get(map, rules->key))
			return descriptor_wrong(p->d, p->pointer, e, "lacks %s", rules->key);
	return true;
}

static bool map_check(const struct place *p, const struct rule *rules, const struct rule *more,
                      const json_t *map, struct err *e)
{
	void *iter = json_object_iter((json_t *)map);

	if (!json_is_object(map))
		return descriptor_wrong(p->d, p->pointer, e, "expected a map");
	for (; iter; iter = json_object_iter_next((json_t *)map, iter)) {
		const char *key = json_object_iter_key(iter);
		const struct rule *rule = rule_find(rules, key);
		char *pointer = conf_pointer(p->pointer, key);
		struct place inner = {p->d, p->known, pointer};
		bool ok;

		rule = rule ? rule : rule_find(more, key);
		ok = rule ? value_check(&inner, rule, json_object_iter_value(iter), e)
		          : unknown_key(&inner, rules, more, key, e);
		free(pointer);
		if (!ok)
			return false;
	}
	return required_check(p, rules, map, e) && required_check(p, more, map, e);
}

static bool tree_check(const struct place *p, const json_t *tree, struct err *e)
{
	void *iter = json_object_iter((json_t *)tree);
	const json_t *value;
	bool ok = true;
	size_t i;

	if (json_is_string(tree))
		return text_template(p, json_string_value(tree), e);
	json_array_foreach(tree, i, value)
	{
		char *pointer = xasprintf("%s/%zu", p->pointer, i);
		struct place inner = {p->d, p->known, pointer};

		ok = ok && tree_check(&inner, value, e);
		free(pointer);
	}
	for (; ok && iter; iter = json_object_iter_next((json_t *)tree, iter)) {
		const char *key = json_object_iter_key(iter);
		char *pointer = conf_pointer(p->pointer, key);
		struct place inner = {p->d, p->known, pointer};

		value = json_object_iter_value(iter);
		if (!strcmp(key, "$each") || !strcmp(key, "$copy")) {
			char *as = json_is_string(value) && json_string_value(value)[0] != '{'
			               ? xasprintf("{%s}", json_string_value(value))
			               : xstrdup(json_string_value(value));

			ok = as ? text_template(&inner, as, e)
			        : descriptor_wrong(p->d, pointer, e, "%s: expected a variable", key);
			free(as);
		} else {
			ok = text_template(&inner, key, e) && tree_check(&inner, value, e);
		}
		free(pointer);
	}
	if (ok && json_object_get(tree, "$each") && !json_object_get(tree, "as"))
		return descriptor_wrong(p->d, p->pointer, e, "$each lacks as");
	return ok;
}

/* Each value of a map by one function. */
static bool each_value(const struct place *p, const json_t *map,
                       bool (*check)(const struct place *, const char *, struct err *), struct err *e)
{
	void *iter = json_object_iter((json_t *)map);
	bool ok = true;

	if (!json_is_object(map))
		return descriptor_wrong(p->d, p->pointer, e, "expected a map");
	for (; ok && iter; iter = json_object_iter_next((json_t *)map, iter)) {
		char *pointer = conf_pointer(p->pointer, json_object_iter_key(iter));
		struct place inner = {p->d, p->known, pointer};
		const char *text = json_string_value(json_object_iter_value(iter));

		ok = text ? check(&inner, text, e) : descriptor_wrong(p->d, pointer, e, "expected text");
		free(pointer);
	}
	return ok;
}

static bool any_text(const struct place *p, const char *text, struct err *e)
{
	return true;
}

static bool cond_check(const struct place *p, const json_t *cond, struct err *e)
{
	const json_t *one;
	size_t i;

	if (json_is_integer(cond))
		return true;
	if (json_is_string(cond))
		return text_cond(p, json_string_value(cond), e);
	if (!json_is_array(cond))
		return descriptor_wrong(p->d, p->pointer, e,
		                        "expected a condition, a status, or a list of them");
	json_array_foreach(cond, i, one) if (!cond_check(p, one, e)) return false;
	return true;
}

/* One text, or a list of texts. */
static bool words_check(const struct place *p, const json_t *value,
                        bool (*check)(const struct place *, const char *, struct err *), struct err *e)
{
	const json_t *one;
	size_t i;

	if (json_is_string(value))
		return check(p, json_string_value(value), e);
	if (!json_is_array(value))
		return descriptor_wrong(p->d, p->pointer, e, "expected text or a list of texts");
	json_array_foreach(value, i, one) if (!json_is_string(one) ||
	                                      !check(p, json_string_value(one), e)) return json_is_string(one)
	    ? false
	    : descriptor_wrong(p->d, p->pointer, e, "expected texts");
	return true;
}

static bool maps_check(const struct place *p, const struct rule *rule, const json_t *value, struct err *e)
{
	const json_t *one;
	bool ok = true;
	size_t i;

	if (!json_is_array(value))
		return map_check(p, rule->rules, rule->more, value, e);
	json_array_foreach(value, i, one)
	{
		char *pointer = xasprintf("%s/%zu", p->pointer, i);
		struct place inner = {p->d, p->known, pointer};

		ok = ok && map_check(&inner, rule->rules, rule->more, one, e);
		free(pointer);
	}
	return ok;
}

static bool named_check(const struct place *p, const struct rule *rule, const json_t *value, struct err *e)
{
	void *iter = json_object_iter((json_t *)value);
	bool ok = json_is_object(value) || descriptor_wrong(p->d, p->pointer, e, "expected a map");

	for (; ok && iter; iter = json_object_iter_next((json_t *)value, iter)) {
		char *pointer = conf_pointer(p->pointer, json_object_iter_key(iter));
		struct place inner = {p->d, p->known, pointer};

		ok = map_check(&inner, rule->rules, NULL, json_object_iter_value(iter), e);
		free(pointer);
	}
	return ok;
}

static bool is_among(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at++)
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return n > 0;
	return false;
}

static bool text_check(const struct place *p, const struct rule *rule, const json_t *value, struct err *e)
{
	const char *text = json_string_value(value);

	if (!text)
		return descriptor_wrong(p->d, p->pointer, e, "%s: expected text", rule->key);
	if (rule->words && !is_among(rule->words, text))
		return descriptor_wrong(p->d, p->pointer, e, "%s: '%.40s', expected one of: %s", rule->key,
		                        text, rule->words);
	return true;
}

static bool one_text(const struct place *p, const struct rule *rule, const json_t *value,
                     bool (*check)(const struct place *, const char *, struct err *), struct err *e)
{
	return text_check(p, rule, value, e) && check(p, json_string_value(value), e);
}

static bool integers_check(const struct place *p, const struct rule *rule, const json_t *value, struct err *e)
{
	const json_t *one;
	size_t i;

	if (rule->shape == INTEGER)
		return (json_is_integer(value) && json_integer_value(value) >= 0) ||
		       descriptor_wrong(p->d, p->pointer, e, "%s: expected a number", rule->key);
	if (json_array_size(value) == 0)
		return descriptor_wrong(p->d, p->pointer, e, "%s: expected a list of numbers", rule->key);
	json_array_foreach(value, i, one) if (!json_is_integer(one)) return descriptor_wrong(
	    p->d, p->pointer, e, "%s: expected numbers", rule->key);
	return true;
}

static bool basic_check(const struct place *p, const json_t *value, struct err *e)
{
	if (json_array_size(value) != 2)
		return descriptor_wrong(p->d, p->pointer, e, "basic: expected [user, password]");
	return words_check(p, value, text_template, e);
}

static bool value_check(const struct place *p, const struct rule *rule, const json_t *value, struct err *e)
{
	switch (rule->shape) {
	case TEXT:
		return text_check(p, rule, value, e);
	case INTEGER:
	case INTEGERS:
		return integers_check(p, rule, value, e);
	case BOOLEAN:
		return json_is_boolean(value) ||
		       descriptor_wrong(p->d, p->pointer, e, "%s: expected true or false", rule->key);
	case TEMPLATE:
		return one_text(p, rule, value, text_template, e);
	case TEMPLATES:
		if (!json_is_object(value))
			return descriptor_wrong(p->d, p->pointer, e, "%s: expected a map", rule->key);
		return tree_check(p, value, e);
	case TREE:
		return tree_check(p, value, e);
	case PATH:
		return one_text(p, rule, value, text_path, e);
	case PATHS:
		return words_check(p, value, text_path, e);
	case PATH_MAP:
		return each_value(p, value, text_path, e);
	case COND:
		return cond_check(p, value, e);
	case BASE:
		return one_text(p, rule, value, text_base, e);
	case REQUEST:
		return one_text(p, rule, value, text_request, e);
	case WORDS:
		return words_check(p, value, any_text, e);
	case MAP:
		return map_check(p, rule->rules, rule->more, value, e);
	case MAPS:
		return maps_check(p, rule, value, e);
	case NAMED:
		return named_check(p, rule, value, e);
	case BASIC:
		return basic_check(p, value, e);
	case DELETE:
		if (json_is_string(value) && !strcmp(json_string_value(value), "none"))
			return true;
		return map_check(p, rule->rules, rule->more, value, e);
	case SCALARS:
		return each_value(p, value, any_text, e);
	}
	return false;
}

bool grammar_check(const struct descriptor *d, struct err *e)
{
	json_t *known = names_known(d->root);
	struct place p = {d, known, ""};
	bool ok = map_check(&p, root_rules, NULL, d->root, e) && sense_check(d, e);

	json_decref(known);
	return ok;
}
