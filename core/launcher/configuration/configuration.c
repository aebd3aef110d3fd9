#include "config.h"

#include "launcher/configuration/configuration.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/nearest.h"
#include "launcher/configuration/account_keys.h"
#include "launcher/configuration/ca_section.h"
#include "launcher/configuration/certificate_section.h"
#include "launcher/configuration/config_files.h"
#include "launcher/configuration/deploy_section.h"
#include "launcher/configuration/dns_section.h"
#include "launcher/configuration/list_section.h"
#include "launcher/configuration/shape.h"

typedef void take_fn(const struct scope *s, const struct yaml_node *v);

/* In the order in which they are read: what is pointed at comes first. */
static const struct {
	const char *name;
	take_fn *take;
	bool list;   /* entries without names */
	bool merged; /* a name stands once in all files */
} sections[] = {
    {"ca", ca_section_take, false, true},
    {"dns", dns_section_take, false, true},
    {"deploy", deploy_section_take, false, true},
    {"defaults", defaults_take, false, false},
    {"certificates", certificate_take, false, false},
    {"lists", list_section_take, true, false},
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

/* Where that account or list is defined already; false when it is new. */
static bool find_origin(const struct configuration *c, const char *section, const char *name,
                        struct origin *at)
{
	for (size_t i = 0; *section == 'c' && i < c->ca.n; i++)
		if (strcmp(c->ca_at[i].name, name) == 0)
			return *at = c->ca_at[i].origin, true;
	for (size_t i = 0; strcmp(section, "dns") == 0 && i < c->dnss; i++)
		if (strcmp(c->dns[i].name, name) == 0)
			return *at = c->dns[i].origin, true;
	for (size_t i = 0; strcmp(section, "deploy") == 0 && i < c->deploys; i++)
		if (strcmp(c->deploy_at[i].name, name) == 0)
			return *at = c->deploy_at[i].origin, true;
	return false;
}

static bool is_twice(const struct scope *s, const char *section, const struct yaml_node *v)
{
	struct origin at;
	if (!find_origin(s->c, section, v->key, &at))
		return false;
	char *where = configuration_where(s->c, at);
	troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line,
	             "%s: %s is defined at %s already, expected it once", section, v->key, where);
	free(where);
	return true;
}

static void section_read(const struct scope *s, int which, const struct yaml_node *v)
{
	const char *name = sections[which].name;
	if (!(sections[which].list ? shape_is_list(s, name, v) : shape_is_map(s, name, v)))
		return;
	for (const struct yaml_node *one = v->child; one; one = one->next)
		if (!sections[which].merged || !is_twice(s, name, one))
			sections[which].take(s, one);
}

static void tell_unknown_section(const struct scope *s, const struct yaml_node *v)
{
	const char *names[SECTIONS];
	for (int i = 0; i < SECTIONS; i++)
		names[i] = sections[i].name;
	char *shown = str_printable(v->key, 60);
	const char *near = nearest_close(v->key, names, SECTIONS);
	if (!strchr(v->key, '-') && spec_find(v->key, SPEC_IN_CERTIFICATE) >= 0)
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line,
		             "%s is a key of a certificate, expected it under defaults, or in one", shown);
	else if (near)
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line, "%s is no section; did you mean %s?",
		             shown, near);
	else
		troubles_add(s->t, TROUBLE_BROKEN, s->file, v->key_line,
		             "%s is no section, expected defaults, ca, dns, deploy, certificates or lists",
		             shown);
	free(shown);
}

static bool is_section(const char *name)
{
	for (int i = 0; i < SECTIONS; i++)
		if (strcmp(sections[i].name, name) == 0)
			return true;
	return false;
}

static void judge_root(const struct scope *s)
{
	const struct yaml_node *root = s->tree->root;
	if (root && shape_is_map(s, "the configuration", root))
		for (const struct yaml_node *v = root->child; v; v = v->next)
			if (!is_section(v->key))
				tell_unknown_section(s, v);
}

/* A certificate without a CA: there is no account that could be meant. */
static void judge_ca(const struct configuration *c, struct troubles *t)
{
	for (size_t i = 0; i < c->n && t->broken == 0; i++) {
		const struct configured *k = &c->at[i];
		const char *why = layer_given(k->layer, KEY_CA) || c->ca.n == 1 ? NULL : "ca";
		if (!why)
			continue;
		troubles_add(t, TROUBLE_BROKEN, k->origin.file, k->origin.line,
		             "certificate %s: no ca, expected the name of %s", k->id,
		             c->ca.n ? "a CA account here, or in defaults"
		                     : "an account that stands under ca");
	}
}

/* Where a line is no YAML, what it would have meant is not told besides. The first `syntax` ones are of that kind. */
static void drop_consequences(struct troubles *t, size_t syntax)
{
	for (size_t i = syntax; i < t->n;) {
		size_t k = 0;
		while (k < syntax && (t->at[k].file != t->at[i].file || t->at[k].line != t->at[i].line))
			k++;
		if (k < syntax)
			troubles_drop(t, i);
		else
			i++;
	}
}

/* Where a line does not hold, the file is read anew next time, so that it is told again. */
static void distrust(const struct configuration *c, const struct troubles *t, struct accepted *a)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].kind == TROUBLE_LINE && (!i || t->at[i].file != t->at[i - 1].file))
			accepted_distrust(a, c->files.at[t->at[i].file]);
}

bool configuration_read(struct configuration *c, const char *path, struct accepted *a, struct troubles *t,
                        struct err *e)
{
	struct config_files f = {0};
	*c = (struct configuration){.deploy = json_object(), .accepted = a};
	bool there = config_files_read(&f, path, c, t, e);
	if (!there)
		goto out;
	size_t syntax = t->n;
	for (size_t i = 0; i < f.n; i++) {
		struct scope s = {c, t, f.at[i].file, &f.at[i].tree};
		judge_root(&s);
	}
	for (int which = 0; which < SECTIONS; which++)
		for (size_t i = 0; i < f.n; i++) {
			struct scope s = {c, t, f.at[i].file, &f.at[i].tree};
			const struct yaml_node *root = s.tree->root;
			const struct yaml_node *v = root && root->kind == YAML_IS_MAP
			                                ? yaml_member(root, sections[which].name)
			                                : NULL;
			if (v)
				section_read(&s, which, v);
		}
	config_files_free(&f);
	account_keys_apply(c);
	judge_ca(c, t);
	drop_consequences(t, syntax);
	troubles_sort(t);
	if (a)
		distrust(c, t, a);
out:
	c->accepted = NULL;
	return there;
}
