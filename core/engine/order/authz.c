#include "engine/order/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/acme/patience.h"
#include "engine/journal/ca_waits.h"
#include "engine/peers/keeper.h"
#include "engine/journal/turn.h"

#define CHALLENGE_POSTS_MOST 3
#define CHALLENGE_PAUSE_MS   500

static void cancel_account(void *handle)
{
	struct order_op *op = handle;

	ca_account_forget_waiter(op->order->account, op);
}

/* Why the CA is not asked. New. */
static struct problem *order_problem_held(const struct order *o)
{
	char *domain = o->row.url ? NULL : ca_wait_domain(o->e->turn, o->row.ca_account, o->row.names);
	struct problem *p =
	    domain
	        ? problem_new(PROBLEM_LATER, 0, "rateLimited",
	                      "an earlier request was told that %s has had too many certificates; the CA is "
	                      "not asked for one with names there yet",
	                      domain)
	        : problem_new(PROBLEM_LATER, 0, "rateLimited",
	                      "an earlier request was told so; the CA is not asked again yet");

	free(domain);
	return p;
}

/* True if the order fails at once, because the CA asked an earlier one to come back later than this run could wait. */
static bool order_told_to_wait(struct order *o)
{
	uint64_t left = order_later_ms(o);
	struct problem *p;

	if (left <= PATIENCE_MS)
		return false;
	p = order_problem_held(o);
	p->retry_after_ms = left;
	order_fail_problem(o, p, o->row.url ? "the order of an earlier run" : "newOrder");
	problem_free(p);
	return true;
}

static void account_opened(void *arg, const struct problem *problem)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (!problem) {
		order_event(
		    o, EVENT_INFO, "account",
		    json_pack("{s:s, s:s}", "account", ca_account_name(o->account), "url", acme_kid(o->acme)),
		    "using CA account %s", ca_account_name(o->account));
		return;
	}
	if (problem->class == PROBLEM_PERSON)
		o->misconfigured = true;
	order_fail_problem(o, problem, "account at the CA");
}

void order_open_account(struct order *o)
{
	struct order_op *op;

	if (order_told_to_wait(o))
		return;
	op = order_op(o, 0);
	order_op_set(op, op, cancel_account);
	ca_account_open(o->account, (unsigned)o->names, account_opened, op);
}

static void order_opened(struct order *o, const char *url)
{
	o->row.state = ORDER_ROW_OPEN;
	if (url != o->row.url) {
		free(o->row.url);
		o->row.url = xstrdup(url);
	}
	o->row.expires = o->ca->expires;
	order_row_store(o->e->turn, &o->row);
	acme_want_nonces(o->acme, (unsigned)o->ca->authorizations.n);
	order_ca_works(o);
	order_event(o, EVENT_INFO, "order",
	            json_pack("{s:s, s:s}", "url", url, "status", acme_status_text(o->ca->status)),
	            "order opened for %zu name%s", o->names, o->names == 1 ? "" : "s");
}

/* True if the account is looked into and the order goes back to asking for it; the present request is then
 * made again. What the CA says is judged only after that. */
static bool order_doubts_account(struct order *o, const struct problem *p)
{
	if (!ca_account_doubt(o->account, o->kid, p))
		return false;
	o->next = ORDER_PREPARING;
	return true;
}

/* CAs differ in the type of the problem, and some choke on an ID. */
static bool is_about_replaced(const struct problem *p)
{
	return strcmp(p->type, "alreadyReplaced") == 0 || p->status == 409 ||
	       strcmp(p->type, "serverInternal") == 0 || strstr(p->detail, "eplac");
}

/* The order goes back to newOrder, which does not say what it replaces any more. */
static void order_drop_replaced(struct order *o, const struct problem *p)
{
	bool already = strcmp(p->type, "alreadyReplaced") == 0;
	char *words = problem_text(p);

	order_event(o, already ? EVENT_WARN : EVENT_INFO, "replaced", NULL,
	            "%s (%s); ordering without saying what it replaces",
	            already
	                ? "the CA says that the certificate here was replaced already: another client uses "
	                  "this CA account or this name"
	                : "the CA refuses an order that replaces the certificate here",
	            words);
	free_all(words, o->replaces);
	o->replaces = NULL;
	o->row.state = ORDER_ROW_ABANDONED; /* until there is another try */
	o->next = ORDER_ORDERING;
}

