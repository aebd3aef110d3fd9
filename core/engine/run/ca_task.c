#include "engine/run/ca_task.h"

#include <stdlib.h>

#include "common/buf.h"
#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/journal/backoff.h"
#include "engine/journal/ca_accounts.h"
#include "engine/journal/runs.h"
#include "engine/journal/turn.h"
#include "engine/order/resolution.h"
#include "engine/peers/keeper.h"
#include "engine/peers/launcher.h"
#include "engine/run/parts.h"

struct ca_task {
	struct world *e;
	const struct job_ca *ca;
	struct ca_account *account;
	struct acme_call *call;
	struct loop_timer *end;
	bool opening;
	bool rolled;             /* keyChange was answered: the account is looked up anew */
	struct problem *trouble; /* how, if not well */
	struct keeper_call *key;
	int code;
	void (*fn)(void *arg, int code);
	void *arg;
};

static void task_ended(void *arg)
{
	struct ca_task *t = arg;

	t->fn(t->arg, t->code);
}

static void task_end(struct ca_task *t, int code)
{
	t->code = code;
	loop_timer_set(t->end, 0);
}

static void task_failed(struct ca_task *t, const struct problem *problem)
{
	char *text = problem_text(problem);

	launcher_event(t->e->launcher, EVENT_ERROR, "failed", json_pack("{s:s}", "account", t->ca->account),
	               "CA account %s: %s", t->ca->account, text);
	free(text);
	task_end(t, problem_is_persons(problem) ? EXIT_CONFIG : EXIT_FAILED);
}

/* "hostmaster@example.com, ..."; new, "" without one. Most CAs tell no contact any more. */
static char *contacts_text(const json_t *account)
{
	const json_t *contacts = json_object_get(account, "contact"), *one;
	struct buf b;
	size_t i;

	buf_init(&b, 4096);
	json_array_foreach(contacts, i, one) if (json_is_string(one))
	    buf_printf(&b, "%s%.254s", b.len ? ", " : "", json_string_value(one));
	return buf_take(&b);
}

/* RFC 8657: nobody else's account at this CA gets a certificate for the domain then. */
static void task_tell_caa(const struct ca_task *t, const char *url)
{
	const struct strs *names = &acme_directory(ca_account_acme(t->account))->caa_identities;
	const char *issuer = names->n ? names->at[0] : "CA";

	launcher_event(t->e->launcher, EVENT_INFO, "caa",
	               json_pack("{s:s, s:s}", "account", t->ca->account, "issuer", issuer),
	               "a CAA record that admits this account alone%s:\n  example.com. CAA 0 issue \"%s; "
	               "accounturi=%s\"",
	               names->n ? ""
	                        : " (put the CA's name for CAA where CA stands; the CA does not tell it)",
	               issuer, url);
}

static void task_tell_profiles(const struct ca_task *t)
{
	const struct acme_directory *d = acme_directory(ca_account_acme(t->account));
	char *text = directory_profiles_text(d);
	json_t *names = json_array();

	for (size_t i = 0; i < d->profiles.n; i++)
		json_array_append_new(names, json_string(d->profiles.at[i]));
	if (d->profiles.n)
		launcher_event(t->e->launcher, EVENT_INFO, "profiles",
		               json_pack("{s:s, s:O}", "account", t->ca->account, "profiles", names),
		               "profiles of the CA:%s", text);
	json_decref(names);
	free(text);
}

static void task_tell(const struct ca_task *t, const json_t *account)
{
	const char *url = acme_kid(ca_account_acme(t->account));
	const char *status = json_string_value(json_object_get(account, "status"));
	char *contacts = contacts_text(account);
	json_t *more = json_pack("{s:s, s:s, s:s, s:s}", "account", t->ca->account, "url", url, "status",
	                         status ? status : "", "contact", contacts);

	launcher_event(t->e->launcher, EVENT_INFO, "account", more, "CA account %s at %s: %s%s%s%s%s",
	               t->ca->account, t->ca->label, url, status ? ", " : "", status ? status : "",
	               *contacts ? ", contact " : "", contacts);
	free(contacts);
}

/* A person has mended it: what failed by it is tried by the next run. */
static void task_frees(const struct ca_task *t)
{
	char *account = xasprintf("ca %s", t->ca->account);

	backoff_account_works(t->e->turn, account);
	free(account);
}

static void task_answered(void *arg, const struct acme_answer *answer)
{
	struct ca_task *t = arg;

	t->call = NULL;
	if (answer->problem) {
		task_failed(t, answer->problem);
		return;
	}
	task_tell(t, answer->json);
	if (t->e->job->task == JOB_DEACTIVATE)
		ca_account_delete(t->e->turn, t->ca->account);
	else
		task_tell_caa(t, acme_kid(ca_account_acme(t->account)));
	if (t->e->job->task == JOB_SHOW)
		task_tell_profiles(t);
	else if (t->e->job->task != JOB_DEACTIVATE)
		task_frees(t);
	task_end(t, EXIT_DONE);
}

