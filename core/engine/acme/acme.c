#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/acme.h"
#include "engine/acme/acme_call.h"
#include "engine/acme/header_fields.h"
#include "engine/journal/ca_waits.h"
#include "engine/net/http.h"
#include "common/url.h"

enum {
	DIRECTORY_MS = 30 * 1000,
	UNREACHED_MS = 30 * 1000, /* a CA that was never reached is not waited for longer */
};

static void opened(struct acme *a, const struct problem *problem, uint64_t retry_after)
{
	a->opening = false;
	for (struct acme_call *c = a->first; c; c = c->next)
		if (c->step == STEP_OPEN)
			acme_call_over(c, problem_copy(problem), retry_after);
}

static void on_nonce(void *arg)
{
	acme_nonces_hand_out(arg);
}

static void on_no_nonce(void *arg, const struct problem *problem, uint64_t retry_after)
{
	struct acme *a = arg;

	for (struct acme_call *c = a->first; c; c = c->next)
		if (c->step == STEP_NONCE)
			acme_call_over(c, problem_copy(problem), retry_after);
	nonces_fill(a->nonces, a->target, a->flying, a->waiting);
}

static void on_nonce_waits(void *arg, const struct problem *problem, uint64_t ms)
{
	struct acme *a = arg;

	a->held_until = loop_now(a->loop) + ms;
	acme_tell_wait(a, a->directory->new_nonce, problem, ms);
}

static void on_nonce_later(void *arg, const struct problem *problem, uint64_t ms)
{
	acme_told_later(arg, ABOUT_NONCES, problem, ms);
}

static unsigned on_nonce_sent(void *arg)
{
	const struct acme *a = arg;

	return a->depth + 1;
}

static void on_nonce_answered(void *arg, unsigned depth)
{
	acme_depth_reached(arg, depth);
}

static struct problem *directory_accept(struct acme *a, const struct http_answer *h)
{
	const struct nonces_owner owner = {
	    on_nonce, on_no_nonce, on_nonce_waits, on_nonce_later, on_nonce_sent, on_nonce_answered, a};
	json_t *json = problem_body_json(h->body, h->body_len);
	struct err e = {{0}};
	struct problem *problem = NULL;

	a->directory = directory_parse(json, a->url, &e);
	json_decref(json);
	if (!a->directory)
		return problem_new(PROBLEM_NONSENSE, h->status, "", "%s", e.text);
	problem = clock_problem(loop_wall(a->loop), BUILD_TIME, h->date);
	if (problem) {
		directory_free(a->directory);
		a->directory = NULL;
		return problem;
	}
	a->nonces = nonces_new(a->loop, a->http, a->directory->new_nonce, &owner);
	nonces_hold(a->nonces, acme_later_ms(a, ABOUT_NONCES));
	acme_nonces_hand_out(a);
	return NULL;
}

static struct problem *directory_refused(const struct acme *a, const struct http_answer *h)
{
	struct problem *p = problem_parse(h->status, h->content_type, h->body, h->body_len);
	char *words = problem_text(p);
	struct problem *told = problem_new(p->class, h->status, p->type, "directory %s: %s", a->url, words);

	free(words);
	problem_free(p);
	return told;
}

/* "Later" at the directory: true if it is fetched again after a pause. */
static bool directory_later(struct acme *a, const struct http_answer *h, const struct problem *p,
                            uint64_t after)
{
	uint64_t now = loop_now(a->loop), pause;

	if (p->class != PROBLEM_LATER || !patience_pause(&a->fetch_patience, now, after, &pause))
		return false;
	if (h->status == 0 && !h->maybe_sent && now + pause > a->fetch_patience.since + UNREACHED_MS)
		return false;
	acme_tell_wait(a, NULL, p, pause);
	a->held_until = now + pause;
	loop_timer_set(a->fetch_again, pause);
	return true;
}

static void on_directory(void *arg, const struct http_answer *h)
{
	struct acme *a = arg;
	struct problem *problem;
	uint64_t after = retry_after_ms(h->retry_after, loop_wall(a->loop));

	a->fetching = NULL;
	acme_depth_reached(a, a->fetch_depth);
	if (h->status == 0)
		problem = problem_unanswered(h);
	else if (h->status < 200 || h->status > 299)
		problem = directory_refused(a, h);
	else
		problem = directory_accept(a, h);
	if (problem && problem->class != PROBLEM_NONSENSE)
		acme_told_later(a, ABOUT_CA, problem, after);
	if (!problem || !directory_later(a, h, problem, after))
		opened(a, problem, after);
	problem_free(problem);
}

static void directory_fetch(struct acme *a)
{
	const struct http_request get = {
	    .method = HTTP_GET, .url = a->url, .accept = "application/json", .timeout_ms = DIRECTORY_MS};

	a->fetch_depth = a->depth + 1;
	a->fetching = http_send(a->http, &get, on_directory, a);
}

static void on_fetch_again(void *arg)
{
	directory_fetch(arg);
}