static void order_ordered(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (answer->problem && order_says_replaces(o) && is_about_replaced(answer->problem)) {
		order_drop_replaced(o, answer->problem);
		return;
	}
	if (answer->problem) {
		if (order_doubts_account(o, answer->problem))
			return;
		o->row.state = ORDER_ROW_ABANDONED;
		order_fail_problem(o, answer->problem, "newOrder");
		return;
	}
	if (!answer->location) {
		order_fail(o, "newOrder: the CA gave no order URL");
		return;
	}
	if (order_keep(o, answer->json))
		order_opened(o, answer->location);
}

/* Which account URL goes with the request: so that a refusal is blamed on the right one. */
static void order_note_kid(struct order *o)
{
	free(o->kid);
	o->kid = xstrdup(acme_kid(o->acme));
}

static void order_send_new(void *arg)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	turn_stop_point("neworder");
	order_note_kid(o);
	order_post(
	    op, acme_directory(o->acme)->new_order,
	    order_payload(&o->cert->names, o->cert->profile, order_says_replaces(o) ? o->replaces : NULL),
	    ACME_AGAIN_ONCE, order_ordered);
}

static void order_new_row(struct order *o)
{
	if (!o->row.id) {
		order_row_insert(o->e->turn, &o->row);
	} else {
		o->row.state = ORDER_ROW_WANTED;
		order_row_store(o->e->turn, &o->row);
	}
	turn_then(o->e->turn, order_send_new, order_not_written, order_op(o, 0));
}

/* The old order is of no use: a new row with a key of its own; its values stay among those left. */
static void order_start_afresh(struct order *o, const char *why)
{
	order_event(o, EVENT_INFO, "resume", NULL,
	            "the order of an earlier run cannot be used (%s); a new one", why);
	o->row.state = ORDER_ROW_ABANDONED;
	order_row_store(o->e->turn, &o->row);
	order_discard_key(o);
	order_row_renew(o->e->turn, &o->row);
	o->next = ORDER_ORDERING;
}

/* Of what is issued already nothing is thrown away. */
static bool order_profile_differs(const struct order *o)
{
	const char *wanted = o->cert->profile, *shown = o->ca->profile;

	return wanted && shown && strcmp(wanted, shown) != 0 &&
	       (o->ca->status == ACME_PENDING || o->ca->status == ACME_READY);
}

static void order_looked_at(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (answer->problem) {
		/* The CA may forget an order that it has finished with: its certificate is still to be had. */
		if (o->row.certificate)
			o->next = ORDER_DOWNLOADING;
		else if (order_doubts_account(o, answer->problem))
			return;
		else if (answer->problem->class == PROBLEM_LATER)
			order_fail_problem(o, answer->problem, "looking at the order of an earlier run");
		else
			order_start_afresh(o, answer->problem->type);
		return;
	}
	if (!order_keep(o, answer->json))
		return;
	if (o->ca->status == ACME_INVALID) {
		order_start_afresh(o, "it is invalid");
		return;
	}
	if (order_profile_differs(o)) {
		order_start_afresh(o, "it is for another profile");
		return;
	}
	order_ca_works(o);
	order_event(o, EVENT_INFO, "resume", json_pack("{s:s}", "url", o->row.url),
	            "resuming a pending order of an earlier run, which is %s",
	            acme_status_text(o->ca->status));
	if (o->ca->status == ACME_VALID)
		o->next = ORDER_DOWNLOADING;
	else if (o->ca->status == ACME_PROCESSING)
		o->next = ORDER_PROCESSING;
	else if (o->ca->status == ACME_READY)
		o->next = ORDER_FINALIZING;
	else
		acme_want_nonces(o->acme, (unsigned)o->ca->authorizations.n);
}

/* False, and the order has failed: the CA does not list the profile that is wanted. */
static bool order_profile_fits(struct order *o)
{
	const struct acme_directory *d = acme_directory(o->acme);
	const char *wanted = o->cert->profile;

	if (!wanted || strs_has(&d->profiles, wanted))
		return true;
	char *listed = directory_profiles_text(d);

	if (d->profiles.n)
		order_fail_config(o, "the CA has no profile %s; it lists:%s", wanted, listed);
	else
		order_fail_config(
		    o,
		    "the CA has no profile %s, and lists none; take profile out, or type dnsproof "
		    "issue --id %s --profile none",
		    wanted, o->cert->id);
	free(listed);
	return false;
}

