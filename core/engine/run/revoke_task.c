#include "engine/run/revoke_task.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/journal/ca_waits.h"
#include "engine/journal/certificates.h"
#include "engine/order/resolution.h"
#include "engine/peers/keeper.h"
#include "engine/peers/launcher.h"
#include "engine/run/parts.h"

#define AT_ONCE     20
#define DEADLINE_MS 60000 /* what a CA does not take by then is owed */

/* One revocation of the job. */
struct revoking {
	struct revoke_task *all;
	const struct job_revocation *what;
	struct ca_account *account;
	bool opening;             /* the account, as its waiter */
	struct acme_call *call;   /* directory or revokeCert */
	struct keeper_call *look; /* at the certificates, or the note of one that is done */
	json_t *certificates;     /* {"certificate", "generation"}; the one that was meant is the last */
	size_t at;
	bool ended;
};

struct revoke_task {
	struct world *e;
	struct revoking *one;
	size_t n, begun, ended;
	struct loop_timer *end, *next, *deadline;
	int code;
	void (*fn)(void *arg, int code);
	void *arg;
};

static void all_ended(void *arg)
{
	struct revoke_task *t = arg;

	loop_timer_stop(t->deadline);
	t->fn(t->arg, t->code);
}

static void note(struct revoke_task *t, int code)
{
	static const int rank[] = {[EXIT_DONE] = 0, [EXIT_OWED] = 1, [EXIT_FAILED] = 2, [EXIT_CONFIG] = 3};

	if (rank[code] > rank[t->code])
		t->code = code;
}

static void forget_calls(struct revoking *r)
{
	if (r->opening)
		ca_account_forget_waiter(r->account, r);
	if (r->call)
		acme_cancel(r->call);
	keeper_cancel(r->look);
	r->opening = false;
	r->call = NULL;
	r->look = NULL;
}

static void end(struct revoking *r, const char *outcome, int code)
{
	struct revoke_task *t = r->all;

	r->ended = true;
	forget_calls(r);
	launcher_revoked(t->e->launcher, (size_t)(r - t->one), outcome);
	note(t, code);
	loop_timer_set(++t->ended == t->n ? t->end : t->next, 0);
}

static void end_owed(struct revoking *r, const char *why)
{
	launcher_event(r->all->e->launcher, EVENT_WARN, "owed", json_pack("{s:s}", "cert", r->what->label),
	               "%s: not revoked yet: %s; the next dnsproof renew or dnsproof clean tries it again",
	               r->what->label, why);
	end(r, "owed", EXIT_OWED);
}

static void end_refused(struct revoking *r, const char *why, int code)
{
	launcher_event(r->all->e->launcher, EVENT_ERROR, "failed", json_pack("{s:s}", "cert", r->what->label),
	               "%s: not revoked: %s", r->what->label, why);
	end(r, "refused", code);
}

static void end_by(struct revoking *r, const struct problem *p)
{
	char *text = problem_text(p);

	if (p->class == PROBLEM_LATER)
		end_owed(r, text);
	else
		end_refused(r, text, problem_is_persons(p) ? EXIT_CONFIG : EXIT_FAILED);
	free(text);
}

static void send_next(struct revoking *r);

static void noted(void *arg, const json_t *answer, const char *error)
{
	struct revoking *r = arg;

	(void)answer;
	r->look = NULL;
	if (error)
		launcher_event(r->all->e->launcher, EVENT_WARN, "keeper",
		               json_pack("{s:s}", "cert", r->what->label), "%s: %s", r->what->label, error);
	r->at++;
	send_next(r);
}

static void answered(void *arg, const struct acme_answer *answer)
{
	struct revoking *r = arg;
	const struct problem *p = answer->problem;
	bool already = p && strcmp(p->type, "alreadyRevoked") == 0;
	const json_t *one = json_array_get(r->certificates, r->at);

	r->call = NULL;
	if (p && !already) {
		end_by(r, p);
		return;
	}
	launcher_event(
	    r->all->e->launcher, EVENT_INFO, "revoked",
	    json_pack("{s:s, s:O}", "cert", r->what->label, "generation", json_object_get(one, "generation")),
	    "%s: %s%s", r->what->label, already ? "was revoked already" : "revoked",
	    r->at + 1 < json_array_size(r->certificates) ? " (an older one of the same key)" : "");
	certificate_look_next(r->all->e->turn, r->what->label);
	r->look = keeper_send(
	    r->all->e->keeper,
	    json_pack("{s:s, s:O}", "op", "revoked", "certificate", json_object_get(one, "certificate")),
	    noted, r);
}

