#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/acme_call.h"
#include "engine/acme/domain_limit.h"
#include "engine/acme/header_fields.h"
#include "engine/net/http.h"
#include "engine/journal/ca_waits.h"
#include "engine/peers/keeper.h"
#include "common/url.h"

enum {
	READ_MS = 30 * 1000,  /* POST-as-GET */
	POST_MS = 100 * 1000, /* finalize may be answered only when the certificate is there */
	NONCE_MS = 60 * 1000, /* no new try after a refused nonce after that */
	NONCES_MOST = 100,
	NONCES_AT_ONCE = 10,
	TELL_LEAST_MS = 1000, /* shorter pauses are not worth a word */
	SECOND_MS = 1000,     /* rows round up to it: who has waited himself has waited enough */
};

static const char accepted[] =
    "application/json, application/problem+json, application/pem-certificate-chain";

static void call_sign(struct acme_call *c);
static void on_call_timer(void *arg);

static void step_count(struct acme *a, enum step step, int change)
{
	if (step == STEP_NONCE)
		a->waiting += (size_t)change;
	else if (step == STEP_SIGN || step == STEP_POST)
		a->flying += (size_t)change;
}

static void line_join(struct acme *a, struct acme_call *c)
{
	c->nonce_prev = a->nonce_last;
	c->nonce_next = NULL;
	*(a->nonce_last ? &a->nonce_last->nonce_next : &a->nonce_first) = c;
	a->nonce_last = c;
}

static void line_leave(struct acme *a, struct acme_call *c)
{
	*(c->nonce_prev ? &c->nonce_prev->nonce_next : &a->nonce_first) = c->nonce_next;
	*(c->nonce_next ? &c->nonce_next->nonce_prev : &a->nonce_last) = c->nonce_prev;
}

static void step_set(struct acme_call *c, enum step step)
{
	if (c->step == STEP_NONCE)
		line_leave(c->acme, c);
	step_count(c->acme, c->step, -1);
	c->step = step;
	step_count(c->acme, c->step, 1);
	if (c->step == STEP_NONCE)
		line_join(c->acme, c);
}

struct acme_call *acme_call_new(struct acme *a, acme_fn *fn, void *arg)
{
	struct acme_call *c = xcalloc(1, sizeof(*c));

	c->acme = a;
	c->step = STEP_OPEN;
	c->fn = fn;
	c->arg = arg;
	c->patience.since = loop_now(a->loop);
	c->timer = loop_timer_new(a->loop, on_call_timer, c);
	c->prev = a->last;
	*(a->last ? &a->last->next : &a->first) = c;
	a->last = c;
	return c;
}

void acme_call_free(struct acme_call *c)
{
	struct acme *a = c->acme;

	step_set(c, STEP_OVER);
	*(c->prev ? &c->prev->next : &a->first) = c->next;
	*(c->next ? &c->next->prev : &a->last) = c->prev;
	if (c->signing)
		keeper_cancel(c->signing);
	if (c->posting)
		http_cancel(c->posting);
	loop_timer_free(c->timer);
	problem_free(c->problem);
	free_all(c->url, c->payload, c->about, c->nonce, c);
}

void acme_nonces_hand_out(struct acme *a)
{
	struct acme_call *c;

	if (!a->nonces)
		return;
	while ((c = a->nonce_first) && (c->nonce = nonces_take(a->nonces)))
		call_sign(c);
	if (acme_later_ms(a, ABOUT_CA))
		return;
	nonces_fill(a->nonces, a->target, a->flying, a->waiting);
}

/* Ends the call: the last thing that is done in any callback, since fn may free everything. */
static void call_deliver(struct acme_call *c, const struct acme_answer *answer)
{
	struct acme *a = c->acme;
	acme_fn *fn = c->fn;
	void *arg = c->arg;

	c->posting = NULL;
	acme_call_free(c);
	acme_nonces_hand_out(a);
	fn(arg, answer);
}

void acme_call_over(struct acme_call *c, struct problem *problem, uint64_t retry_after)
{
	step_set(c, STEP_OVER);
	c->problem = problem;
	if (problem)
		problem->retry_after_ms = retry_after;
	c->retry_after_ms = retry_after;
	loop_timer_set(c->timer, 0);
}

static void over_deliver(struct acme_call *c)
{
	struct problem *problem = c->problem;
	const struct strs none = {0};
	struct acme_answer answer = {
	    .status = problem ? problem->status : 200,
	    .problem = problem,
	    .body = "",
	    .retry_after_ms = c->retry_after_ms,
	    .alternates = &none,
	};

	c->problem = NULL;
	call_deliver(c, &answer);
	problem_free(problem);
}

static void call_pause(struct acme_call *c, uint64_t ms)
{
	c->paused = true;
	step_set(c, STEP_PAUSE);
	c->pause_until = loop_now(c->acme->loop) + ms;
	loop_timer_set(c->timer, ms);
}

