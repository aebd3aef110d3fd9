#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/cmd.h"
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

static enum exit_code code_of(const struct troubles *t)
{
	return t->broken ? EXIT_USAGE : t->lines ? EXIT_FAILED : EXIT_DONE;
}

static enum exit_code check(const struct configuration *c, struct troubles *t)
{
	configuration_judge(c, t);
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
static enum exit_code export(const struct options *o) {
	struct err e; char *id = NULL, *state = NULL, *yaml = NULL; if (o->names.n != 2)
	    err_set(&e, "dnsproof config export takes one ID of a certificate that dnsproof issue made");
	else if ((id = names_id(o->names.at[1], NULL, &e)) &&
	         (state = state_path(spec_text(o->run, KEY_STATE), &e))) yaml = export_yaml(state, id, &e);
	enum exit_code code = yaml ? EXIT_DONE : events_refuse(EXIT_USAGE, &e);
	if (yaml) fputs(yaml, stdout);
	free_all(yaml, state, id);
	return code;
}

static enum exit_code run(const struct options *o)
{
	const char *word = o->names.n ? o->names.at[0] : "";
	struct configuration c;
	struct troubles t = {0};
	struct err e;
	enum exit_code code;
	bool checks = strcmp(word, "check") == 0;
	bool shows = strcmp(word, "show") == 0;
	if (strcmp(word, "export") == 0)
		return export(o);
	if (!checks && !shows && strcmp(word, "schema") != 0) {
		err_set(&e, "dnsproof config needs check, show, schema or export; dnsproof help config");
		return events_refuse(EXIT_USAGE, &e);
	}
	if (!shows && o->names.n > 1) {
		err_set(&e, "dnsproof config %s takes no names: it is about everything", word);
		return events_refuse(EXIT_USAGE, &e);
	}
	if (!checks && !shows)
		return schema();
	char *path = configuration_path(spec_text(o->run, KEY_CONFIG), &e);
	bool ok = path && configuration_read(&c, path, NULL, &t, &e);
	if (!ok)
		code = events_refuse(EXIT_USAGE, &e);
	else
		code = checks ? check(&c, &t) : show(&c, &t, o);
	if (path)
		configuration_free(&c);
	troubles_free(&t);
	free(path);
	return code;
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
