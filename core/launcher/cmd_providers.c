#include "config.h"

#include <stdlib.h>
#include <sys/wait.h>

#include "launcher/child.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/exits.h"
#include "launcher/options.h"

/* Runs dnsproof-provider in our stead: its output is ours. */
static int show(char *name)
{
	char *path = child_program(BINDIR, "DNSPROOF_BINDIR", "dnsproof-provider");
	char *list[] = { (char *)"dnsproof-provider", (char *)"--list", NULL };
	char *describe[] = { (char *)"dnsproof-provider", (char *)"--describe", name, NULL };
	int fds[] = { -1, 1, 2 };
	struct child_plan plan = { .path = path, .argv = name ? describe : list, .fds = fds, .n = 3,
				   .interactive = true };
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

int cmd_providers(int argc, char **argv)
{
	struct options o;
	struct err e;
	int code = EXIT_USAGE;
	bool ok = options_parse(COMMAND_PROVIDERS, argc, argv, &o, &e);
	if (ok && o.names.n > 1)
		ok = err_set(&e, "dnsproof providers takes one name at most");
	if (!ok) {
		events_say(SAY_ERROR, "usage", "%s", e.text);
	} else if (o.help) {
		options_help(COMMAND_PROVIDERS);
		code = EXIT_DONE;
	} else {
		code = show(o.names.n ? o.names.at[0] : NULL);
	}
	options_free(&o);
	return code;
}