void order_request(struct order *o)
{
	order_join_groups(o);
	if (o->row.url) {
		order_note_kid(o);
		order_read(order_op(o, 0), o->row.url, order_looked_at);
	} else if (!order_profile_fits(o)) {
		return;
	} else if (order_puts_off(o) || order_is_limited(o)) {
		if (!o->failed)
			order_to_cleaning(o);
	} else {
		order_take_allowance(o);
		order_new_row(o);
	}
}

static void value_computed(void *arg, const json_t *answer, const char *error)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	struct order_authz *a = &o->authz[order_op_end(op)];
	const char *value = json_string_value(json_object_get(answer, "value"));

	if (error || !value || !str_is_b64url(value, 43, 43))
		order_fail(o, "%s: no TXT value from the keeper: %s", a->label, error ? error : "bad answer");
	else
		a->value = xstrdup(value);
}

static void order_want_value(struct order *o, size_t index)
{
	struct order_op *op = order_op(o, index);
	json_t *request = json_pack("{s:s, s:s, s:s}", "op", "challenge", "account",
	                            ca_account_name(o->account), "token", o->authz[index].ca->dns01.token);

	order_op_set(op, keeper_send(o->e->keeper, request, value_computed, op), order_cancel_sign);
}

/* Does the certificate ask for a name that this authorization proves? Apex and wildcard may share one, an
 * ancestor may stand for all below it. */
static bool order_asks_for(const struct order *o, const struct acme_authz *a)
{
	char *below = xasprintf(".%s", a->name);
	bool found = false;

	for (size_t i = 0; i < o->names && !found; i++) {
		const char *name = o->name[i].name + (str_starts(o->name[i].name, "*.") ? 2 : 0);
		size_t n = strlen(name), k = strlen(below);

		found = strcmp(name, a->name) == 0 ||
		        (a->subdomains && n > k && strcmp(name + n - k, below) == 0);
	}
	free(below);
	return found;
}

/* What the authorization is called in messages: the name as the certificate has it. */
static char *order_label(const struct order *o, const struct acme_authz *a)
{
	char *wildcard = xasprintf("*.%s", a->name);

	if (!a->wildcard && (strs_has(&o->cert->names, a->name) || !strs_has(&o->cert->names, wildcard))) {
		free(wildcard);
		return xstrdup(a->name);
	}
	return wildcard;
}

/* An ancestor's challenge name is another than those looked for while the order was made. */
static void order_place_authz(struct order *o, struct order_authz *a)
{
	size_t known = o->places;

	a->place = order_place_for(o, a->ca->name);
	if (o->places > known)
		order_find_zone(o, a->place);
}

static void order_use_authz(struct order *o, size_t index)
{
	struct order_authz *a = &o->authz[index];

	if (a->ca->status == ACME_VALID) {
		order_event(o, EVENT_INFO, "authorization",
		            json_pack("{s:s, s:s}", "name", a->label, "status", "valid"),
		            "%s: already validated by the CA", a->label);
	} else if (a->ca->status != ACME_PENDING) {
		order_fail(o, "%s: the authorization is %s", a->label, acme_status_text(a->ca->status));
	} else if (!order_asks_for(o, a->ca)) {
		order_fail(o, "an authorization of the CA is for a name not asked for: %s", a->label);
	} else if (!a->ca->has_dns01) {
		order_fail(o, "%s: the CA offers no dns-01 challenge for it", a->label);
	} else {
		a->needed = true;
		order_place_authz(o, a);
		order_want_value(o, index);
	}
}

static void order_authz_came(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);
	struct order_authz *a = &o->authz[index];
	struct err e;

	if (answer->problem) {
		order_fail_problem(o, answer->problem, "fetching an authorization");
		return;
	}
	a->ca = acme_authz_parse(answer->json, &e);
	if (!a->ca) {
		order_fail(o, "an authorization of the CA cannot be read: %s", e.text);
		return;
	}
	a->label = order_label(o, a->ca);
	order_use_authz(o, index);
}