/* NULL: the account is only read. New reference. */
static json_t *task_payload(const struct ca_task *t)
{
	const char *email = t->ca->email;

	if (t->e->job->task == JOB_DEACTIVATE)
		return json_pack("{s:s}", "status", "deactivated");
	if (t->e->job->task != JOB_UPDATE)
		return NULL;
	char *contact = xasprintf("mailto:%s", email ? email : "");
	json_t *payload = email ? json_pack("{s:[s]}", "contact", contact) : json_pack("{s:[]}", "contact");

	free(contact);
	return payload;
}

static void task_refuse(struct ca_task *t, const char *event, const char *why, int code)
{
	launcher_event(t->e->launcher, EVENT_ERROR, event, json_pack("{s:s}", "account", t->ca->account),
	               "CA account %s: %s", t->ca->account, why);
	task_end(t, code);
}

static void task_opened(void *arg, const struct problem *problem);

/* Whatever the answer says, or if there was none: the CA is asked which key has the account. */
static void task_key_changed(void *arg, const struct acme_answer *answer)
{
	struct ca_task *t = arg;

	turn_stop_point("keychanged");
	t->call = NULL;
	t->rolled = true;
	t->trouble = answer->problem ? problem_copy(answer->problem) : NULL;
	t->opening = true;
	ca_account_recheck(t->account);
	ca_account_open(t->account, 2, task_opened, t);
}

static void task_key_made(void *arg, const json_t *answer, const char *error)
{
	struct ca_task *t = arg;
	struct acme *acme = ca_account_acme(t->account);

	t->key = NULL;
	turn_stop_point("keychange");
	if (error) {
		task_refuse(t, "failed", error, EXIT_FAILED);
		return;
	}
	const struct acme_request request = {.url = acme_directory(acme)->key_change,
	                                     .payload = json_incref(json_object_get(answer, "jws")),
	                                     .again = ACME_LOOK_FIRST};
	t->call = acme_send(acme, &request, task_key_changed, t);
}

/* Orders of other runs sign with the old key. */
static bool task_is_alone(const struct ca_task *t)
{
	struct strs alive = {0};
	bool alone = runs_alive(t->e->turn, t->e->job->state, t->e->job->run, &alive) && alive.n <= 1;

	strs_free(&alive);
	return alone;
}

static void task_roll_over(struct ca_task *t)
{
	struct acme *acme = ca_account_acme(t->account);
	const char *url = acme_directory(acme)->key_change;

	if (!url)
		task_refuse(t, "failed", "the CA's directory has no keyChange", EXIT_FAILED);
	else if (!task_is_alone(t))
		task_refuse(t, "claimed",
		            "another dnsproof run is at work, with the present key; type this again when it "
		            "has ended",
		            EXIT_CLAIMED);
	else
		t->key = keeper_send(t->e->keeper,
		                     json_pack("{s:s, s:s, s:s, s:s}", "op", "rollover", "account",
		                               t->ca->account, "kid", acme_kid(acme), "url", url),
		                     task_key_made, t);
}

static void task_rolled_over(struct ca_task *t)
{
	if (ca_account_has_new_key(t->account))
		task_end(t, EXIT_DONE);
	else if (t->trouble)
		task_failed(t, t->trouble);
	else
		task_refuse(t, "failed", "the CA took the new key, and has the old one nevertheless",
		            EXIT_FAILED);
}

static void task_opened(void *arg, const struct problem *problem)
{
	struct ca_task *t = arg;
	struct acme *acme = ca_account_acme(t->account);

	t->opening = false;
	if (problem) {
		task_failed(t, problem);
		return;
	}
	if (t->e->job->task == JOB_ROLLOVER) {
		if (t->rolled)
			task_rolled_over(t);
		else
			task_roll_over(t);
		return;
	}
	const struct acme_request request = {
	    .url = acme_kid(acme), .payload = task_payload(t), .again = ACME_AGAIN};
	t->call = acme_send(acme, &request, task_answered, t);
}

struct ca_task *ca_task_new(struct world *e, void (*fn)(void *arg, int code), void *arg)
{
	struct ca_task *t = xcalloc(1, sizeof(*t));
	struct err err = {"the job has no CA account"};

	*t = (struct ca_task){.e = e, .ca = e->job->ca, .fn = fn, .arg = arg};
	t->end = loop_timer_new(e->loop, task_ended, t);
	if (e->job->cas == 1)
		t->account = world_ca_account(e, t->ca->account, e->resolution[0]->lookup, &err);
	if (t->account) {
		t->opening = true;
		ca_account_open(t->account, 1, task_opened, t);
	} else {
		launcher_event(e->launcher, EVENT_ERROR, "failed", NULL, "%s", err.text);
		task_end(t, EXIT_CONFIG);
	}
	return t;
}

void ca_task_wind_down(struct ca_task *t)
{
	if (t->opening)
		ca_account_forget_waiter(t->account, t);
	if (t->call)
		acme_cancel(t->call);
	keeper_cancel(t->key);
	t->opening = false;
	t->call = NULL;
	t->key = NULL;
	task_end(t, EXIT_FAILED);
}

void ca_task_free(struct ca_task *t)
{
	if (!t)
		return;
	if (t->opening)
		ca_account_forget_waiter(t->account, t);
	if (t->call)
		acme_cancel(t->call);
	keeper_cancel(t->key);
	problem_free(t->trouble);
	loop_timer_free(t->end);
	free(t);
}