static void send_next(struct revoking *r)
{
	struct acme *acme = ca_account_acme(r->account);
	json_t *payload;

	if (r->at == json_array_size(r->certificates)) {
		end(r, "done", EXIT_DONE);
		return;
	}
	payload = json_pack("{s:O}", "certificate",
	                    json_object_get(json_array_get(r->certificates, r->at), "certificate"));
	if (r->what->reason) /* unspecified is said by leaving it out (RFC 5280 section 5.3.1) */
		json_object_set_new(payload, "reason", json_integer(r->what->reason));
	const struct acme_request request = {.url = acme_directory(acme)->revoke_cert,
	                                     .payload = payload,
	                                     .jwk = r->what->own_key,
	                                     .again = ACME_AGAIN,
	                                     .about = ABOUT_REVOCATION};
	r->call = acme_send(acme, &request, answered, r);
}

static void have_certificates(void *arg, const json_t *answer, const char *error)
{
	struct revoking *r = arg;

	r->look = NULL;
	if (error) {
		end_refused(r, error, EXIT_FAILED);
		return;
	}
	r->certificates = json_incref(json_object_get(answer, "certificates"));
	send_next(r);
}

static void have_directory(struct revoking *r)
{
	if (!acme_directory(ca_account_acme(r->account))->revoke_cert) {
		end_refused(r, "its CA's directory has no revokeCert; revoke it at the CA's web site",
		            EXIT_FAILED);
		return;
	}
	r->look = keeper_send(r->all->e->keeper,
	                      json_pack("{s:s, s:I}", "op", "revocation", "n", (json_int_t)(r - r->all->one)),
	                      have_certificates, r);
}

static void opened(void *arg, const struct problem *problem)
{
	struct revoking *r = arg;

	r->opening = false;
	if (problem)
		end_by(r, problem);
	else
		have_directory(r);
}

/* Where the certificate's own key signs, no account is needed. */
static void directory_fetched(void *arg, const struct acme_answer *answer)
{
	struct revoking *r = arg;

	r->call = NULL;
	opened(r, answer->problem);
}

static void begin(struct revoking *r)
{
	struct world *e = r->all->e;
	struct err err;

	r->account = world_ca_account(e, r->what->ca, e->resolution[0]->lookup, &err);
	if (!r->account) {
		end_refused(r, err.text, EXIT_CONFIG);
	} else if (r->what->own_key) {
		r->call = acme_open(ca_account_acme(r->account), 2, directory_fetched, r);
	} else {
		r->opening = true;
		ca_account_open(r->account, 2, opened, r);
	}
}

static void begin_some(void *arg)
{
	struct revoke_task *t = arg;

	while (t->begun < t->n && t->begun - t->ended < AT_ONCE)
		begin(&t->one[t->begun++]);
}

static void out_of_time(void *arg)
{
	struct revoke_task *t = arg;

	t->begun = t->n;
	for (size_t i = 0; i < t->n; i++)
		if (!t->one[i].ended)
			end_owed(&t->one[i], "there was no answer in time");
}

struct revoke_task *revoke_task_new(struct world *e, void (*fn)(void *arg, int code), void *arg)
{
	struct revoke_task *t = xcalloc(1, sizeof(*t));

	*t = (struct revoke_task){.e = e, .n = e->job->revocations, .fn = fn, .arg = arg};
	t->one = xcalloc(t->n + 1, sizeof(*t->one));
	for (size_t i = 0; i < t->n; i++)
		t->one[i] = (struct revoking){.all = t, .what = &e->job->revocation[i]};
	t->end = loop_timer_new(e->loop, all_ended, t);
	t->next = loop_timer_new(e->loop, begin_some, t);
	t->deadline = loop_timer_new(e->loop, out_of_time, t);
	loop_timer_set(t->n ? t->next : t->end, 0);
	loop_timer_set(t->deadline, DEADLINE_MS);
	return t;
}

void revoke_task_wind_down(struct revoke_task *t)
{
	if (t->ended < t->n)
		loop_timer_set(t->deadline, 0);
}

void revoke_task_free(struct revoke_task *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++) {
		if (!t->one[i].ended)
			forget_calls(&t->one[i]);
		json_decref(t->one[i].certificates);
	}
	loop_timer_free(t->end);
	loop_timer_free(t->next);
	loop_timer_free(t->deadline);
	free(t->one);
	free(t);
}
