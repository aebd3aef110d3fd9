#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "engine/acme/header_fields.h"
#include "engine/net/http.h"
#include "engine/acme/nonces.h"
#include "engine/acme/patience.h"
#include "engine/acme/problem.h"

enum {
	REQUESTS_MOST = 10,
	KEPT_MOST = 2000,
	AGE_MOST_MS = 5 * 60 * 1000,
	REQUEST_MS = 30 * 1000,
	IDLE_FAILURES = 8, /* in a row, until filling without need is given up */
	LENGTH_MOST = 512,
};

struct nonce {
	char *text;
	uint64_t since;
};

struct request {
	struct nonces *nonces;
	struct request *next;
	struct http_call *call;
	unsigned depth;
	uint64_t since;
};

struct nonces {
	struct loop *loop;
	struct http *http;
	char *url;
	struct nonces_owner owner;
	struct nonce *kept;
	size_t n;
	struct request *requests;
	size_t asked, most; /* requests on their way, and how many may be */
	unsigned failures;  /* since the last success */
	struct patience patience;
	struct problem *problem; /* of the last failure */
	uint64_t failed_at, not_before;
	struct loop_timer *pause;
	size_t target, flying, waiting;
};

static void fill(struct nonces *p);

static void on_pause(void *arg)
{
	fill(arg);
}

struct nonces *nonces_new(struct loop *l, struct http *http, const char *url,
                          const struct nonces_owner *owner)
{
	struct nonces *p = xcalloc(1, sizeof(*p));

	p->loop = l;
	p->http = http;
	p->url = xstrdup(url);
	p->owner = *owner;
	p->most = REQUESTS_MOST;
	p->pause = loop_timer_new(l, on_pause, p);
	return p;
}

void nonces_hold(struct nonces *p, uint64_t ms)
{
	if (!ms)
		return;
	p->not_before = loop_now(p->loop) + ms;
	p->problem =
	    problem_new(PROBLEM_LATER, 0, "rateLimited", "the CA has asked before to be asked for no nonce");
}

static void request_free(struct request *r)
{
	struct request **at = &r->nonces->requests;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	r->nonces->asked--;
	free(r);
}

void nonces_free(struct nonces *p)
{
	if (!p)
		return;
	while (p->requests) {
		http_cancel(p->requests->call);
		request_free(p->requests);
	}
	while (p->n > 0)
		free(p->kept[--p->n].text);
	free(p->kept);
	loop_timer_free(p->pause);
	problem_free(p->problem);
	free(p->url);
	free(p);
}

void nonces_add(struct nonces *p, const char *nonce)
{
	if (!nonce || !str_is_b64url(nonce, 1, LENGTH_MOST) || p->n >= KEPT_MOST)
		return;
	p->kept = xgrow(p->kept, p->n, sizeof(*p->kept));
	p->kept[p->n].text = xstrdup(nonce);
	p->kept[p->n++].since = loop_now(p->loop);
}

/* The stack is ordered by age: when its top is too old, all are. */
static void drop_old(struct nonces *p)
{
	if (p->n > 0 && loop_now(p->loop) - p->kept[p->n - 1].since > AGE_MOST_MS)
		while (p->n > 0)
			free(p->kept[--p->n].text);
}

char *nonces_take(struct nonces *p)
{
	drop_old(p);
	return p->n > 0 ? p->kept[--p->n].text : NULL;
}

static struct problem *failure_problem(const struct http_answer *answer)
{
	if (answer->status == 0)
		return problem_unanswered(answer);
	if (answer->status < 300)
		return problem_new(PROBLEM_NONSENSE, answer->status, "",
		                   "the CA's newNonce answer carries no usable nonce");
	return problem_parse(answer->status, answer->content_type, answer->body, answer->body_len);
}

/* Whoever waits is told; who comes later has patience of his own. */
static void give_up(struct nonces *p)
{
	uint64_t now = loop_now(p->loop);

	p->failures = 0;
	p->owner.failed(p->owner.arg, p->problem, p->not_before > now ? p->not_before - now : 0);
}

/* Calls wait, and neither a POST nor a newNonce request is on its way to help them. */
static bool stuck(const struct nonces *p)
{
	return p->waiting > 0 && p->flying == 0 && p->asked == 0;
}

/* A CA that limits newNonce is asked for fewer at once; what POSTs bring back goes on circulating.
 * Requests that were on their way together fail together and count once. */
static void request_failed(struct nonces *p, const struct http_answer *answer, uint64_t since)
{
	uint64_t after = retry_after_ms(answer->retry_after, loop_wall(p->loop)), now = loop_now(p->loop);
	uint64_t pause;
	bool patient = true;

	if (p->failures == 0 || since >= p->failed_at) {
		if (p->failures++ == 0)
			p->patience = (struct patience){now, 0};
		p->failed_at = now;
		p->most = p->most > 1 ? p->most / 2 : 1;
		patient = patience_pause(&p->patience, now, after, &pause);
		p->not_before = now + pause;
	}
	problem_free(p->problem);
	p->problem = failure_problem(answer);
	if (after)
		p->owner.later(p->owner.arg, p->problem, after);
	if (stuck(p) && (!patient || p->problem->class != PROBLEM_LATER))
		give_up(p);
}

static void on_answer(void *arg, const struct http_answer *answer)
{
	struct request *r = arg;
	struct nonces *p = r->nonces;
	size_t before = p->n;
	uint64_t since = r->since;

	p->owner.answered(p->owner.arg, r->depth);
	request_free(r);
	if (answer->status >= 200 && answer->status < 300)
		nonces_add(p, answer->replay_nonce);
	if (p->n == before) {
		request_failed(p, answer, since);
		fill(p);
		return;
	}
	p->failures = 0;
	p->most += p->most < REQUESTS_MOST;
	p->owner.arrived(p->owner.arg);
}

static void request_send(struct nonces *p)
{
	struct request *r = xcalloc(1, sizeof(*r));
	struct http_request head = {.method = HTTP_HEAD, .url = p->url, .timeout_ms = REQUEST_MS};

	r->nonces = p;
	r->next = p->requests;
	p->requests = r;
	p->asked++;
	r->since = loop_now(p->loop);
	r->depth = p->owner.sent(p->owner.arg);
	r->call = http_send(p->http, &head, on_answer, r);
}

static bool of_use(const struct nonces *p)
{
	if (p->asked >= p->most)
		return false;
	if (p->asked < p->waiting)
		return true;
	return p->failures < IDLE_FAILURES && p->n + p->flying + p->asked < p->target;
}

static void fill(struct nonces *p)
{
	uint64_t now = loop_now(p->loop), next = p->not_before;

	drop_old(p);
	if (!of_use(p))
		return;
	if (stuck(p) && next > now + PATIENCE_MS) {
		give_up(p); /* the CA has said before how long */
		return;
	}
	if (now < next) {
		if (stuck(p))
			p->owner.waits(p->owner.arg, p->problem, next - now);
		loop_timer_set(p->pause, next - now);
		return;
	}
	while (of_use(p))
		request_send(p);
}

void nonces_fill(struct nonces *p, size_t target, size_t flying, size_t waiting)
{
	p->target = target;
	p->flying = flying;
	p->waiting = waiting;
	fill(p);
}
