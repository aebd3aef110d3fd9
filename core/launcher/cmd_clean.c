#include "config.h"

#include <stdlib.h>

#include "launcher/dns_account.h"
#include "launcher/ca_account.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/options.h"
#include "launcher/revoke.h"
#include "launcher/run.h"
#include "launcher/state.h"

static int clean(const char *state, const struct options *o)
{
	struct dns_accounts accounts = {0};
	struct ca_accounts ca_accounts = {0};
	struct strs damaged = {0};
	struct err e;
	enum exit_code code = state_check(state, &e) ? state_open(state, false, &e) : EXIT_USAGE;
	if (code == EXIT_DONE && !(dns_accounts_load(&accounts, state, &damaged, &e) &&
	                           ca_accounts_load(&ca_accounts, state, &damaged, &e)))
		code = EXIT_FAILED;
	events_say_all(SAY_WARN, "state", &damaged);
	struct processes_result r = {.code = code};
	if (code == EXIT_DONE) {
		struct job task = {.state = state,
		                   .command = JOB_CLEAN,
		                   .accounts = &accounts,
		                   .ca_accounts = &ca_accounts,
		                   .options = o};
		r = run_job(&task);
		revoke_owed(&(struct revoke){state, o, &ca_accounts}, &r);
	} else {
		events_say(SAY_ERROR, "state", "%s", e.text);
	}
	strs_free(&damaged);
	dns_accounts_free(&accounts);
	ca_accounts_free(&ca_accounts);
	return run_end(&r);
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
