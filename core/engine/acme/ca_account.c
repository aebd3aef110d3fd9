#include "engine/acme/ca_account.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/net/http.h"
#include "engine/journal/memory.h"
#include "engine/acme/resource.h"
#include "engine/peers/keeper.h"
#include "engine/journal/turn.h"

enum account_state { ACCOUNT_IDLE, ACCOUNT_OPENING, ACCOUNT_REGISTERING, ACCOUNT_READY };

struct account_waiter {
	ca_account_fn *fn;
	void *arg;
	struct account_waiter *next;
};

struct ca_account {
	char *name, *directory, *email;
	bool agree_tos;
	bool key_ready, directory_ready, lost_once;
	enum account_state state;
	struct problem *problem;
	struct http *http;
	struct acme *acme;
	struct keeper *keeper;
	struct turn *turn;
	struct keeper_call *key_call;
	struct acme_call *call;
	struct account_waiter *waiters;
	struct loop_timer *answer; /* so that nobody is called from inside */
};

static void account_answer(void *arg)
{
	struct ca_account *a = arg;
	struct account_waiter *w = a->waiters;
	struct problem *problem = a->problem;

	a->waiters = NULL;
	a->problem = NULL;
	a->state = problem ? ACCOUNT_IDLE : ACCOUNT_READY;
	while (w) {
		struct account_waiter *next = w->next;
		w->fn(w->arg, problem);
		free(w);
		w = next;
	}
	problem_free(problem);
}

static void account_failed(struct ca_account *a, struct problem *problem)
{
	if (a->problem)
		problem_free(problem);
	else
		a->problem = problem;
	loop_timer_set(a->answer, 0);
}

struct ca_account *ca_account_new(struct loop *l, struct lookup *lookup, struct keeper *keeper,
                                  struct turn *turn, const struct ca_account_wish *wish, struct err *e)
{
	struct http *http = http_new(l, lookup, wish->bundle, e);

	if (!http)
		return NULL;
	struct ca_account *a = xcalloc(1, sizeof(*a));
	a->name = xstrdup(wish->name);
	a->directory = xstrdup(wish->directory);
	a->email = xstrdup(wish->email);
	a->agree_tos = wish->agree_tos;
	a->http = http;
	a->keeper = keeper;
	a->turn = turn;
	a->acme = acme_new(l, http, keeper, wish->directory, wish->name);
	if (wish->kid)
		acme_set_kid(a->acme, wish->kid);
	a->answer = loop_timer_new(l, account_answer, a);
	return a;
}

void ca_account_free(struct ca_account *a)
{
	if (!a)
		return;
	if (a->key_call)
		keeper_cancel(a->key_call);
	acme_free(a->acme);
	http_free(a->http);
	loop_timer_free(a->answer);
	for (struct account_waiter *w = a->waiters, *next; w; w = next) {
		next = w->next;
		free(w);
	}
	problem_free(a->problem);
	free(a->name);
	free(a->directory);
	free(a->email);
	free(a);
}

static void account_registered(void *arg, const struct acme_answer *answer)
{
	struct ca_account *a = arg;

	a->call = NULL;
	if (answer->problem) {
		account_failed(a, problem_copy(answer->problem));
	} else if (!answer->location) {
		account_failed(a, problem_new(PROBLEM_TRUST, answer->status, "malformed",
		                              "the CA's answer to newAccount has no account URL"));
	} else {
		acme_set_kid(a->acme, answer->location);
		ca_account_store(a->turn, a->name, a->directory, answer->location);
		loop_timer_set(a->answer, 0);
	}
}

static struct problem *account_obstacle(const struct ca_account *a)
{
	const struct acme_directory *d = acme_directory(a->acme);

	if (d->external_account_required)
		return problem_new(PROBLEM_PERSON, 0, "externalAccountRequired",
		                   "this CA gives accounts only to its own customers (external account "
		                   "binding), which is not supported yet");
	if (d->terms_of_service && !a->agree_tos)
		return problem_new(PROBLEM_PERSON, 0, "userActionRequired",
		                   "read the CA's terms of service at %s and add --agree-tos",
		                   d->terms_of_service);
	return NULL;
}

static void account_register(struct ca_account *a)
{
	struct problem *obstacle = account_obstacle(a);

	a->state = ACCOUNT_REGISTERING;
	if (obstacle) {
		account_failed(a, obstacle);
		return;
	}
	a->call = acme_post(a->acme, acme_directory(a->acme)->new_account,
	                    new_account_payload(a->email, a->agree_tos, false), true, account_registered, a);
}

static void account_go_on(struct ca_account *a)
{
	if (!a->key_ready || !a->directory_ready || a->problem)
		return;
	if (acme_kid(a->acme))
		loop_timer_set(a->answer, 0);
	else
		account_register(a);
}

static void account_have_key(void *arg, const json_t *answer, const char *error)
{
	struct ca_account *a = arg;

	a->key_call = NULL;
	if (error) {
		account_failed(a, problem_new(PROBLEM_PERSON, 0, "", "account key: %s", error));
		return;
	}
	a->key_ready = true;
	account_go_on(a);
}

static void account_have_directory(void *arg, const struct acme_answer *answer)
{
	struct ca_account *a = arg;

	a->call = NULL;
	if (answer->problem) {
		account_failed(a, problem_copy(answer->problem));
		return;
	}
	a->directory_ready = true;
	account_go_on(a);
}

static void account_start(struct ca_account *a, unsigned nonces)
{
	a->state = ACCOUNT_OPENING;
	if (!a->key_ready)
		a->key_call =
		    keeper_send(a->keeper, json_pack("{s:s, s:s}", "op", "account", "account", a->name),
		                account_have_key, a);
	if (!a->directory_ready)
		a->call = acme_open(a->acme, nonces, account_have_directory, a);
	account_go_on(a);
}

void ca_account_open(struct ca_account *a, unsigned nonces, ca_account_fn *fn, void *arg)
{
	struct account_waiter *w = xcalloc(1, sizeof(*w));

	*w = (struct account_waiter){fn, arg, a->waiters};
	a->waiters = w;
	if (a->state == ACCOUNT_READY)
		loop_timer_set(a->answer, 0);
	else if (a->state == ACCOUNT_IDLE)
		account_start(a, nonces);
}

void ca_account_forget_waiter(struct ca_account *a, void *arg)
{
	for (struct account_waiter **p = &a->waiters; *p;) {
		struct account_waiter *w = *p;
		if (w->arg == arg) {
			*p = w->next;
			free(w);
		} else {
			p = &w->next;
		}
	}
}

bool ca_account_lost(struct ca_account *a)
{
	if (a->lost_once)
		return false;
	a->lost_once = true;
	acme_set_kid(a->acme, NULL);
	a->state = ACCOUNT_IDLE;
	return true;
}

struct acme *ca_account_acme(const struct ca_account *a)
{
	return a->acme;
}

const char *ca_account_name(const struct ca_account *a)
{
	return a->name;
}