static void call_take_nonce(struct acme_call *c)
{
	free(c->nonce);
	c->nonce = NULL;
	step_set(c, STEP_NONCE);
	acme_nonces_hand_out(c->acme);
}

struct problem *acme_problem_held(uint64_t left_ms)
{
	if (left_ms <= PATIENCE_MS)
		return NULL;
	return problem_new(PROBLEM_LATER, 0, "rateLimited", "the CA has asked before to be left in peace");
}

void acme_call_start(struct acme_call *c)
{
	uint64_t left = acme_later_ms(c->acme, c->about);
	struct problem *held = acme_problem_held(left);

	if (held) {
		acme_call_over(c, held, left);
	} else if (left && !(c->paused && left <= SECOND_MS)) {
		call_pause(c, left);
		acme_nonces_hand_out(c->acme);
	} else {
		call_take_nonce(c);
	}
}

static void on_call_timer(void *arg)
{
	struct acme_call *c = arg;

	if (c->step == STEP_OVER)
		over_deliver(c);
	else if (c->nonce)
		call_sign(c);
	else
		acme_call_start(c);
}

/* Has the request another nonce in it? */
static bool time_left(const struct acme_call *c)
{
	return loop_now(c->acme->loop) - c->patience.since < NONCE_MS;
}

void acme_tell_wait(const struct acme *a, const char *url, const struct problem *why, uint64_t ms)
{
	char *words, *text;

	if (!a->waits || ms < TELL_LEAST_MS)
		return;
	words = problem_text(why);
	text = xasprintf("%s%s%s", url ? url : "", url ? ": " : "", words);
	a->waits(a->waits_arg, text, ms);
	free_all(text, words);
}

/* The CA did not act on it: it limits rates, sheds load, or never got it. */
static bool not_acted(const struct problem *p, bool maybe_acted)
{
	return !maybe_acted || p->status == 429 || strcmp(p->type, "rateLimited") == 0;
}

/* "Later": true if the request is sent again after a pause, with a nonce and a signature of its own. */
static bool call_again(struct acme_call *c, const struct problem *why, bool maybe_acted, uint64_t retry_after)
{
	struct acme *a = c->acme;
	uint64_t pause;

	acme_told_later(a, c->about, why, retry_after);
	if (!not_acted(why, maybe_acted) &&
	    (c->again == ACME_LOOK_FIRST || (c->again == ACME_AGAIN_ONCE && c->repeats++ > 0)))
		return false;
	if (!patience_pause(&c->patience, loop_now(a->loop), retry_after, &pause))
		return false;
	free(c->nonce);
	c->nonce = NULL;
	call_pause(c, pause);
	acme_tell_wait(a, c->url, why, pause);
	acme_nonces_hand_out(a);
	return true;
}

static void call_lost(struct acme_call *c, const struct http_answer *h)
{
	const struct strs none = {0};
	struct problem *problem = problem_unanswered(h);
	struct acme_answer answer = {
	    .body = "", .alternates = &none, .problem = problem, .maybe_done = h->maybe_sent};

	if (c->again == ACME_AGAIN)
		answer.maybe_done = false;
	if (problem->class != PROBLEM_LATER || !call_again(c, problem, h->maybe_sent, 0))
		call_deliver(c, &answer);
	problem_free(problem);
}

/* The refused nonce is replaced by the one that came with the refusal. */
static void call_bad_nonce(struct acme_call *c, const char *fresh)
{
	c->nonces_refused++;
	free(c->nonce);
	c->nonce = fresh && str_is_b64url(fresh, 1, 512) ? xstrdup(fresh) : NULL;
	if (c->nonces_refused > NONCES_AT_ONCE)
		call_pause(c, 50 + (unsigned)random() % 451);
	else if (c->nonce)
		call_sign(c);
	else
		call_take_nonce(c);
}

static void call_answered(struct acme_call *c, const struct http_answer *h, struct problem *problem)
{
	struct strs alternates = {0};
	json_t *json = problem ? NULL : problem_body_json(h->body, h->body_len);
	struct acme_answer answer = {
	    .status = h->status,
	    .problem = problem,
	    .json = json,
	    .body = h->body,
	    .body_len = h->body_len,
	    .content_type = h->content_type,
	    .location = h->location && url_valid(h->location) ? h->location : NULL,
	    .retry_after_ms = retry_after_ms(h->retry_after, loop_wall(c->acme->loop)),
	    .maybe_done = problem && problem->class == PROBLEM_LATER && c->again != ACME_AGAIN &&
	                  !not_acted(problem, true),
	    .alternates = &alternates,
	};

	if (problem && problem->class != PROBLEM_LATER)
		acme_told_later(c->acme, c->about, problem, answer.retry_after_ms);
	if (problem)
		problem->retry_after_ms = answer.retry_after_ms;
	links_alternate(h->links, &alternates);
	nonces_add(c->acme->nonces, h->replay_nonce);
	call_deliver(c, &answer);
	json_decref(json);
	strs_free(&alternates);
}

