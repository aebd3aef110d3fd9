#include "config.h"

#include <stdlib.h>

#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/inventory.h"
#include "launcher/options.h"
#include "launcher/revoke.h"
#include "launcher/run.h"
#include "launcher/run_end.h"
#include "launcher/state.h"

static int clean(const char *state, const struct options *o)
{
	struct inventory i = {0};
	struct err e;
	enum exit_code code = state_check(state, &e) ? state_open(state, false, &e) : EXIT_USAGE;
	if (code == EXIT_DONE && !inventory_accounts(&i, state, &e))
		code = EXIT_FAILED;
	struct processes_result r = {.code = code};
	if (code == EXIT_DONE) {
		struct job task = {.state = state,
		                   .command = JOB_CLEAN,
		                   .accounts = &i.accounts,
		                   .ca_accounts = &i.ca_accounts,
		                   .options = o};
		r = run_job(&task);
		revoke_owed(&(struct revoke){state, o, &i.ca_accounts}, &r);
	} else {
		events_say(SAY_ERROR, "state", "%s", e.text);
	}
	inventory_free(&i);
	return run_end(&r, state, o);
}

int cmd_clean(int argc, char **argv)
{
	struct options o;
	struct err e;
	char *state = NULL;
	int code;
	if (options_begin(SPEC_CLEAN, argc, argv, &o, &code)) {
		if (o.names.n)
			err_set(&e, "dnsproof clean takes no names; it removes all that dead runs left");
		else
			state = state_path(spec_text(o.run, KEY_STATE), &e);
		code = state ? clean(state, &o) : (int)events_refuse(EXIT_USAGE, &e);
	}
	options_free(&o);
	free(state);
	return code;
}
