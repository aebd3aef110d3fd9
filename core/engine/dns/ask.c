#include "engine/dns/ask.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "common/mem.h"
#include "engine/dns/try.h"

#define FLYING_MOST 300
#define SECOND_TRY  1000 /* ms after the first */
#define ALL_TRIES   5000
#define DNS_PORT    53
#define ROUNDS      2

enum { UDP, TCP, WAYS };

struct ask_query {
	TAILQ_ENTRY(ask_query) entry;
	struct ask *ask;
	struct sockaddr_storage server;
	char *qname;
	unsigned qtype;
	ask_fn *fn;
	void *arg;
	struct loop_timer *timer;
	uint64_t started;
	unsigned round; /* 0 = waits for its turn */
	struct ask_try *tries[ROUNDS][WAYS];
	uint64_t sent[ROUNDS][WAYS];
	bool rd, no_edns, plain_case;
	bool closed, garbled, no_route;
	bool heard_udp, cut_short; /* something came by UDP; it was truncated */
};

TAILQ_HEAD(ask_list, ask_query);

struct ask {
	struct loop *loop;
	struct ask_list flying, waiting;
	size_t flying_n;
};

static void query_start(struct ask_query *q);
static void try_news(void *arg, struct ask_try *t, enum ask_try_news news, struct dns_message *m);

struct ask *ask_new(struct loop *l)
{
	struct ask *a = xcalloc(1, sizeof(*a));

	a->loop = l;
	TAILQ_INIT(&a->flying);
	TAILQ_INIT(&a->waiting);
	return a;
}

static void tries_free(struct ask_query *q)
{
	for (size_t i = 0; i < ROUNDS * WAYS; i++) {
		ask_try_free(q->tries[i / WAYS][i % WAYS]);
		q->tries[i / WAYS][i % WAYS] = NULL;
	}
}

static void query_free(struct ask_query *q)
{
	tries_free(q);
	loop_timer_free(q->timer);
	free(q->qname);
	free(q);
}

static void query_unlink(struct ask_query *q)
{
	struct ask *a = q->ask;

	if (q->round == 0) {
		TAILQ_REMOVE(&a->waiting, q, entry);
		return;
	}
	TAILQ_REMOVE(&a->flying, q, entry);
	a->flying_n--;
}

static void queue_pull(struct ask *a)
{
	while (a->flying_n < FLYING_MOST && !TAILQ_EMPTY(&a->waiting))
		query_start(TAILQ_FIRST(&a->waiting));
}

void ask_free(struct ask *a)
{
	struct ask_query *q;

	if (a == NULL)
		return;
	while ((q = TAILQ_FIRST(&a->flying)) != NULL || (q = TAILQ_FIRST(&a->waiting)) != NULL) {
		query_unlink(q);
		query_free(q);
	}
	free(a);
}

void ask_cancel(struct ask_query *q)
{
	struct ask *a = q->ask;

	query_unlink(q);
	query_free(q);
	queue_pull(a);
}

static void query_finish(struct ask_query *q, const struct ask_answer *answer)
{
	struct ask *a = q->ask;
	ask_fn *fn = q->fn;
	void *arg = q->arg;

	query_unlink(q);
	query_free(q);
	queue_pull(a);
	fn(arg, answer);
}

static void query_fail(struct ask_query *q)
{
	struct ask_answer answer = {.result = ASK_SILENT};

	answer.rtt_ms = (unsigned)(loop_now(q->ask->loop) - q->started);
	if (q->no_route)
		answer.result = ASK_NO_ROUTE;
	else if (q->garbled)
		answer.result = ASK_GARBLED;
	else if (q->closed)
		answer.result = ASK_CLOSED;
	query_finish(q, &answer);
}

static bool query_has_tries(const struct ask_query *q)
{
	for (size_t i = 0; i < ROUNDS * WAYS; i++)
		if (q->tries[i / WAYS][i % WAYS] != NULL)
			return true;
	return false;
}

static bool query_is_hopeless(const struct ask_query *q)
{
	return q->no_route || (q->round == ROUNDS && !query_has_tries(q));
}

/* A closed TCP port says nothing about a server that is silent over UDP: that one timed out. */
static void trouble_note(struct ask_query *q, enum ask_try_news news, bool tcp)
{
	q->closed |= news == TRY_CLOSED && (!tcp || q->cut_short);
	q->garbled |= news == TRY_GARBLED || news == TRY_WRONG_CASE;
	q->no_route |= news == TRY_NO_ROUTE;
}

static void try_start(struct ask_query *q, int way)
{
	struct ask_try **slot = &q->tries[q->round - 1][way];
	struct ask_try_spec spec = {.server = &q->server, .qname = q->qname, .qtype = q->qtype};
	enum ask_try_news why;

	ask_try_free(*slot);
	spec.tcp = way == TCP;
	spec.edns = !q->no_edns;
	spec.plain_case = q->plain_case;
	spec.rd = q->rd;
	q->sent[q->round - 1][way] = loop_now(q->ask->loop);
	*slot = ask_try_new(q->ask->loop, &spec, try_news, q, &why);
	if (*slot == NULL)
		trouble_note(q, why, spec.tcp);
}

