#include "engine/acme/renewal_question.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/acme_call.h"
#include "engine/acme/header_fields.h"
#include "engine/acme/problem.h"
#include "engine/journal/ca_waits.h"
#include "engine/net/http.h"

enum { QUESTION_MS = 30 * 1000, BODY_MOST = 64 * 1024 };

struct renewal_question {
	struct acme *acme;
	char *cert_id;
	int64_t until;
	renewal_fn *fn;
	void *arg;
	struct acme_call *opening;
	struct http_call *getting;
	struct loop_timer *limit;
};

void renewal_cancel(struct renewal_question *q)
{
	if (!q)
		return;
	if (q->opening)
		acme_cancel(q->opening);
	if (q->getting)
		http_cancel(q->getting);
	loop_timer_free(q->limit);
	free_all(q->cert_id, q);
}

/* The last thing that is done in any callback. */
static void question_end(struct renewal_question *q, const struct renewal_answer *answer)
{
	renewal_fn *fn = q->fn;
	void *arg = q->arg;

	renewal_cancel(q);
	fn(arg, answer);
}

static void question_problem(struct renewal_question *q, const struct problem *p, uint64_t retry_after_ms)
{
	char *words = problem_text(p);
	const struct renewal_answer answer = {
	    .error = words, .unreached = p->status == 0, .retry_after_ms = retry_after_ms};

	question_end(q, &answer);
	free(words);
}

static void question_answered(struct renewal_question *q, const struct http_answer *h, uint64_t retry_after)
{
	json_t *json = problem_body_json(h->body, h->body_len);
	struct renewal_window w;
	struct err e;
	bool ok = renewal_window_parse(json, q->until, &w, &e);
	const struct renewal_answer answer = {
	    .window = ok ? &w : NULL, .error = ok ? NULL : e.text, .retry_after_ms = retry_after};

	json_decref(json);
	question_end(q, &answer);
	renewal_window_clear(&w);
}

static void on_window(void *arg, const struct http_answer *h)
{
	struct renewal_question *q = arg;
	uint64_t after = retry_after_ms(h->retry_after, loop_wall(q->acme->loop));
	struct problem *problem;

	q->getting = NULL;
	if (h->status == 200) {
		question_answered(q, h, after);
		return;
	}
	problem = h->status ? problem_parse(h->status, h->content_type, h->body, h->body_len)
	                    : problem_unanswered(h);
	if (problem->class == PROBLEM_LATER && after)
		acme_told_later(q->acme, ABOUT_ADVICE, problem, (uint64_t)renewal_ask_after_s(after) * 1000);
	question_problem(q, problem, after);
	problem_free(problem);
}

static void on_limit(void *arg)
{
	const struct renewal_answer late = {.error = "no answer within 30 seconds", .unreached = true};

	question_end(arg, &late);
}

static void on_open(void *arg, const struct acme_answer *opened)
{
	struct renewal_question *q = arg;
	const struct acme_directory *d = acme_directory(q->acme);
	const struct renewal_answer none = {.none = true};

	q->opening = NULL;
	if (opened->problem) {
		question_problem(q, opened->problem, opened->retry_after_ms);
	} else if (!d->renewal_info) {
		question_end(q, &none);
	} else {
		const char *slash = d->renewal_info[strlen(d->renewal_info) - 1] == '/' ? "" : "/";
		char *url = xasprintf("%s%s%s", d->renewal_info, slash, q->cert_id);
		const struct http_request get = {.method = HTTP_GET,
		                                 .url = url,
		                                 .accept = "application/json",
		                                 .timeout_ms = QUESTION_MS,
		                                 .most = BODY_MOST};
		q->getting = http_send(q->acme->http, &get, on_window, q);
		free(url);
	}
}

struct renewal_question *renewal_ask(struct acme *a, const char *cert_id, int64_t until, renewal_fn *fn,
                                     void *arg)
{
	struct renewal_question *q = xcalloc(1, sizeof(*q));

	*q = (struct renewal_question){
	    .acme = a, .cert_id = xstrdup(cert_id), .until = until, .fn = fn, .arg = arg};
	q->limit = loop_timer_new(a->loop, on_limit, q);
	loop_timer_set(q->limit, QUESTION_MS);
	q->opening = acme_open(a, 0, on_open, q);
	return q;
}
