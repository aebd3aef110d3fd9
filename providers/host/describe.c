#include "config.h"

#include "describe.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/str.h"
#include "help.h"
#include "http_service.h"
#include "other_names.h"
#include "request.h"

static json_t *text_or_null(const char *text)
{
	json_t *value = text ? json_string(text) : NULL;

	return value ? value : json_null();
}

static json_t *env_json(const char *names)
{
	json_t *list = json_array();
	struct strs words = {0};

	strs_words(&words, names);
	for (size_t i = 0; i < words.n; i++)
		json_array_append_new(list, json_string(words.at[i]));
	strs_free(&words);
	return list;
}

static const char *type_word(unsigned flags)
{
	if (flags & DNSPROOF_INT)
		return "integer";
	if (flags & DNSPROOF_BOOL)
		return "boolean";
	if (flags & DNSPROOF_URL)
		return "url";
	return "text";
}

static json_t *options_json(const struct dnsproof_provider *p)
{
	json_t *list = json_array();

	for (const struct dnsproof_option *o = p->options; o && o->key; o++)
		json_array_append_new(
		    list, json_pack("{s:s,s:s,s:b,s:b,s:b,s:b,s:o,s:o,s:o}", "key", o->key, "type",
		                    type_word(o->flags), "required", (o->flags & DNSPROOF_REQUIRED) != 0,
		                    "one_of", (o->flags & DNSPROOF_ONE_OF) != 0, "env_set",
		                    (o->flags & DNSPROOF_ENV_SET) != 0, "secret",
		                    (o->flags & DNSPROOF_SECRET) != 0, "env", env_json(o->env), "default",
		                    text_or_null(o->standard), "help", text_or_null(o->help)));
	return list;
}

static const json_t *member(const struct descriptor *d, const char *key)
{
	return d ? json_object_get(d->root, key) : NULL;
}

/* What only a descriptor tells. */
static void descriptor_json(json_t *into, const struct descriptor *d)
{
	static const char *const keys[] = {"website", "documentation", "source", "notes"};

	json_object_set_new(into, "kind", json_string(d ? "descriptor" : "module"));
	json_object_set_new(into, "own", json_boolean(d && d->own));
	json_object_set_new(into, "unverified", json_boolean(json_is_true(member(d, "unverified"))));
	for (size_t i = 0; d && i < sizeof(keys) / sizeof(keys[0]); i++)
		json_object_set_new(into, keys[i], text_or_null(json_string_value(member(d, keys[i]))));
	if (d)
		json_object_set_new(into, "file", text_or_null(d->file));
}

static void descriptor_text(struct buf *b, const struct descriptor *d)
{
	const char *notes = json_string_value(member(d, "notes"));
	const char *source = json_string_value(member(d, "source"));

	if (!d)
		return;
	if (d->own)
		buf_printf(b, "Your own descriptor: %s\n", d->file);
	if (json_is_true(member(d, "unverified")))
		buf_add_str(b, "Unverified: nobody has compared it with the provider's own documentation.\n");
	if (source)
		buf_printf(b, "Source: %s\n", source);
	if (notes)
		buf_printf(b, "%s%s", notes, str_ends(notes, "\n") ? "" : "\n");
}

static void options_text(struct buf *b, const struct dnsproof_provider *p)
{
	if (!p->options || !p->options->key) {
		buf_add_str(b, "\nIt has no options.\n");
		return;
	}
	buf_add_str(b, "\nOptions (--set KEY=VALUE):\n");
	for (const struct dnsproof_option *o = p->options; o->key; o++) {
		buf_printf(b, "  %-12s %s\n", o->key, o->help ? o->help : "");
		buf_printf(b, "  %-12s   %s%s%s", "", type_word(o->flags),
		           o->flags & DNSPROOF_REQUIRED ? ", required" : "",
		           o->flags & DNSPROOF_SECRET
		               ? ", secret: file:/path, cred:NAME, env:NAME, cmd:WORDS or fd:N"
		               : "");
		if (o->standard)
			buf_printf(b, ", default %s", o->standard);
		if (o->env)
			buf_printf(b, ", environment %s", o->env);
		buf_add_str(b, "\n");
	}
}

static void web_text(struct buf *b, const struct dnsproof_provider *p)
{
	if (p->uses_http)
		buf_add_str(b, "And as every provider that speaks HTTP:\n");
	for (const struct http_service_option *o = http_service_options; p->uses_http && o->key; o++)
		buf_printf(b, "  %-12s %s\n", o->key, o->help);
}

static json_t *http_options_json(const struct dnsproof_provider *p)
{
	json_t *keys = json_array();

	for (const struct http_service_option *o = http_service_options; p->uses_http && o->key; o++)
		json_array_append_new(keys, json_string(o->key));
	return keys;
}

