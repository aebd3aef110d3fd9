#include "config.h"

#include "launcher/revoke.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/events.h"
#include "launcher/run.h"

static void say_due(const struct revoke *w, const struct revocation *r)
{
	char *live = r->id ? revocation_live(w->state, r->id) : NULL;
	if (live && strcmp(live, r->generation) == 0)
		events_say(
		    SAY_INFO, "due",
		    "%s: the revoked certificate is still published; the next dnsproof renew replaces it",
		    r->id);
	free(live);
}

static void settle(const struct revoke *w, const struct revocation *r, struct processes_result *result)
{
	struct err e;
	if (r->outcome == REVOCATION_OWED)
		return;
	if (!revocation_drop(r, w->state, &e) && result->code == EXIT_DONE)
		result->code = events_refuse(EXIT_FAILED, &e);
	if (r->outcome == REVOCATION_DONE)
		say_due(w, r);
}

struct processes_result revoke_all(const struct revoke *w, struct revocations *all)
{
	struct revocation **ready = xcalloc(all->n + 1, sizeof *ready);
	struct dns_accounts none = {0};
	struct job job = {.state = w->state,
	                  .command = JOB_REVOKE,
	                  .accounts = &none,
	                  .ca_accounts = w->ca_accounts,
	                  .revocation = ready,
	                  .options = w->options};
	struct processes_result r = {.code = EXIT_DONE};
	for (size_t i = 0; i < all->n; i++)
		if (!revocation_waits(&all->at[i], w->state))
			ready[job.revocations++] = &all->at[i];
	if (job.revocations)
		r = run_job(&job);
	for (size_t i = 0; i < job.revocations; i++)
		settle(w, ready[i], &r);
	free(ready);
	return r;
}

static bool is_graver(enum exit_code code, enum exit_code than)
{
	static const enum exit_code order[] = {EXIT_DONE,   EXIT_OWED,  EXIT_BUSY,
	                                       EXIT_FAILED, EXIT_USAGE, EXIT_MEMORY};
	size_t a = 0, b = 0;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		a = order[i] == code ? i : a;
		b = order[i] == than ? i : b;
	}
	return a > b;
}

void revoke_owed(const struct revoke *w, struct processes_result *r)
{
	struct revocations owed;
	struct strs damaged = {0};
	struct err e;
	if (r->signum || r->broken)
		return;
	if (!revocations_load(&owed, w->state, &damaged, &e))
		strs_add(&damaged, e.text);
	events_say_all(SAY_ERROR, "state", &damaged);
	struct processes_result own = revoke_all(w, &owed);
	if (damaged.n && own.code == EXIT_DONE)
		own.code = EXIT_FAILED;
	if (is_graver(own.code, r->code))
		r->code = own.code;
	r->signum = own.signum;
	r->broken = own.broken;
	r->worked = r->worked || own.worked;
	strs_free(&damaged);
	revocations_free(&owed);
}
