#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/mem.h"
#include "launcher/child.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/exit_code.h"
#include "launcher/options.h"

/* Runs dnsproof-provider in our stead: its output is ours. */
static int show(char **argv)
{
	char *path = child_program(BINDIR, "DNSPROOF_BINDIR", "dnsproof-provider");
	int fds[] = {-1, 1, 2};
	struct child_plan plan = {.path = path, .argv = argv, .fds = fds, .n = 3, .interactive = true};
	struct err e;
	int code = EXIT_FAILED;
	pid_t pid = child_start(&plan, &e);
	if (pid < 0) {
		events_say(SAY_ERROR, "crash", "%s", e.text);
	} else {
		int status = child_wait(pid);
		char *how = child_how(status);
		if (WIFEXITED(status))
			code = WEXITSTATUS(status);
		else
			events_say(SAY_ERROR, "crash", "dnsproof-provider ended: %s", how);
		free(how);
	}
	free(path);
	return code;
}

static int show_all(void)
{
	char *argv[] = {(char *)"dnsproof-provider", (char *)"--list", NULL};
	return show(argv);
}

/* names: the provider, and perhaps the host that is asked about. */
static int show_one(const struct options *o)
{
	const json_t *set = o->dnss ? o->dns[0].set : NULL;
	size_t n = 0, first = 0, sets = json_object_size(set);
	const char *key;
	json_t *v;
	char **argv = xcalloc(2 * sets + o->names.n + 3, sizeof *argv);
	argv[n++] = (char *)"dnsproof-provider";
	argv[n++] = (char *)"--describe";
	argv[n++] = o->names.at[0];
	first = n;
	json_object_foreach((json_t *)set, key, v)
	{
		argv[n++] = xstrdup("--set");
		argv[n++] = xasprintf("%s=%s", key, json_string_value(v));
	}
	if (o->names.n > 1)
		argv[n++] = o->names.at[1];
	int code = show(argv);
	for (size_t i = 0; i < 2 * sets; i++)
		mem_wipe_free(argv[first + i]);
	free(argv);
	return code;
}

static int run(const struct options *o)
{
	struct err e;
	if (o->names.n > 2) {
		err_set(&e, "dnsproof providers takes the name of a provider, and that of a host");
		return events_refuse(EXIT_USAGE, &e);
	}
	if (o->names.n > 1 && strcmp(o->names.at[0], "new") == 0)
		return cmd_providers_new(o->names.at[1], spec_yes(o->run, KEY_MODULE));
	return o->names.n ? show_one(o) : show_all();
}

int cmd_providers(int argc, char **argv)
{
	struct options o;
	int code;
	if (options_begin(SPEC_PROVIDERS, argc, argv, &o, &code))
		code = run(&o);
	options_free(&o);
	return code;
}
