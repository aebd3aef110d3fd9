#include "engine/order/world.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/spread/absence.h"
#include "engine/acme/ca_account.h"
#include "engine/dns/ask.h"
#include "engine/journal/schema.h"
#include "engine/journal/ca_accounts.h"
#include "engine/journal/dns_requests.h"
#include "engine/journal/events.h"
#include "engine/peers/launcher.h"
#include "engine/pool/pool.h"
#include "engine/journal/turn.h"
#include "engine/order/groups.h"
#include "engine/order/resolution.h"

/* As the certificate of the value asked, unless the command says how. */
static void world_prove_absent(void *arg, const struct intent *i, const struct txt_witness *witness,
                               uint64_t ms, txt_absent_fn *fn, void *fn_arg)
{
	struct world *e = arg;

	const struct job *job = e->job;
	bool given = job->servers.n || job->resolvers.n;
	struct err err;
	struct resolution *r = given ? world_resolution(e, &job->servers, &job->resolvers, &err)
	                             : world_resolution_of(e, i->resolution, &err);

	/* Settings that cannot be used any more: the value must be looked for nevertheless. */
	absence_prove((r ? r : e->resolution[0])->absences, i, witness, ms, fn, fn_arg);
}

static void world_forget_proof(void *arg, void *fn_arg)
{
	struct world *e = arg;

	for (size_t i = 0; i < e->resolutions; i++)
		absence_forget(e->resolution[i]->absences, fn_arg);
}

static void world_tries_again(void *arg, const struct intent *i, const char *message)
{
	const struct world *e = arg;

	launcher_event(e->launcher, EVENT_WARN, "retry",
	               json_pack("{s:s, s:s}", "owner", i->owner, "dns", i->dns_account),
	               "%s: %s: %s; trying again", i->owner, i->dns_account, message);
}

static void world_store_requests(void *arg, const char *dns_account, unsigned n)
{
	const struct world *e = arg;

	dns_requests_store(e->turn, dns_account, n);
}

static void world_each_request(void *arg, const char *dns_account,
                               void (*fn)(void *to, unsigned age_s, unsigned n), void *to)
{
	const struct world *e = arg;

	dns_requests_each(e->turn, dns_account, fn, to);
}

enum world_end world_open(struct world *e, void (*broken)(void *arg, const char *why), void *arg,
                          struct err *err)
{
	bool person;

	e->db = journal_open(e->job->state, &person, err);
	if (!e->db)
		return person ? WORLD_MISCONFIGURED : WORLD_FAILED;
	e->turn = turn_new(e->loop, e->db, broken, arg);
	e->events = events_new(e->turn);
	e->ask = ask_new(e->loop);
	if (!world_resolution(e, &e->job->servers, &e->job->resolvers, err))
		return WORLD_MISCONFIGURED;
	e->pool = pool_new(e->loop, e->launcher,
	                   &(struct pool_requests){world_store_requests, world_each_request, e});
	e->groups = groups_new();
	e->txt_world = (struct txt_world){
	    .loop = e->loop,
	    .turn = e->turn,
	    .pool = e->pool,
	    .prove_absent = world_prove_absent,
	    .forget_proof = world_forget_proof,
	    .tries_again = world_tries_again,
	    .arg = e,
	};
	return WORLD_OPEN;
}

void world_close(struct world *e)
{
	for (size_t i = 0; i < e->naccounts; i++)
		ca_account_free(e->accounts[i]);
	free(e->accounts);
	pool_free(e->pool);
	groups_free(e->groups);
	for (size_t i = 0; i < e->resolutions; i++)
		resolution_free(e->resolution[i]);
	free(e->resolution);
	ask_free(e->ask);
	events_free(e->events);
	turn_free(e->turn);
	db_close(e->db);
	job_free(e->job);
}

struct ca_account *world_ca_account(struct world *e, const char *name, struct lookup *lookup, struct err *err)
{
	for (size_t i = 0; i < e->naccounts; i++)
		if (strcmp(ca_account_name(e->accounts[i]), name) == 0)
			return e->accounts[i];

	const struct job_ca *ca = job_ca(e->job, name);
	if (!ca) {
		err_set(err, "CA account %s is not remembered", name);
		return NULL;
	}
	char *kid = ca_account_kid(e->turn, name);
	const struct ca_account_wish wish = {
	    .name = ca->account,
	    .directory = ca->directory,
	    .bundle = ca->bundle,
	    .email = ca->email,
	    .agree_tos = ca->agree_tos,
	    .eab = ca->eab,
	    .proxy = ca->proxy,
	    .source = ca->source,
	    .family = ca->family,
	    .kid = kid,
	    .account_uri = ca->account_uri,
	    .registrations = ca->limit[JOB_LIMIT_REGISTRATIONS],
	    .existing = e->job->revokes || (e->job->task && e->job->task != JOB_REGISTER),
	    .import = e->job->task == JOB_IMPORT,
	};
	struct ca_account *a = ca_account_new(e->loop, lookup, e->keeper, e->turn, e->launcher, &wish, err);
	free(kid);
	if (a) {
		e->accounts = xgrow(e->accounts, e->naccounts, sizeof(*e->accounts));
		e->accounts[e->naccounts++] = a;
	}
	return a;
}