static void query_start(struct ask_query *q)
{
	struct ask *a = q->ask;

	TAILQ_REMOVE(&a->waiting, q, entry);
	TAILQ_INSERT_TAIL(&a->flying, q, entry);
	a->flying_n++;
	q->round = 1;
	q->started = loop_now(a->loop);
	try_start(q, UDP);
	loop_timer_set(q->timer, query_is_hopeless(q) ? 0 : SECOND_TRY);
}

static void query_timer(void *arg)
{
	struct ask_query *q = arg;

	if (query_is_hopeless(q) || q->round == ROUNDS) {
		query_fail(q);
		return;
	}
	q->round = ROUNDS;
	if (!q->plain_case)
		try_start(q, UDP);
	try_start(q, TCP);
	loop_timer_set(q->timer, query_is_hopeless(q) ? 0 : ALL_TRIES - SECOND_TRY);
}

static bool rcode_blames_edns(unsigned rcode)
{
	return rcode == DNS_FORMERR || rcode == DNS_NOTIMP || rcode == DNS_BADVERS;
}

static struct ask_try **slot_find(struct ask_query *q, const struct ask_try *t, uint64_t *sent)
{
	for (size_t i = 0; i < ROUNDS * WAYS; i++) {
		if (q->tries[i / WAYS][i % WAYS] != t)
			continue;
		*sent = q->sent[i / WAYS][i % WAYS];
		return &q->tries[i / WAYS][i % WAYS];
	}
	return NULL;
}

static void answer_take(struct ask_query *q, struct ask_try **slot, uint64_t sent, struct dns_message *m)
{
	bool tcp = ask_try_is_tcp(*slot), edns = ask_try_has_edns(*slot);
	struct ask_answer answer = {.result = ASK_ANSWER, .message = m, .tcp = tcp};

	q->heard_udp |= !tcp;
	q->cut_short |= m->tc && !tcp;
	answer.udp_dead = tcp && !q->heard_udp;

	ask_try_free(*slot);
	*slot = NULL;
	if (edns && rcode_blames_edns(m->rcode)) {
		q->no_edns = true;
		try_start(q, tcp ? TCP : UDP);
	} else if (m->tc && !tcp) {
		if (q->tries[q->round - 1][TCP] == NULL)
			try_start(q, TCP);
	} else {
		answer.rtt_ms = (unsigned)(loop_now(q->ask->loop) - sent);
		query_finish(q, &answer);
		dns_free(m);
		return;
	}
	dns_free(m);
	if (query_is_hopeless(q))
		query_fail(q);
}

static void try_end(struct ask_query *q, struct ask_try **slot, enum ask_try_news news)
{
	bool tcp = ask_try_is_tcp(*slot);

	ask_try_free(*slot);
	*slot = NULL;
	trouble_note(q, news, tcp);
	if (query_is_hopeless(q))
		query_fail(q);
}

static void wrong_case_take(struct ask_query *q)
{
	q->heard_udp = true;
	trouble_note(q, TRY_WRONG_CASE, false);
	if (q->plain_case)
		return;
	q->plain_case = true;
	if (q->tries[q->round - 1][TCP] == NULL)
		try_start(q, TCP);
	if (query_is_hopeless(q))
		loop_timer_set(q->timer, 0);
}

static void try_news(void *arg, struct ask_try *t, enum ask_try_news news, struct dns_message *m)
{
	struct ask_query *q = arg;
	uint64_t sent = 0;
	struct ask_try **slot = slot_find(q, t, &sent);

	assert(slot); /* a try that tells is one of ours */
	if (news == TRY_ANSWER)
		answer_take(q, slot, sent, m);
	else if (news == TRY_WRONG_CASE)
		wrong_case_take(q);
	else if (news == TRY_GARBLED && !ask_try_is_tcp(t))
		trouble_note(q, news, false);
	else
		try_end(q, slot, news);
}

static void port_default(struct sockaddr_storage *server)
{
	struct sockaddr_in *in = (struct sockaddr_in *)server;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)server;

	if (server->ss_family == AF_INET && in->sin_port == 0)
		in->sin_port = htons(DNS_PORT);
	if (server->ss_family == AF_INET6 && in6->sin6_port == 0)
		in6->sin6_port = htons(DNS_PORT);
}

static struct ask_query *query_new(struct ask *a, const struct sockaddr_storage *server, const char *qname,
                                   unsigned qtype, bool rd, ask_fn *fn, void *arg)
{
	struct ask_query *q = xcalloc(1, sizeof(*q));

	q->ask = a;
	q->server = *server;
	port_default(&q->server);
	q->qname = xstrdup(qname);
	q->qtype = qtype;
	q->rd = rd;
	q->fn = fn;
	q->arg = arg;
	q->timer = loop_timer_new(a->loop, query_timer, q);
	TAILQ_INSERT_TAIL(&a->waiting, q, entry);
	queue_pull(a);
	return q;
}

struct ask_query *ask_send(struct ask *a, const struct sockaddr_storage *server, const char *qname,
                           unsigned qtype, ask_fn *fn, void *arg)
{
	return query_new(a, server, qname, qtype, false, fn, arg);
}

struct ask_query *ask_resolver(struct ask *a, const struct sockaddr_storage *resolver, const char *qname,
                               unsigned qtype, ask_fn *fn, void *arg)
{
	return query_new(a, resolver, qname, qtype, true, fn, arg);
}
