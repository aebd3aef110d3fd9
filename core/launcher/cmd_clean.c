#include "config.h"

#include <stdlib.h>

#include "launcher/account.h"
#include "launcher/authority.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/options.h"
#include "launcher/run.h"
#include "launcher/state.h"

static int clean(const char *state, const struct options *o)
{
	struct accounts accounts = { 0 };
	struct authorities authorities = { 0 };
	struct strs damaged = { 0 };
	struct err e;
	enum exit_code code = state_open(state, false, &e);
	if (code == EXIT_DONE && !(accounts_load(&accounts, state, &damaged, &e) &&
				   authorities_load(&authorities, state, &damaged, &e)))
		code = EXIT_FAILED;
	for (size_t i = 0; i < damaged.n; i++)
		events_say(SAY_WARN, "state", "%s", damaged.at[i]);
	struct session_result r = { .code = code };
	if (code == EXIT_DONE) {
		struct task task = { .state = state, .accounts = &accounts,
				     .authorities = &authorities, .options = o };
		r = run_task(&task);
	} else {
		events_say(SAY_ERROR, "state", "%s", e.text);
	}
	strs_free(&damaged);
	accounts_free(&accounts);
	authorities_free(&authorities);
	return run_end(&r);
}

int cmd_clean(int argc, char **argv)
{
	struct options o;
	struct err e;
	char *state = NULL;
	int code = EXIT_USAGE;
	bool ok = options_parse(COMMAND_CLEAN, argc, argv, &o, &e);
	events_open(o.json, o.verbose);
	if (ok && !o.help && o.names.n)
		ok = err_set(&e, "dnsproof clean takes no names; it removes all that dead runs left");
	if (o.help) {
		options_help(COMMAND_CLEAN);
		code = EXIT_DONE;
	} else if (!ok || !(state = state_path(o.state, &e))) {
		events_say(SAY_ERROR, "usage", "%s", e.text);
	} else {
		code = clean(state, &o);
	}
	options_free(&o);
	free(state);
	return code;
}