/* How many there are, and in which order, is the CA's affair: none when all is proved already. */
void order_authorize(struct order *o)
{
	const struct strs *urls = &o->ca->authorizations;

	assert(!o->authz);
	o->authzs = urls->n;
	o->authz = xcalloc(urls->n ? urls->n : 1, sizeof(*o->authz));
	order_announce(o, true);
	for (size_t i = 0; i < urls->n; i++) {
		o->authz[i] = (struct order_authz){.url = xstrdup(urls->at[i]), .put.order = o};
		order_read(order_op(o, i), urls->at[i], order_authz_came);
	}
}

static void order_post_challenge(struct order *o, size_t index);

static void challenge_looked_at(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);

	if (answer->problem) {
		order_fail_problem(o, answer->problem, o->authz[index].label);
		return;
	}
	order_keep_authz(o, index, answer->json);
	if (o->authz[index].ca->status == ACME_PENDING)
		order_post_challenge(o, index);
}

static void challenge_look(void *arg)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = op->index;

	loop_timer_free(op->handle);
	order_op_end(op);
	order_read(order_op(o, index), o->authz[index].url, challenge_looked_at);
}

/* The CA may have taken the challenge or not. A second POST could start a second validation, so the
 * authorization is asked first, after a pause in which a CA under load can recover. */
static void challenge_unsure(struct order *o, size_t index, const struct acme_answer *answer)
{
	struct order_authz *a = &o->authz[index];
	uint64_t pause = CHALLENGE_PAUSE_MS << (2 * a->looks);
	struct order_op *op;

	if (a->looks++ >= CHALLENGE_POSTS_MOST || answer->retry_after_ms > PATIENCE_MS) {
		order_fail_problem(o, answer->problem, a->label);
		return;
	}
	op = order_op(o, index);
	order_op_set(op, loop_timer_new(o->e->loop, challenge_look, op), order_cancel_timer);
	loop_timer_set(op->handle, answer->retry_after_ms > pause ? answer->retry_after_ms : pause);
	order_event(o, EVENT_WARN, "challenge", NULL,
	            "%s: the CA gave no proper answer to the challenge; looking whether it took it",
	            a->label);
}

static void challenge_answered(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);

	if (!answer->problem)
		return;
	/* "malformed" is said of a challenge that is pending no more: an earlier sending, whose answer was lost on
	 * the way, may have arrived. */
	bool taken = strcmp(answer->problem->type, "malformed") == 0 && !o->authz[index].looks;
	if (taken || (answer->maybe_done && answer->problem->class == PROBLEM_LATER))
		challenge_unsure(o, index, answer);
	else
		order_fail_problem(o, answer->problem, o->authz[index].label);
}

static void challenge_send(void *arg)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	turn_stop_point("challenge");
	order_post(op, o->authz[op->index].ca->dns01.url, json_object(), ACME_LOOK_FIRST, challenge_answered);
}

/* Written down before it is sent: whoever goes on after a crash knows that it may have been posted. */
static void order_post_challenge(struct order *o, size_t index)
{
	const struct order_authz *a = &o->authz[index];
	const char *url = a->ca->dns01.url;

	assert(a->needed && a->value);
	if (!a->ca->has_dns01 || a->ca->dns01.status != ACME_PENDING)
		return; /* posted already, and the CA is at it */
	if (challenge_posts(o->e->turn, url) >= CHALLENGE_POSTS_MOST) {
		order_fail(o, "%s: the challenge was posted %d times without a decision of the CA", a->label,
		           CHALLENGE_POSTS_MOST);
		return;
	}
	challenge_posted(o->e->turn, o->row.id, url);
	turn_then(o->e->turn, challenge_send, order_not_written, order_op(o, index));
}

void order_post_challenges(struct order *o)
{
	order_note_seen(o);
	order_announce(o, false);
	for (size_t i = 0; i < o->authzs && !o->failed; i++)
		if (o->authz[i].needed && o->authz[i].round == o->round)
			order_post_challenge(o, i);
}

static void authz_deactivated(void *arg, const struct acme_answer *answer)
{
	(void)answer; /* it expires by itself in time */
	order_op_end(arg);
}

/* Those that are valid stay: the next order needs no validation for them. */
void order_deactivate(struct order *o)
{
	for (size_t i = 0; i < o->authzs; i++)
		if (o->authz[i].needed && o->authz[i].ca->status == ACME_PENDING)
			order_post(order_op(o, i), o->authz[i].url,
			           json_pack("{s:s}", "status", "deactivated"), ACME_LOOK_FIRST,
			           authz_deactivated);
}