static void race_text(struct buf *b, const struct dnsproof_provider *p)
{
	static const char *const unit[] = {"the record itself", "all TXT records of the name (rrset)",
	                                   "the whole zone"};

	buf_printf(b, "\nOne write replaces: %s.\n", unit[p->replaces]);
	if (p->replaces == DNSPROOF_RECORD)
		buf_add_str(b, "Others may write at the same time; none of their records is touched.\n");
	else if (p->compare_and_swap)
		buf_add_str(b, "A write fails and is done again when the set changed since it was read, "
		               "so that nothing of others is lost.\n");
	else
		buf_add_str(b, "Writes of dnsproof wait for each other. What somebody else writes in the "
		               "milliseconds between reading and writing can be lost.\n");
	buf_printf(b, "Several changes at once: %s.\n",
	           !p->batch            ? "no, one by one"
	           : p->batch_is_atomic ? "yes, all or nothing"
	                                : "yes");
	buf_printf(b, "It can check: %s; list: %s.\n", p->check ? "yes" : "no", p->list ? "yes" : "no");
}

static void limit_line(struct buf *b, const char *what, unsigned n, const char *unit)
{
	if (n)
		buf_printf(b, "  %s %u%s\n", what, n, unit);
}

static void limits_text(struct buf *b, const struct dnsproof_limits *l)
{
	buf_add_str(b, "\nLimits:\n");
	limit_line(b, "minimum TTL", l->least_ttl, " s");
	limit_line(b, "requests a minute", l->requests_per_minute, "");
	limit_line(b, "settling time", l->settle_ms, " ms");
	limit_line(b, "values at one name", l->most_values, "");
	limit_line(b, "processes at once", l->most_parallel ? l->most_parallel : 1, "");
}

/* Where the value comes from is shown; a secret that was typed literally is not. */
static void example_value(struct buf *b, const struct dnsproof_option *o, const struct givens *given)
{
	const struct given *g = given ? givens_find(given, o->key) : NULL;
	bool secret = o->flags & DNSPROOF_SECRET;
	const char *value = g && (g->source || !secret) ? (g->source ? g->source : g->value) : NULL;
	char *shown = str_printable(value ? value : secret ? "file:/path" : "VALUE", 300);

	buf_printf(b, " \\\n    --set %s=%s", o->key, shown);
	free(shown);
}

static bool is_given(const struct dnsproof_option *o, const struct givens *given)
{
	return given && givens_find(given, o->key);
}

static void example_text(struct buf *b, const struct dnsproof_provider *p, const struct givens *given,
                         const char *name)
{
	const char *host = name ? name : "example.org";
	bool chosen = false; /* one of the ways to be let in */

	for (const struct dnsproof_option *o = p->options; o && o->key; o++)
		chosen = chosen || (o->flags & DNSPROOF_ONE_OF && is_given(o, given));
	buf_printf(b, "dnsproof issue %s '*.%s' --agree-tos --dns %s", host, host, p->name);
	for (const struct dnsproof_option *o = p->options; o && o->key; o++) {
		bool alternative = o->flags & DNSPROOF_ONE_OF;

		if (o->flags & DNSPROOF_REQUIRED || is_given(o, given) || (alternative && !chosen))
			example_value(b, o, given);
		chosen = chosen || alternative;
	}
	buf_add_str(b, "\n");
}

static void examples_json(json_t *into, const struct dnsproof_provider *p)
{
	char *prepare = help_text(p, NULL, NULL), *example;
	struct buf b;

	buf_init(&b, 0);
	example_text(&b, p, NULL, NULL);
	example = buf_take(&b);
	json_object_set_new(into, "help", text_or_null(prepare));
	json_object_set_new(into, "example", text_or_null(example));
	free(prepare);
	free(example);
}

json_t *describe_json(const struct provision *from)
{
	const struct dnsproof_provider *p = &from->table;
	json_t *ops = request_ops(p), *limits = request_limits(p), *all;

	all = json_pack("{s:s,s:o,s:o,s:i,s:s,s:b,s:b,s:b,s:b,s:o,s:o,s:o}", "name", p->name, "summary",
	                text_or_null(p->summary), "url", text_or_null(p->url), "abi", (int)p->abi, "replaces",
	                request_unit_word(p->replaces), "cas", p->compare_and_swap != 0, "verifies_del",
	                (p->flags & DNSPROOF_VERIFIES_DEL) != 0, "batch_is_atomic", p->batch_is_atomic != 0,
	                "uses_http", p->uses_http != 0, "ops", ops, "limits", limits, "options",
	                options_json(p));
	json_object_set_new(all, "http_options", http_options_json(p));
	examples_json(all, p);
	json_object_set_new(all, "other_names", text_or_null(other_names_of(p->name)));
	descriptor_json(all, from->descriptor);
	return all;
}

char *describe_text(const struct provision *from, const struct givens *given, const char *name)
{
	const struct dnsproof_provider *p = &from->table;
	char *help = help_text(p, given, name);
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, "%s: %s\n", p->name, p->summary ? p->summary : "(no summary)");
	if (p->url)
		buf_printf(&b, "%s\n", p->url);
	if (other_names_of(p->name))
		buf_printf(&b, "Other programs call it: %s\n", other_names_of(p->name));
	descriptor_text(&b, from->descriptor);
	options_text(&b, p);
	web_text(&b, p);
	race_text(&b, p);
	limits_text(&b, &p->limits);
	if (help)
		buf_printf(&b, "\nWhat to prepare:\n%s", help);
	else {
		buf_add_str(&b, "\nExample:\n  ");
		example_text(&b, p, given, name);
	}
	free(help);
	return buf_take(&b);
}
