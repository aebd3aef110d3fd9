#include "engine/acme/ca_account.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/url.h"
#include "common/when.h"
#include "engine/net/http.h"
#include "engine/journal/ca_accounts.h"
#include "engine/journal/ca_waits.h"
#include "engine/acme/resource.h"
#include "engine/limits/ledger.h"
#include "engine/peers/keeper.h"
#include "engine/peers/launcher.h"
#include "engine/journal/turn.h"

enum account_state { ACCOUNT_IDLE, ACCOUNT_OPENING, ACCOUNT_READY };

struct account_waiter {
	ca_account_fn *fn;
	void *arg;
	struct account_waiter *next;
};

struct ca_account {
	char *name, *directory, *email;
	char *imported; /* account URL of a key that is not kept yet */
	char *uri;      /* the only account that may be used, or NULL */
	bool agree_tos, eab, existing, import;
	struct bucket_limit registrations;
	bool key_ready, directory_ready;
	bool doubted;  /* whether the key has the account `kid` is to be asked */
	bool certain;  /* the CA said so in this run */
	bool two_keys; /* a rollover has not come to its end: the CA is asked which of them has the account */
	bool new_key;  /* the later one had it */
	enum account_state state;
	struct problem *problem;
	struct http *http;
	struct acme *acme;
	struct keeper *keeper;
	struct turn *turn;
	struct launcher *launcher;
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

static void account_waits(void *arg, const char *text, uint64_t ms)
{
	const struct ca_account *a = arg;

	launcher_event(a->launcher, EVENT_WARN, "waiting",
	               json_pack("{s:s, s:I}", "account", a->name, "ms", (json_int_t)ms),
	               "CA account %s: %s; asked again in %u s", a->name, text,
	               (unsigned)((ms + 999) / 1000));
}

static struct ca_wait_of waits_of(const struct ca_account *a)
{
	return (struct ca_wait_of){a->directory, a->name};
}

static void account_later(void *arg, const char *about, uint64_t ms)
{
	const struct ca_account *a = arg;
	const struct ca_wait_of of = waits_of(a);

	ca_wait_store(a->turn, &of, about, ms);
}

static uint64_t account_left_ms(void *arg, const char *about)
{
	const struct ca_account *a = arg;
	const struct ca_wait_of of = waits_of(a);

	return ca_wait_left_ms(a->turn, &of, about);
}

struct ca_account *ca_account_new(struct loop *l, struct lookup *lookup, struct keeper *keeper,
                                  struct turn *turn, struct launcher *launcher,
                                  const struct ca_account_wish *wish, struct err *e)
{
	struct http *http = http_new(
	    l, lookup,
	    &(struct http_ways){
	        .bundle = wish->bundle, .proxy = wish->proxy, .source = wish->source, .family = wish->family},
	    e);

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
	a->launcher = launcher;
	a->eab = wish->eab;
	a->uri = xstrdup(wish->account_uri);
	a->existing = wish->existing || (a->uri && !(wish->kid && strcmp(wish->kid, a->uri) == 0));
	a->import = wish->import;
	a->registrations = wish->registrations;
	a->acme = acme_new(l, http, keeper, wish->directory, wish->name);
	acme_on_wait(a->acme, account_waits, a);
	acme_remember(a->acme, &(struct acme_memory){account_later, account_left_ms, a});
	if (wish->kid && url_valid(wish->kid) && url_same_host(wish->kid, wish->directory))
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
	free_all(a->name, a->directory, a->email, a->imported, a->uri, a);
}

static void account_go_on(struct ca_account *a);

/* NULL, or why the answer to newAccount tells no account URL: a URL elsewhere would be stored and break every
 * later run. */
static struct problem *location_problem(const struct ca_account *a, const struct acme_answer *answer)
{
	if (!answer->location)
		return problem_new(PROBLEM_NONSENSE, answer->status, "malformed",
		                   "the CA's answer to newAccount has no account URL");
	if (!url_same_host(answer->location, a->directory))
		return problem_new(
		    PROBLEM_NONSENSE, answer->status, "malformed",
		    "the CA names the account URL %s, which is not on the host of its directory "
		    "%s; refused",
		    answer->location, a->directory);
	if (a->uri && strcmp(answer->location, a->uri) != 0)
		return problem_new(PROBLEM_PERSON, 0, "",
		                   "the key of CA account %s has the account %s, not %s of its account_uri; "
		                   "dnsproof ca import %s --key FILE takes the key of that one",
		                   a->name, answer->location, a->uri, a->name);
	return NULL;
}

static void account_is_at(struct ca_account *a, const char *url)
{
	acme_set_kid(a->acme, url);
	a->doubted = false;
	a->certain = true;
	ca_account_store(a->turn, a->name, a->directory, url);
	loop_timer_set(a->answer, 0);
}

static void account_key_kept(void *arg, const json_t *answer, const char *error)
{
	struct ca_account *a = arg;

	(void)answer;
	a->key_call = NULL;
	turn_stop_point("imported");
	if (error) {
		account_failed(a, problem_new(PROBLEM_LATER, 0, "", "account key: %s", error));
		return;
	}
	a->import = false;
	account_is_at(a, a->imported);
}

/* First the key, then its URL: a URL without its key would be taken for that of a lost key. */
static void account_import(struct ca_account *a, const char *url)
{
	turn_stop_point("import");
	a->imported = xstrdup(url);
	a->key_call = keeper_send(a->keeper, json_pack("{s:s, s:s}", "op", "imported", "account", a->name),
	                          account_key_kept, a);
}

static void account_known(struct ca_account *a, const struct acme_answer *answer)
{
	struct problem *problem = location_problem(a, answer);

	if (problem)
		account_failed(a, problem);
	else if (a->import)
		account_import(a, answer->location);
	else
		account_is_at(a, answer->location);
}

static void account_registered(void *arg, const struct acme_answer *answer)
{
	struct ca_account *a = arg;

	a->call = NULL;
	if (answer->problem)
		account_failed(a, problem_copy(answer->problem));
	else
		account_known(a, answer);
}

static struct problem *account_limited(const struct ca_account *a)
{
	int64_t from = ledger_registers_from(a->turn, a->directory, &a->registrations);
	struct problem *p;
	char when[WHEN_ROOM];