void acme_depth_reached(struct acme *a, unsigned depth)
{
	if (depth > a->depth)
		a->depth = depth;
}

/* By its status: a problem such as orderNotReady passes too, but not by repeating this request. */
static bool says_later(const struct problem *p)
{
	return p->class == PROBLEM_LATER && (p->status == 408 || p->status == 429 || p->status >= 500 ||
	                                     strcmp(p->type, "rateLimited") == 0);
}

static bool call_later(struct acme_call *c, const struct http_answer *h, const struct problem *problem)
{
	if (!call_again(c, problem, true, retry_after_ms(h->retry_after, loop_wall(c->acme->loop))))
		return false;
	nonces_add(c->acme->nonces, h->replay_nonce);
	return true;
}

static void on_posted(void *arg, const struct http_answer *h)
{
	struct acme_call *c = arg;
	struct problem *problem = NULL;

	c->posting = NULL;
	acme_depth_reached(c->acme, c->depth);
	if (h->status == 0) {
		call_lost(c, h);
		return;
	}
	if (h->status < 200 || h->status > 299)
		problem = problem_parse(h->status, h->content_type, h->body, h->body_len);
	if (problem && problem->class == PROBLEM_BAD_NONCE && c->nonces_refused < NONCES_MOST && time_left(c))
		call_bad_nonce(c, h->replay_nonce);
	else if (!problem || !says_later(problem) || !call_later(c, h, problem))
		call_answered(c, h, problem);
	problem_free(problem);
}

static void call_send(struct acme_call *c, const char *jws)
{
	struct http_request post = {
	    .method = HTTP_POST,
	    .url = c->url,
	    .content_type = "application/jose+json",
	    .accept = accepted,
	    .body = jws,
	    .body_len = strlen(jws),
	    .timeout_ms = *c->payload ? POST_MS : READ_MS,
	};

	step_set(c, STEP_POST);
	c->depth = c->acme->depth + 1;
	c->posting = http_send(c->acme->http, &post, on_posted, c);
}

static void on_signed(void *arg, const json_t *answer, const char *error)
{
	struct acme_call *c = arg;
	const json_t *jws = json_object_get(answer, "jws");
	char *text = json_is_string(jws) ? xstrdup(json_string_value(jws)) : NULL;

	c->signing = NULL;
	if (json_is_object(jws))
		text = json_dumps(jws, JSON_COMPACT);
	if (error || !text) {
		nonces_add(c->acme->nonces, c->nonce);
		acme_call_over(c,
		               problem_new(PROBLEM_PERSON, 0, "", "the keeper did not sign: %s",
		                           error ? error : "its answer has no jws"),
		               0);
		acme_nonces_hand_out(c->acme);
	} else {
		call_send(c, text);
	}
	free(text);
}

static void call_sign(struct acme_call *c)
{
	struct acme *a = c->acme;
	json_t *request = json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", "sign", "account", a->account, "url",
	                            c->url, "nonce", c->nonce, "payload", c->payload);

	if (!c->jwk)
		json_object_set_new(request, "kid", json_string(a->kid));
	if (c->next_key)
		json_object_set_new(request, "next", json_true());
	step_set(c, STEP_SIGN);
	c->signing = keeper_send(a->keeper, request, on_signed, c);
}

uint64_t acme_later_ms(const struct acme *a, const char *about)
{
	return a->memory.left_ms ? a->memory.left_ms(a->memory.arg, about) : 0;
}

/* A page instead of a problem document is not the CA's own: whoever stands before it sheds load. */
static bool is_of_cdn(const struct problem *p)
{
	return p && p->status == 503 && !*p->type;
}

/* What a refusal of newOrder is about where it is about one domain; new, or NULL. */
static char *about_domain(const char *about, const struct problem *problem)
{
	char *domain = *about == '[' && problem ? domain_limit(problem, about) : NULL, *text;

	if (!domain)
		return NULL;
	text = xasprintf(ABOUT_DOMAIN "%s", domain);
	free(domain);
	return text;
}

/* Those that have no request on its way yet wait too. */
static void calls_hold(struct acme *a)
{
	for (struct acme_call *c = a->first; c; c = c->next)
		if (c->step == STEP_NONCE)
			acme_call_start(c);
}

void acme_told_later(struct acme *a, const char *about, const struct problem *problem, uint64_t ms)
{
	bool all = is_of_cdn(problem);
	char *domain;

	if (!ms || !a->memory.later)
		return;
	domain = about_domain(about, problem);
	a->memory.later(a->memory.arg, all ? ABOUT_CA : domain ? domain : about, ms);
	if (all || domain)
		calls_hold(a);
	free(domain);
}
