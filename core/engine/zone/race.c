#include "engine/zone/race.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#define AT_ONCE  2
#define HEDGE_MS 300 /* without a useful answer so long, one more is asked */

struct zone_runner {
	struct zone_race *race;
	struct zone_peer peer;
	struct ask_query *query, *other; /* under way */
	bool other_asked;
};

struct zone_race {
	struct zone_net *net;
	unsigned *budget;
	char *qname;
	unsigned qtype, other;
	zone_race_fn *fn;
	void *arg;
	struct zone_runner **runner;
	size_t runners, started, running;
	bool recursive, closed;
	struct loop_timer *timer;
};

bool zone_same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)b;
	const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)b;

	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return a4->sin_port == b4->sin_port && a4->sin_addr.s_addr == b4->sin_addr.s_addr;
	return a6->sin6_port == b6->sin6_port &&
	       memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof(a6->sin6_addr)) == 0;
}

static bool race_can_start(const struct zone_race *r)
{
	return r->started<r->runners && * r->budget> 0;
}

static bool race_is_lost(const struct zone_race *r)
{
	return r->running == 0 && r->closed && !race_can_start(r);
}

static void race_pump(struct zone_race *r);

static bool runner_wants_other(const struct zone_runner *runner)
{
	return runner->race->other != 0 && !runner->other_asked && *runner->race->budget > 0;
}

static void other_answer(void *arg, const struct ask_answer *answer);

static struct ask_query *runner_ask(struct zone_runner *runner, unsigned qtype, ask_fn *fn)
{
	struct zone_race *r = runner->race;

	--*r->budget;
	if (r->recursive)
		return ask_resolver(r->net->ask, &runner->peer.address, r->qname, qtype, fn, runner);
	return ask_send(r->net->ask, &runner->peer.address, r->qname, qtype, fn, runner);
}

static void other_start(struct zone_runner *runner)
{
	runner->other_asked = true;
	runner->other = runner_ask(runner, runner->race->other, other_answer);
}

static void runner_rest(struct zone_runner *runner)
{
	if (runner->query != NULL || runner->other != NULL)
		return;
	runner->race->running--;
	race_pump(runner->race);
}

static void runner_answer(void *arg, const struct ask_answer *answer)
{
	struct zone_runner *runner = arg;
	struct zone_race *r = runner->race;
	bool ask_other = runner_wants_other(runner) && answer->result != ASK_NO_ROUTE;

	runner->query = NULL;
	runner->peer.final = !ask_other && !runner->other_asked;
	if (answer->result == ASK_ANSWER)
		r->net->answered++;
	if (r->fn(r->arg, &runner->peer, answer))
		return;
	if (ask_other)
		other_start(runner);
	runner_rest(runner);
}

static void other_answer(void *arg, const struct ask_answer *answer)
{
	struct zone_runner *runner = arg;
	struct zone_race *r = runner->race;

	runner->other = NULL;
	runner->peer.final = true;
	if (answer->result == ASK_ANSWER)
		r->net->answered++;
	if (!r->fn(r->arg, &runner->peer, answer))
		runner_rest(runner);
}

static void runner_start(struct zone_race *r)
{
	struct zone_runner *runner = r->runner[r->started++];

	r->running++;
	runner->query = runner_ask(runner, r->qtype, runner_answer);
	loop_timer_set(r->timer, HEDGE_MS);
}

static void race_pump(struct zone_race *r)
{
	while (r->running < AT_ONCE && race_can_start(r))
		runner_start(r);
	if (race_is_lost(r))
		loop_timer_set(r->timer, 0);
}

static void race_timer(void *arg)
{
	struct zone_race *r = arg;

	if (race_is_lost(r)) {
		r->fn(r->arg, NULL, NULL);
		return;
	}
	for (size_t i = 0; i < r->started; i++)
		if (r->runner[i]->query != NULL && runner_wants_other(r->runner[i]))
			other_start(r->runner[i]);
	if (race_can_start(r))
		runner_start(r);
}

struct zone_race *zone_race_new(struct zone_net *net, unsigned *budget, const char *qname, unsigned qtype,
                                unsigned other, zone_race_fn *fn, void *arg)
{
	struct zone_race *r = xcalloc(1, sizeof(*r));

	r->net = net;
	r->budget = budget;
	r->qname = xstrdup(qname);
	r->qtype = qtype;
	r->other = other;
	r->fn = fn;
	r->arg = arg;
	r->timer = loop_timer_new(net->loop, race_timer, r);
	return r;
}

void zone_race_recursive(struct zone_race *r)
{
	r->recursive = true;
}

void zone_race_free(struct zone_race *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->runners; i++) {
		if (r->runner[i]->query != NULL)
			ask_cancel(r->runner[i]->query);
		if (r->runner[i]->other != NULL)
			ask_cancel(r->runner[i]->other);
		free(r->runner[i]->peer.name);
		free(r->runner[i]);
	}
	free(r->runner);
	loop_timer_free(r->timer);
	free(r->qname);
	free(r);
}

void zone_race_add(struct zone_race *r, const char *name, const struct sockaddr_storage *address)
{
	struct zone_runner *runner;

	for (size_t i = 0; i < r->runners; i++)
		if (zone_same_address(&r->runner[i]->peer.address, address))
			return;
	runner = xcalloc(1, sizeof(*runner));
	runner->race = r;
	runner->peer.name = xstrdup(name);
	runner->peer.address = *address;
	r->runner = xgrow(r->runner, r->runners, sizeof(struct zone_runner *));
	r->runner[r->runners++] = runner;
	race_pump(r);
}

void zone_race_close(struct zone_race *r)
{
	if (r->closed)
		return;
	r->closed = true;
	race_pump(r);
}