	if (!from)
		return NULL;
	p = problem_new(PROBLEM_LATER, 0, "rateLimited",
	                "no more than %u accounts are made here in %u minutes; the next after %s",
	                a->registrations.most, a->registrations.seconds / 60, when_text(from, when));
	p->retry_after_ms = (uint64_t)(from - turn_wall(a->turn)) * 1000;
	acme_told_later(a->acme, ABOUT_ACCOUNT, p, p->retry_after_ms);
	return p;
}

static struct problem *account_obstacle(const struct ca_account *a)
{
	const struct acme_directory *d = acme_directory(a->acme);

	if (d->external_account_required && !a->eab)
		return problem_new(
		    PROBLEM_PERSON, 0, "externalAccountRequired",
		    "this CA gives accounts only to its own customers: get a key ID and a MAC key "
		    "there, and give them with --eab-kid KID --eab-key SOURCE");
	if (d->terms_of_service && !a->agree_tos)
		return problem_new(PROBLEM_PERSON, 0, "userActionRequired",
		                   "read the CA's terms of service at %s and add --agree-tos",
		                   d->terms_of_service);
	return account_limited(a);
}

static void account_send_new(struct ca_account *a, json_t *payload, acme_fn *fn)
{
	const struct acme_request new = {.url = acme_directory(a->acme)->new_account,
	                                 .payload = payload,
	                                 .jwk = true,
	                                 .again = ACME_AGAIN};

	a->call = acme_send(a->acme, &new, fn, a);
}

/* The MAC key is the keeper's; we see the binding alone. */
static void account_bound(void *arg, const json_t *answer, const char *error)
{
	struct ca_account *a = arg;
	json_t *jws = json_object_get(answer, "jws");

	a->key_call = NULL;
	if (error || !json_is_object(jws))
		account_failed(a, problem_new(PROBLEM_PERSON, 0, "", "external account binding: %s",
		                              error ? error : "bad answer of the keeper"));
	else
		account_send_new(a, new_account_payload(a->email, a->agree_tos, jws), account_registered);
}

static void account_register(struct ca_account *a)
{
	struct problem *obstacle = account_obstacle(a);

	if (obstacle) {
		account_failed(a, obstacle);
		return;
	}
	ledger_registered(a->turn, a->directory, &a->registrations);
	if (a->eab)
		a->key_call = keeper_send(a->keeper,
		                          json_pack("{s:s, s:s, s:s}", "op", "eab", "account", a->name, "url",
		                                    acme_directory(a->acme)->new_account),
		                          account_bound, a);
	else
		account_send_new(a, new_account_payload(a->email, a->agree_tos, NULL), account_registered);
}

static struct problem *account_deactivated(const struct ca_account *a, const struct problem *p)
{
	char *words = problem_text(p);
	struct problem *told =
	    a->import
	        ? problem_new(PROBLEM_PERSON, p->status, p->type,
	                      "%s; the CA does not serve the account of this key any more. A new account: "
	                      "dnsproof ca register %s",
	                      words, a->name)
	        : problem_new(PROBLEM_PERSON, p->status, p->type,
	                      "%s; the CA does not serve the account %s any more. If that is "
	                      "meant to be, move its key out of the "
	                      "keys folder of the state and run again: a new account is made",
	                      words, a->name);

