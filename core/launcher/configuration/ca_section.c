#include "config.h"

#include "launcher/configuration/ca_section.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/url.h"
#include "launcher/ca_preset.h"
#include "launcher/configuration/connection_keys.h"
#include "launcher/configuration/shape.h"
#include "launcher/configuration/value.h"

static const char *text_of(const struct layer *l, enum spec_key key)
{
	const struct given *g = layer_given(l, key);
	return g ? json_string_value(g->value) : NULL;
}

static bool wrong(const struct scope *s, const struct yaml_node *v, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(const struct scope *s, const struct yaml_node *v, const char *format, ...)
{
	char text[600];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line, "CA account %s: %s", v->key, text);
	return false;
}

/* The account of a preset's name is shared with `issue --ca NAME`. */
static bool name_is_fine(const struct scope *s, const struct yaml_node *v, const char *directory)
{
	const struct ca_preset *preset = ca_preset_find(v->key);
	if (!preset || !preset->directory || strcmp(preset->directory, directory) == 0)
		return true;
	return wrong(
	    s, v,
	    "%s is the name of a CA that is known, but this is the directory of another, expected another "
	    "name",
	    v->key);
}

/* What the CA wants before it takes an account. */
static void judge_needs(const struct scope *s, const struct yaml_node *v, const struct layer *l,
                        const char *directory)
{
	const struct ca_preset *preset = ca_preset_find(directory);
	const struct given *agreed = layer_given(l, KEY_AGREE_TOS);
	bool kid = text_of(l, KEY_EAB_KID), key = yaml_member(v, spec_name(KEY_EAB_KEY));
	if (!agreed || !json_is_true(agreed->value))
		wrong(s, v,
		      "the terms of service%s%s%s are not agreed to, expected agree_tos: yes once you have "
		      "read "
		      "them",
		      preset ? " (" : "", preset ? preset->terms : "", preset ? ")" : "");
	if (kid != key)
		wrong(s, v, "eab_%s without eab_%s, expected both", kid ? "kid" : "key", kid ? "key" : "kid");
	else if (!kid && preset && preset->binding)
		wrong(s, v,
		      "%s takes only accounts with an external account binding, expected eab_kid and eab_key "
		      "(%s)",
		      preset->label, preset->binding);
}

/* The URL that the key means; new, NULL when it is wrong, which was told. */
static char *url_of(const struct scope *s, const struct given *g)
{
	char *name = NULL, *directory = NULL;
	struct err e;
	if (!ca_account_name(json_string_value(g->value), &name, &directory, &e))
		troubles_add(s->t, TROUBLE_BROKEN, s->file, g->origin.line, "%s: %s", spec_name(g->key),
		             e.text + (str_starts(e.text, "--ca ") ? strlen("--ca ") : 0));
	free(name);
	return directory;
}

/* The URL that `directory` means; new, NULL when it is wrong, which was told. */
static char *directory_of(const struct scope *s, const struct yaml_node *v, const struct layer *l)
{
	const struct given *g = layer_given(l, KEY_DIRECTORY);
	if (!g || !json_is_string(g->value)) {
		if (!yaml_member(v, spec_name(KEY_DIRECTORY)) || g)
			wrong(s, v,
			      "no directory, expected directory: letsencrypt, or the URL of another CA's");
		return NULL;
	}
	return url_of(s, g);
}

static void judge_staging(const struct scope *s, const struct layer *l)
{
	const struct given *g = layer_given(l, KEY_STAGING);
	if (g && json_is_string(g->value))
		free(url_of(s, g));
}

/* Accounts are on the host of their directory. */
static void judge_uri(const struct scope *s, const struct layer *l, const char *directory)
{
	const struct given *g = layer_given(l, KEY_ACCOUNT_URI);
	const char *uri = g ? json_string_value(g->value) : NULL;
	if (uri && !(url_valid(uri) && url_same_host(uri, directory)))
		troubles_add(
		    s->t, TROUBLE_BROKEN, s->file, g->origin.line,
		    "account_uri: %.200s is no URL of an account at %s, expected what dnsproof ca show "
		    "prints",
		    uri, directory);
}

static void add(const struct scope *s, const struct yaml_node *v, struct layer *l, const char *directory)
{
	struct configuration *c = s->c;
	json_t *settings = json_object();
	for (size_t i = 0; i < l->n; i++)
		if (spec_table[l->at[i].key].places & SPEC_CA_ACCOUNT && !json_is_null(l->at[i].value))
			json_object_set(settings, spec_name(l->at[i].key), l->at[i].value);
	const struct given *limits = layer_given(l, KEY_LIMITS);
	ca_accounts_configured(&c->ca, v->key, directory, settings, limits ? limits->value : NULL);
	c->ca_at = xrealloc(c->ca_at, c->ca.n * sizeof *c->ca_at);
	c->ca_at[c->ca.n - 1] = (struct config_ca){xstrdup(v->key), scope_origin(s, v->key_line), *l};
	*l = (struct layer){0};
}

void ca_section_take(const struct scope *s, const struct yaml_node *v)
{
	struct layer l = {0};
	if (!shape_is_name(s, v->key_line, "a CA account", v->key) || !shape_is_map(s, v->key, v))
		return;
	value_keys(s, "a CA account", SPEC_IN_CA, v, &l, NULL, NULL);
	char *directory = directory_of(s, v, &l);
	judge_staging(s, &l);
	connection_keys_judge(s, &l);
	if (directory && name_is_fine(s, v, directory))
		judge_needs(s, v, &l, directory);
	if (directory)
		judge_uri(s, &l, directory);
	/* A wrong one is there, too: what points at it is not wrong. */
	add(s, v, &l, directory ? directory : "");
	free(directory);
	layer_clear(&l);
}
