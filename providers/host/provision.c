#include "config.h"

#include "provision.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/nearest.h"
#include "common/trusted.h"
#include "descriptor/grammar.h"
#include "load.h"
#include "other_names.h"
#include "descriptor/required.h"

#define ENGINE "rest"

/* Keeps a text for as long as the provision. */
static const char *kept(struct provision *p, const char *text)
{
	if (!text)
		return NULL;
	strs_add(&p->strings, text);
	return p->strings.at[p->strings.n - 1];
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static const char *names_joined(struct provision *p, const json_t *list)
{
	struct strs names = {0};
	const json_t *name;
	const char *result;
	char *joined;
	size_t i;

	if (json_is_string(list))
		return kept(p, json_string_value(list));
	json_array_foreach(list, i, name) strs_add(&names, json_string_value(name));
	joined = strs_join(&names, " ");
	result = *joined ? kept(p, joined) : NULL;
	free(joined);
	strs_free(&names);
	return result;
}

static const char *standard_of(struct provision *p, const json_t *credential)
{
	const json_t *standard = json_object_get(credential, "default");
	char number[32];

	if (json_is_integer(standard)) {
		snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(standard));
		return kept(p, number);
	}
	if (json_is_boolean(standard))
		return json_is_true(standard) ? "yes" : "no";
	return kept(p, json_string_value(standard));
}

static unsigned flags_of(const struct descriptor *d, const char *key, const json_t *credential)
{
	const char *kind = text_of(credential, "kind");
	unsigned flags = 0;

	if (json_is_true(json_object_get(credential, "secret")))
		flags |= DNSPROOF_SECRET;
	if (required_always(d->root, key))
		flags |= DNSPROOF_REQUIRED;
	if (required_alternatively(d->root, key))
		flags |= DNSPROOF_ONE_OF;
	if (kind && !strcmp(kind, "integer"))
		flags |= DNSPROOF_INT;
	if (kind && !strcmp(kind, "boolean"))
		flags |= DNSPROOF_BOOL;
	if (kind && !strcmp(kind, "url"))
		flags |= DNSPROOF_URL;
	return flags;
}

static void options_make(struct provision *p)
{
	const json_t *credentials = json_object_get(p->descriptor->root, "credentials");
	size_t n = json_object_size(credentials), i = 0;
	const char *key;
	json_t *credential;

	p->options = xcalloc(n + 1, sizeof(*p->options));
	json_object_foreach((json_t *)credentials, key, credential) p->options[i++] =
	    (struct dnsproof_option){
	        .key = kept(p, key),
	        .flags = flags_of(p->descriptor, key, credential),
	        .env = names_joined(p, json_object_get(credential, "environment")),
	        .standard = standard_of(p, credential),
	        .help = kept(p, text_of(credential, "help")),
	    };
}

static unsigned limit(const json_t *limits, const char *key)
{
	return (unsigned)json_integer_value(json_object_get(limits, key));
}

static enum dnsproof_unit unit_of(const json_t *root)
{
	const char *word = text_of(root, "replaces");

	if (word)
		return !strcmp(word, "zone")    ? DNSPROOF_ZONE
		       : !strcmp(word, "rrset") ? DNSPROOF_RRSET
		                                : DNSPROOF_RECORD;
	if (json_object_get(root, "whole_zone"))
		return DNSPROOF_ZONE;
	if (json_object_get(root, "rrset") || limit(json_object_get(root, "limits"), "most_values") == 1)
		return DNSPROOF_RRSET;
	return DNSPROOF_RECORD;
}

/* rest.so's table becomes the descriptor's. */
static void table_make(struct provision *p)
{
	const json_t *root = p->descriptor->root, *limits = json_object_get(root, "limits");
	bool set = json_object_get(root, "rrset") || json_object_get(root, "whole_zone");
	struct dnsproof_provider *t = &p->table;

	options_make(p);
	t->name = p->descriptor->name;
	t->summary = kept(p, text_of(root, "name"));
	t->url = kept(p, text_of(root, "documentation") ? text_of(root, "documentation")
	                                                : text_of(root, "website"));
	t->options = p->options;
	t->limits = (struct dnsproof_limits){
	    .least_ttl = limit(limits, "least_ttl"),
	    .requests_per_minute = limit(limits, "requests_per_minute"),
	    .settle_ms = limit(limits, "settle_ms"),
	    .most_parallel = limit(limits, "most_parallel"),
	    .most_values = limit(limits, "most_values"),
	};
	t->replaces = unit_of(root);
	t->compare_and_swap = json_is_true(json_object_get(root, "compare_and_swap"));
	if (json_is_true(json_object_get(root, "verifies_del")))
		t->flags |= DNSPROOF_VERIFIES_DEL;
	if (!set)
		t->batch = NULL;
	if (!set && !json_object_get(root, "find"))
		t->list = NULL;
	if (!json_object_get(root, "live"))
		t->live = NULL;
}

static bool from_descriptor(const char *name, const struct folders *where, struct provision *p, struct err *e)
{
	p->descriptor = descriptor_read(name, where->descriptors, e);
	if (!p->descriptor || !grammar_check(p->descriptor, e) ||
	    !module_load(ENGINE, where->modules, &p->table, e)) {
		provision_free(p);
		return false;
	}
	p->text = json_dumps(p->descriptor->root, JSON_COMPACT);
	table_make(p);
	return true;
}

static bool unknown(const char *name, const struct folders *where, struct err *e)
{
	const char *meant = other_names_find(name);
	struct strs names = {0};

	if (!meant && provision_names(where, &names, e)) {
		meant = nearest_word(name, (const char *const *)names.at, names.n);
		if (meant && nearest_distance(name, meant) > strlen(name) / 3) /* of 227 one is always near */
			meant = NULL;
	}
	err_set(e, "there is no provider '%s'; %s%s%sdnsproof providers lists them all", name,
	        meant ? "did you mean " : "", meant ? meant : "", meant ? "? " : "");
	strs_free(&names);
	return false;
}

bool provision_find(const char *name, const struct folders *where, struct provision *out, struct err *e)
{
	*out = (struct provision){0};
	if (!strcmp(name, ENGINE))
		return err_set(e,
		               "%s is what acts by descriptors and no provider by itself; "
		               "dnsproof-provider --list shows the providers",
		               name);
	if ((!trusted_name(name) && !other_names_find(name)) || module_exists(name, where->modules))
		return module_load(name, where->modules, &out->table, e);
	if (descriptor_exists(name, where->descriptors))
		return from_descriptor(name, where, out, e);
	return unknown(name, where, e);
}

void provision_free(struct provision *p)
{
	descriptor_free(p->descriptor);
	free(p->text);
	free(p->options);
	strs_free(&p->strings);
	*p = (struct provision){0};
}

bool provision_names(const struct folders *where, struct strs *names, struct err *e)
{
	struct strs modules = {0};

	if (!module_names(where->modules, &modules, e))
		return false;
	for (size_t i = 0; i < modules.n; i++)
		if (strcmp(modules.at[i], ENGINE) != 0 && strcmp(modules.at[i], "host-http") != 0)
			strs_add(names, modules.at[i]);
	strs_free(&modules);
	if (!descriptor_names(where->descriptors, names, e))
		return false;
	strs_sort(names);
	return true;
}
