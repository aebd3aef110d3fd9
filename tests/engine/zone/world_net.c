#include "world_parts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "common/mem.h"
#include "engine/dns/lookup.h"

#define SILENT_MS    5000
#define CLOSED_MS    1000
#define TCP_AFTER_MS 1000

struct ask {
	struct loop *loop;
};

struct ask_query {
	struct loop_timer *timer;
	char server[64];
	char *qname;
	unsigned qtype, ms;
	bool rd;
	ask_fn *fn;
	void *arg;
};

struct ask *ask_new(struct loop *l)
{
	struct ask *a = xcalloc(1, sizeof(*a));

	a->loop = l;
	return a;
}

void ask_free(struct ask *a)
{
	free(a);
}

void ask_cancel(struct ask_query *q)
{
	loop_timer_free(q->timer);
	free(q->qname);
	free(q);
}

static void world_count_question(const char *qname)
{
	char *what = xasprintf("question %s", qname);

	world_count(what);
	free(what);
}

static enum ask_result result_of(enum mood mood)
{
	switch (mood) {
	case MOOD_SILENT:
		return ASK_SILENT;
	case MOOD_CLOSED:
		return ASK_CLOSED;
	case MOOD_NOROUTE:
		return ASK_NO_ROUTE;
	case MOOD_GARBLED:
		return ASK_GARBLED;
	default:
		return ASK_ANSWER;
	}
}

static void ask_due(void *arg)
{
	struct ask_query *q = arg;
	enum mood mood = world_mood(q->server, q->qtype);
	struct ask_answer answer = {.result = result_of(mood), .rtt_ms = q->ms};
	struct dns_message *m = NULL;
	ask_fn *fn = q->fn;
	void *fn_arg = q->arg;

	if (answer.result == ASK_ANSWER)
		m = world_message(q->server, q->qname, q->qtype, q->rd);
	answer.message = m;
	answer.tcp = answer.udp_dead = mood == MOOD_TCPONLY;
	ask_cancel(q);
	fn(fn_arg, &answer);
	dns_free(m);
}

static unsigned ms_of(const char *server, unsigned qtype)
{
	enum mood mood = world_mood(server, qtype);

	switch (result_of(mood)) {
	case ASK_ANSWER:
		return world_delay(server) + (mood == MOOD_TCPONLY ? TCP_AFTER_MS : 0);
	case ASK_CLOSED:
		return CLOSED_MS;
	case ASK_NO_ROUTE:
		return 0;
	case ASK_SILENT:
	case ASK_GARBLED:
		break;
	}
	return SILENT_MS;
}

struct ask_query *ask_send(struct ask *a, const struct sockaddr_storage *server, const char *qname,
                           unsigned qtype, ask_fn *fn, void *arg)
{
	struct ask_query *q = xcalloc(1, sizeof(*q));

	ask_server_text(server, q->server);
	world_count(q->server);
	world_count_question(qname);
	q->qname = xstrdup(qname);
	q->qtype = qtype;
	q->fn = fn;
	q->arg = arg;
	q->ms = ms_of(q->server, qtype);
	q->timer = loop_timer_new(a->loop, ask_due, q);
	loop_timer_set(q->timer, q->ms);
	return q;
}

struct ask_query *ask_resolver(struct ask *a, const struct sockaddr_storage *resolver, const char *qname,
                               unsigned qtype, ask_fn *fn, void *arg)
{
	struct ask_query *q = ask_send(a, resolver, qname, qtype, fn, arg);

	q->rd = true;
	return q;
}

size_t lookup_resolvers(const struct lookup *k, struct sockaddr_storage **at)
{
	const char *const *address;
	size_t n = world_resolvers(&address);

	*at = xcalloc(n + 1, sizeof(**at));
	for (size_t i = 0; i < n; i++) {
		(*at)[i].ss_family = AF_INET;
		inet_pton(AF_INET, address[i], &((struct sockaddr_in *)&(*at)[i])->sin_addr);
	}
	return n;
}

struct lookup_query {
	struct loop_timer *timer;
	const struct known *known;
	lookup_addresses_fn *addresses;
	lookup_servers_fn *servers;
	void *arg;
};

void lookup_cancel(struct lookup_query *q)
{
	loop_timer_free(q->timer);
	free(q);
}

static void addresses_tell(const struct known *k, lookup_addresses_fn *fn, void *arg)
{
	struct sockaddr_storage at[128] = {0};
	struct lookup_addresses found = {at, 0};

	if (k == NULL || k->error) {
		fn(arg, &found, k == NULL ? "no such name" : k->data.at[0]);
		return;
	}
	for (; found.n < k->data.n; found.n++) {
		struct sockaddr_in *in = (struct sockaddr_in *)&at[found.n];
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&at[found.n];

		if (inet_pton(AF_INET, k->data.at[found.n], &in->sin_addr) == 1)
			in->sin_family = AF_INET;
		else if (inet_pton(AF_INET6, k->data.at[found.n], &in6->sin6_addr) == 1)
			in6->sin6_family = AF_INET6;
	}
	fn(arg, &found, NULL);
}

static void lookup_due(void *arg)
{
	struct lookup_query q = *(struct lookup_query *)arg;
	struct strs none = {0};

	lookup_cancel(arg);
	if (q.addresses != NULL)
		addresses_tell(q.known, q.addresses, q.arg);
	else if (q.known == NULL || q.known->error)
		q.servers(q.arg, &none, q.known == NULL ? "no such name" : q.known->data.at[0]);
	else
		q.servers(q.arg, &q.known->data, NULL);
}

static struct lookup_query *lookup_start(const char *name)
{
	struct lookup_query *q = xcalloc(1, sizeof(*q));
	char *what = xasprintf("resolver %s", name);

	world_count(what);
	free(what);
	q->known = world_known(name);
	q->timer = loop_timer_new(world_loop(), lookup_due, q);
	loop_timer_set(q->timer, q->known != NULL ? q->known->delay : USUAL_MS);
	return q;
}

struct lookup_query *lookup_addresses(struct lookup *k, const char *host, lookup_addresses_fn *fn, void *arg)
{
	struct lookup_query *q = lookup_start(host);

	q->addresses = fn;
	q->arg = arg;
	return q;
}

struct lookup_query *lookup_servers(struct lookup *k, const char *zone, lookup_servers_fn *fn, void *arg)
{
	struct lookup_query *q = lookup_start(zone);

	q->servers = fn;
	q->arg = arg;
	return q;
}