/* An earlier run may have been told to wait. */
static void directory_begin(struct acme *a)
{
	uint64_t left = acme_later_ms(a, ABOUT_CA);
	struct problem *held = acme_problem_held(left);

	if (held) {
		opened(a, held, left);
		problem_free(held);
	} else if (left) {
		a->held_until = loop_now(a->loop) + left;
		loop_timer_set(a->fetch_again, left);
	} else {
		directory_fetch(a);
	}
}

struct acme *acme_new(struct loop *l, struct http *http, struct keeper *keeper, const char *directory_url,
                      const char *account)
{
	struct acme *a = xcalloc(1, sizeof(*a));

	a->loop = l;
	a->http = http;
	a->keeper = keeper;
	a->url = xstrdup(directory_url);
	a->account = xstrdup(account);
	a->fetch_again = loop_timer_new(l, on_fetch_again, a);
	return a;
}

void acme_free(struct acme *a)
{
	if (!a)
		return;
	while (a->first)
		acme_call_free(a->first);
	if (a->fetching)
		http_cancel(a->fetching);
	nonces_free(a->nonces);
	directory_free(a->directory);
	loop_timer_free(a->fetch_again);
	free_all(a->url, a->account, a->kid, a);
}

struct acme_call *acme_open(struct acme *a, unsigned nonces, acme_fn *fn, void *arg)
{
	struct acme_call *c = acme_call_new(a, fn, arg);

	acme_want_nonces(a, nonces);
	if (a->directory) {
		acme_call_over(c, NULL, 0);
	} else if (!url_valid(a->url)) {
		char *shown = str_printable(a->url, 200);

		acme_call_over(
		    c, problem_new(PROBLEM_PERSON, 0, "", "%s: no https URL of an ACME directory", shown), 0);
		free(shown);
	} else if (!a->opening) {
		a->opening = true;
		a->fetch_patience = (struct patience){loop_now(a->loop), 0};
		directory_begin(a);
	}
	return c;
}

const struct acme_directory *acme_directory(const struct acme *a)
{
	return a->directory;
}

void acme_on_wait(struct acme *a, acme_waits_fn *fn, void *arg)
{
	a->waits = fn;
	a->waits_arg = arg;
}

void acme_remember(struct acme *a, const struct acme_memory *memory)
{
	a->memory = *memory;
}

static uint64_t call_held_until(const struct acme_call *c)
{
	if (c->step == STEP_PAUSE)
		return c->pause_until;
	return c->step == STEP_OPEN || c->step == STEP_NONCE ? c->acme->held_until : 0;
}

uint64_t acme_left_ms(const struct acme *a, const struct acme_call *c)
{
	uint64_t now = loop_now(a->loop), until = 0;

	for (const struct acme_call *at = a->first; at; at = at->next)
		if ((!c || at == c) && call_held_until(at) > until)
			until = call_held_until(at);
	return until > now ? until - now : 0;
}

void acme_set_kid(struct acme *a, const char *kid)
{
	char *copy = xstrdup(kid);

	free(a->kid);
	a->kid = copy;
}

const char *acme_kid(const struct acme *a)
{
	return a->kid;
}

void acme_want_nonces(struct acme *a, unsigned n)
{
	if (n > a->target)
		a->target = n;
	acme_nonces_hand_out(a);
}

/* NULL, or why no request may be sent to that URL. */
static struct problem *post_refused(const struct acme *a, const char *url, bool jwk)
{
	char *shown;
	struct problem *p;

	if (!a->directory)
		return problem_new(PROBLEM_LATER, 0, "", "%s: the directory was not fetched", a->url);
	if (!jwk && !a->kid)
		return problem_new(PROBLEM_PERSON, 0, "", "%s: no account yet", a->url);
	if (url && url_valid(url) && url_same_host(url, a->url))
		return NULL;
	shown = str_printable(url ? url : "", 200);
	p = problem_new(PROBLEM_NONSENSE, 0, "",
	                "the CA refers to %s, which is not on the host of its directory %s; refused", shown,
	                a->url);
	free(shown);
	return p;
}

struct acme_call *acme_send(struct acme *a, const struct acme_request *r, acme_fn *fn, void *arg)
{
	struct acme_call *c = acme_call_new(a, fn, arg);
	struct problem *refused = post_refused(a, r->url, r->jwk);

	c->url = xstrdup(r->url);
	c->payload = r->payload ? json_dumps(r->payload, JSON_COMPACT) : xstrdup("");
	c->jwk = r->jwk;
	c->next_key = r->next;
	c->again = r->again;
	c->about = xstrdup(r->about ? r->about : ABOUT_ACCOUNT);
	json_decref(r->payload);
	if (refused)
		acme_call_over(c, refused, 0);
	else
		acme_call_start(c);
	return c;
}

struct acme_call *acme_read(struct acme *a, const char *url, const char *about, acme_fn *fn, void *arg)
{
	const struct acme_request read = {.url = url, .about = about};

	return acme_send(a, &read, fn, arg);
}

void acme_cancel(struct acme_call *c)
{
	struct acme *a = c->acme;

	acme_call_free(c);
	acme_nonces_hand_out(a);
}

unsigned acme_requests(const struct acme *a)
{
	return a->depth;
}