	free(words);
	return told;
}

/* What the CA says about our key. */
static void account_found(void *arg, const struct acme_answer *answer)
{
	struct ca_account *a = arg;
	const struct problem *p = answer->problem;

	a->call = NULL;
	if (!p) {
		account_known(a, answer);
	} else if (strcmp(p->type, "accountDoesNotExist") == 0 && a->import) {
		account_failed(a,
		               problem_new(PROBLEM_PERSON, p->status, p->type,
		                           "this CA has no account of this key; is it one of another CA, or "
		                           "the key of a certificate? Nothing was imported"));
	} else if (strcmp(p->type, "accountDoesNotExist") == 0 && a->uri) {
		account_failed(
		    a, problem_new(PROBLEM_PERSON, p->status, p->type,
		                   "the CA has no account for the key of %s, and none is made, as its "
		                   "account_uri is %s",
		                   a->name, a->uri));
	} else if (strcmp(p->type, "accountDoesNotExist") == 0 && a->existing) {
		account_failed(a, problem_new(PROBLEM_PERSON, p->status, p->type,
		                              "the CA has no account for the key of %s; dnsproof ca register "
		                              "makes one",
		                              a->name));
	} else if (strcmp(p->type, "accountDoesNotExist") == 0) {
		launcher_event(
		    a->launcher, EVENT_WARN, "account", json_pack("{s:s}", "account", a->name),
		    "CA account %s: the CA knows no account for its key (the key was lost, or the CA "
		    "was reset); registering it",
		    a->name);
		acme_set_kid(a->acme, NULL);
		account_register(a);
	} else if (p->class == PROBLEM_LATER) {
		account_failed(a, problem_copy(p));
	} else {
		account_failed(a, account_deactivated(a, p));
	}
}

static void account_keys_settled(void *arg, const json_t *answer, const char *error)
{
	struct ca_account *a = arg;

	(void)answer;
	a->key_call = NULL;
	if (error) {
		account_failed(a, problem_new(PROBLEM_LATER, 0, "", "account key: %s", error));
		return;
	}
	a->two_keys = false;
	a->doubted = true; /* its URL is asked for by the key that stays */
	account_go_on(a);
}

static void account_settle_keys(struct ca_account *a, bool took_over)
{
	turn_stop_point("rolled");
	a->new_key = took_over;
	launcher_event(a->launcher, EVENT_INFO, "account",
	               json_pack("{s:s, s:b}", "account", a->name, "new_key", took_over),
	               took_over
	                   ? "CA account %s: the CA has the new key"
	                   : "CA account %s: the CA has the old key; it stays, and the new one is put aside",
	               a->name);
	a->key_call = keeper_send(
	    a->keeper,
	    json_pack("{s:s, s:s, s:b}", "op", "rolled", "account", a->name, "took_over", took_over),
	    account_keys_settled, a);
}

/* What the CA says about the later of two keys. */
static void account_next_found(void *arg, const struct acme_answer *answer)
{
	struct ca_account *a = arg;
	const struct problem *p = answer->problem;

	a->call = NULL;
	if (!p || strcmp(p->type, "accountDoesNotExist") == 0)
		account_settle_keys(a, !p);
	else
		account_failed(a, problem_copy(p));
}

static void account_ask_next(struct ca_account *a)
{
	const struct acme_request find = {.url = acme_directory(a->acme)->new_account,
	                                  .payload = find_account_payload(),
	                                  .jwk = true,
	                                  .next = true,
	                                  .again = ACME_AGAIN};

	a->call = acme_send(a->acme, &find, account_next_found, a);
}

static void account_go_on(struct ca_account *a)
{
	if (!a->key_ready || !a->directory_ready || a->problem)
		return;
	if (a->two_keys) {
		account_ask_next(a);
		return;
	}
	if (a->doubted || a->existing)
		account_send_new(a, find_account_payload(), account_found);
	else if (acme_kid(a->acme))
		loop_timer_set(a->answer, 0);
	else
		account_register(a);
}

static void account_have_key(void *arg, const json_t *answer, const char *error)
{
	struct ca_account *a = arg;

	a->key_call = NULL;
	if (error && a->import) {
		account_failed(a, problem_new(PROBLEM_PERSON, 0, "badPublicKey", "%s", error));
		return;
	}
	if (error) {
		account_failed(a, problem_new(PROBLEM_LATER, 0, "", "account key: %s", error));
		return;
	}
	if (json_is_true(json_object_get(answer, "missing"))) {
		account_failed(
		    a, problem_new(PROBLEM_PERSON, 0, "",
		                   "CA account %s has no key yet, and none is made, as its account_uri "
		                   "is %s; dnsproof ca import %s --key FILE brings the key",
		                   a->name, a->uri ? a->uri : "set", a->name));
		return;
	}
	a->key_ready = true;
	a->two_keys = json_is_true(json_object_get(answer, "next"));
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

/* CAs differ: accountDoesNotExist (Boulder, Pebble), a signature that is wrong, 401 or 403 (deactivated),
 * 500 (step-ca without its database). */
static bool may_mean_account(const struct problem *p)
{
	return strcmp(p->type, "accountDoesNotExist") == 0 || strcmp(p->type, "malformed") == 0 ||
	       strcmp(p->type, "unauthorized") == 0 || p->status == 401 || p->status == 403 ||
	       p->status == 500;
}

bool ca_account_doubt(struct ca_account *a, const char *kid, const struct problem *problem)
{
	const char *now = acme_kid(a->acme);

	if (!may_mean_account(problem))
		return false;
	if (a->state != ACCOUNT_READY || !now || !kid || strcmp(kid, now) != 0)
		return true; /* another order's doubt is being looked into, or was */
	if (a->certain)
		return false;
	a->doubted = true;
	a->key_ready = false; /* another run may have changed it */
	a->state = ACCOUNT_IDLE;
	return true;
}

void ca_account_recheck(struct ca_account *a)
{
	a->key_ready = a->new_key = false;
	a->state = ACCOUNT_IDLE;
}

bool ca_account_has_new_key(const struct ca_account *a)
{
	return a->new_key;
}

struct acme *ca_account_acme(const struct ca_account *a)
{
	return a->acme;
}

const char *ca_account_name(const struct ca_account *a)
{
	return a->name;
}
