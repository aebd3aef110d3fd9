/* What the tests of a session with a CA share: one session, and what its calls came back with. */
#pragma once

#include "unit.h"

#include <limits.h>

#include "common/mem.h"
#include "engine/acme/acme.h"

#include "acme_world.h"
#include "fake_loop.h"

#define DIRECTORY "https://ca.test/dir"

static struct acme *acme;

/* What calls came back with; `left` open ones stop the loop at the last. */
struct got {
	unsigned calls, well;
	int status;
	enum problem_class class;
	char text[600], location[100], alternate[100];
	bool maybe_done, json;
	uint64_t retry_after_ms;
};

static unsigned left;

static inline void on_answer(void *arg, const struct acme_answer *a)
{
	struct got *g = arg;
	char *text;

	g->calls++;
	g->well += !a->problem;
	g->status = a->status;
	g->maybe_done = a->maybe_done;
	g->json = a->json != NULL;
	g->retry_after_ms = a->retry_after_ms;
	snprintf(g->location, sizeof(g->location), "%s", a->location ? a->location : "");
	snprintf(g->alternate, sizeof(g->alternate), "%s", a->alternates->n ? a->alternates->at[0] : "");
	g->text[0] = '\0';
	if (a->problem) {
		text = problem_text(a->problem);
		snprintf(g->text, sizeof(g->text), "%s", text);
		g->class = a->problem->class;
		free(text);
	}
	if (--left == 0)
		loop_stop(world.loop);
}

static inline int setup(void **state)
{
	world_start();
	acme = acme_new(world.loop, NULL, NULL, DIRECTORY, "account");
	acme_set_kid(acme, "https://ca.test/me");
	return 0;
}

static inline int teardown(void **state)
{
	acme_free(acme);
	assert_int_equal(fake_loop_watchers(world.loop), 0);
	loop_free(world.loop);
	return 0;
}

/* A POST as newOrder, newAccount or a read is sent. */
static inline struct acme_call *post(const char *url, bool as_get, bool jwk, enum acme_again again,
                                     acme_fn *fn, void *arg)
{
	const struct acme_request r = {
	    .url = url, .payload = as_get ? NULL : json_object(), .jwk = jwk, .again = again};

	return acme_send(acme, &r, fn, arg);
}

static inline struct got opened(unsigned nonces)
{
	struct got g = {0};

	left = 1;
	acme_open(acme, nonces, on_answer, &g);
	assert_int_equal(g.calls, 0);
	loop_run(world.loop);
	assert_int_equal(g.calls, 1);
	return g;
}

static inline struct got posted_n(unsigned n, const char *url, bool as_get)
{
	struct got g = {0};

	left = n;
	for (unsigned i = 0; i < n; i++)
		post(url, as_get, false, as_get ? ACME_AGAIN : ACME_LOOK_FIRST, on_answer, &g);
	assert_int_equal(g.calls, 0);
	loop_run(world.loop);
	assert_int_equal(g.calls, n);
	return g;
}

#define CASE(name) TEST_WITH(name, setup, teardown)
