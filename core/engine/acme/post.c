#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/post.h"
#include "engine/acme/header_fields.h"
#include "engine/net/http.h"
#include "engine/peers/keeper.h"
#include "common/url.h"

enum {
	READ_MS = 30 * 1000,  /* POST-as-GET */
	POST_MS = 100 * 1000, /* finalize may be answered only when the certificate is there */
	RETRY_MS = 60 * 1000, /* no new try of one request after that */
	TRIES_MOST = 100,
	TRIES_AT_ONCE = 10,
	LOSS_PAUSE_MS = 200,
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

static void step_set(struct acme_call *c, enum step step)
{
	step_count(c->acme, c->step, -1);
	c->step = step;
	step_count(c->acme, c->step, 1);
}

struct acme_call *acme_call_new(struct acme *a, acme_fn *fn, void *arg)
{
	struct acme_call *c = xcalloc(1, sizeof(*c));

	c->acme = a;
	c->step = STEP_OPEN;
	c->fn = fn;
	c->arg = arg;
	c->since = loop_now(a->loop);
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
	free(c->url);
	free(c->payload);
	free(c->nonce);
	free(c);
}

void acme_nonces_hand_out(struct acme *a)
{
	struct acme_call *c = a->first, *next;

	if (!a->nonces)
		return;
	for (; c && a->waiting > 0; c = next) {
		next = c->next;
		if (c->step != STEP_NONCE)
			continue;
		c->nonce = nonces_take(a->nonces);
		if (!c->nonce)
			break;
		call_sign(c);
	}
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

void acme_call_start(struct acme_call *c)
{
	free(c->nonce);
	c->nonce = NULL;
	step_set(c, STEP_NONCE);
	acme_nonces_hand_out(c->acme);
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

static void call_pause(struct acme_call *c, unsigned ms)
{
	step_set(c, STEP_PAUSE);
	loop_timer_set(c->timer, ms);
}

/* Has the request another try in it? */
static bool time_left(const struct acme_call *c)
{
	return loop_now(c->acme->loop) - c->since < RETRY_MS;
}

unsigned acme_loss_pause(unsigned n)
{
	return (unsigned)LOSS_PAUSE_MS << (2 * n);
}

struct problem *acme_transport_problem(const struct http_answer *h)
{
	return problem_new(h->certificate ? PROBLEM_TRUST : PROBLEM_LATER, 0, "", "%s",
	                   h->error ? h->error : "no answer");
}

/* No answer came. A request that may be repeated, or never went out, is signed anew with another nonce. */
static void call_lost(struct acme_call *c, const struct http_answer *h)
{
	bool harmless = !*c->payload || c->jwk || !h->maybe_sent;
	const struct strs none = {0};
	struct acme_answer answer = {.body = "", .alternates = &none};
	struct problem *problem;

	free(c->nonce);
	c->nonce = NULL;
	if (harmless && !h->certificate && c->losses < ACME_LOSSES_MOST && time_left(c)) {
		call_pause(c, acme_loss_pause(c->losses++));
		acme_nonces_hand_out(c->acme);
		return;
	}
	problem = acme_transport_problem(h);
	answer.problem = problem;
	answer.maybe_done = !harmless;
	call_deliver(c, &answer);
	problem_free(problem);
}

/* The refused nonce is replaced by the one that came with the refusal. */
static void call_bad_nonce(struct acme_call *c, const char *fresh)
{
	c->tries++;
	free(c->nonce);
	c->nonce = fresh && str_is_b64url(fresh, 1, 512) ? xstrdup(fresh) : NULL;
	if (c->tries > TRIES_AT_ONCE)
		call_pause(c, 50 + (unsigned)random() % 451);
	else if (c->nonce)
		call_sign(c);
	else
		acme_call_start(c);
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
	    .alternates = &alternates,
	};

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
	if (problem && problem->class == PROBLEM_BAD_NONCE && c->tries < TRIES_MOST && time_left(c))
		call_bad_nonce(c, h->replay_nonce);
	else
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
	step_set(c, STEP_SIGN);
	c->signing = keeper_send(a->keeper, request, on_signed, c);
}
