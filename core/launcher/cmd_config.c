#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "common/str.h"
#include "launcher/cmd.h"
#include "launcher/config_change.h"
#include "launcher/config_rivals.h"
#include "launcher/config_schema.h"
#include "launcher/config_say.h"
#include "launcher/config_show.h"
#include "launcher/configuration/configuration.h"
#include "launcher/configuration/export.h"
#include "launcher/configuration/notes.h"
#include "launcher/events.h"
#include "launcher/exit_code.h"
#include "launcher/names.h"
#include "launcher/options.h"
#include "launcher/state.h"

static const char *const first[] = {
    "ca: {le: {directory: letsencrypt, email: hostmaster@example.com, agree_tos: yes}}",
    "dns: {cf: {provider: cloudflare, set: {token: file:/etc/dnsproof/secrets/cf}}}",
    "defaults: {ca: le}",
    "certificates:",
    "  example.com: example.com *.example.com",
};

static enum exit_code code_of(const struct troubles *t)
{
	return t->broken ? EXIT_USAGE : t->lines ? EXIT_FAILED : EXIT_DONE;
}

static enum exit_code check(const struct configuration *c, struct troubles *t)
{
	configuration_judge(c, t);
	config_rivals_add(c, t);
	notes_add(c, t);
	config_say(c, t);
	if (t->broken || t->lines)
		events_say(SAY_ERROR, "config",
		           "%zu error%s in the configuration, %zu wrong line%s in list and "
		           "zone files",
		           t->broken, t->broken == 1 ? "" : "s", t->lines, t->lines == 1 ? "" : "s");
	else
		events_say(SAY_INFO, "config",
		           "right: %zu certificate%s, %zu CA account%s, %zu DNS account%s, "
		           "%zu deploy list%s",
		           c->n, c->n == 1 ? "" : "s", c->ca.n, c->ca.n == 1 ? "" : "s", c->dnss,
		           c->dnss == 1 ? "" : "s", c->deploys, c->deploys == 1 ? "" : "s");
	return code_of(t);
}

static enum exit_code show(const struct configuration *c, const struct troubles *t, const struct options *o)
{
	enum exit_code code = code_of(t);
	config_say(c, t);
	if (o->names.n == 1)
		config_show_all(c);
	for (size_t i = 1; i < o->names.n; i++)
		if (!config_show(c, o->names.at[i])) {
			events_say(SAY_ERROR, "usage",
			           "the configuration has no certificate %s; dnsproof config show lists them",
			           o->names.at[i]);
			code = EXIT_USAGE;
		}
	return code;
}

static enum exit_code schema(void)
{
	json_t *all = config_schema();
	char *text = json_dumps(all, JSON_INDENT(2));
	puts(text);
	free(text);
	json_decref(all);
	return EXIT_DONE;
}

/* One certificate that `issue` made, for a file of the configuration. */
static enum exit_code print_remembered(const struct options *o)
{
	struct err e;
	char *id = NULL, *state = NULL, *yaml = NULL;
	if (o->names.n != 2)
		err_set(&e, "dnsproof config export takes one ID of a certificate that dnsproof issue made");
	else if ((id = names_id(o->names.at[1], NULL, &e)) &&
	         (state = state_path(spec_text(o->run, KEY_STATE), &e)))
		yaml = export_yaml(state, id, &e);
	enum exit_code code = yaml ? EXIT_DONE : events_refuse(EXIT_USAGE, &e);
	if (yaml)
		fputs(yaml, stdout);
	free_all(yaml, state, id);
	return code;
}

/* What a first one looks like. */
static enum exit_code tell_first(const char *path, const struct err *e)
{
	enum exit_code code = events_refuse(EXIT_USAGE, e);
	bool file = str_ends(path, ".yaml");
	events_say(SAY_INFO, "config",
	           "write this to %s%s, with your own accounts and names, and type dnsproof "
	           "config check again:",
	           path, file ? "" : "/dnsproof.yaml");
	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
		events_say(SAY_INFO, "config", "%s", first[i]);
	return code;
}

/* The state folder's word on lists, where there is one. */
static bool read_guarded(struct configuration *c, const struct options *o, const char *path,
                         struct troubles *t, struct err *e)
{
	struct accepted a;
	struct err ignored;
	char *state = state_path(spec_text(o->run, KEY_STATE), &ignored);
	if (!state)
		return configuration_read(c, path, NULL, t, e);
	accepted_open(&a, state, path);
	bool there = configuration_read(c, path, &a, t, e);
	accepted_close(&a);
	free(state);
	return there;
}

static enum exit_code judge_or_show(const struct options *o, bool checks)
{
	struct configuration c = {0};
	struct troubles t = {0};
	struct err e;
	enum exit_code code;
	char *path = configuration_path(spec_text(o->run, KEY_CONFIG), &e);
	if (!path)
		code = events_refuse(EXIT_USAGE, &e);
	else if (!read_guarded(&c, o, path, &t, &e))
		code = tell_first(path, &e);
	else
		code = checks ? check(&c, &t) : show(&c, &t, o);
	configuration_free(&c);
	troubles_free(&t);
	free(path);
	return code;
}

static enum exit_code run(const struct options *o)
{
	const char *word = o->names.n ? o->names.at[0] : "";
	bool checks = strcmp(word, "check") == 0, schemas = strcmp(word, "schema") == 0;
	struct err e;
	if (strcmp(word, "export") == 0)
		return print_remembered(o);
	if (strcmp(word, "diff") == 0)
		return config_diff(o);
	if (strcmp(word, "accept") == 0)
		return config_accept(o);
	if (strcmp(word, "show") == 0)
		return judge_or_show(o, false);
	if (!checks && !schemas) {
		err_set(&e,
		        "dnsproof config needs check, show, diff, accept, schema or export; dnsproof help "
		        "config");
		return events_refuse(EXIT_USAGE, &e);
	}
	if (o->names.n > 1) {
		err_set(&e, "dnsproof config %s takes no names: it is about everything", word);
		return events_refuse(EXIT_USAGE, &e);
	}
	return checks ? judge_or_show(o, true) : schema();
}

int cmd_config(int argc, char **argv)
{
	struct options o;
	int code;
	if (options_begin(SPEC_CONFIG, argc, argv, &o, &code))
		code = run(&o);
	options_free(&o);
	return code;
}
