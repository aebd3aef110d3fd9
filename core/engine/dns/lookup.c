#include "config.h"

#define CARES_NO_DEPRECATED
#include <ares.h>
#include <ctype.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>

#include "common/log.h"
#include "common/mem.h"
#include "common/address.h"
#include "engine/dns/message.h"
#include "engine/dns/lookup.h"

enum {
	IN_FLIGHT_MOST = 200,
	TRY_MS = 1500,
	TRIES = 3,
	OTHER_FAMILY_MS = 2000, /* how long the second family may keep the first waiting */
	LINKS_MOST = 16,
	FOUND_MOST = 256, /* more than a zone's servers may have */
};

struct watch {
	struct lookup *lookup;
	struct watch *next;
	struct loop_fd *fd;
	ares_socket_t number;
};

/* What c-ares has in its hands: it outlives a query that is cancelled. */
struct question {
	struct lookup *lookup;
	struct lookup_query *query;
	struct question *next; /* in the line of those that wait */
	unsigned type;
	char *name;
};

struct lookup_query {
	struct lookup *lookup;
	struct lookup_query *prev, *next;
	char *name;
	lookup_addresses_fn *addresses_fn;
	lookup_servers_fn *servers_fn;
	void *arg;
	struct question *question[2];
	size_t open;
	struct lookup_addresses found;
	struct strs servers;
	const char *error;
	struct loop_timer *timer; /* delivers; before that, limits the wait for the other family */
	bool done;
};

struct lookup {
	struct loop *loop;
	ares_channel channel;
	struct loop_timer *timer;
	struct watch *watches;
	struct lookup_query *first;
	struct question *waiting, **waiting_end;
	size_t in_flight;
	bool closing;
};

static void questions_start(struct lookup *k);

static void timer_arm(struct lookup *k)
{
	struct timeval room, *left = ares_timeout(k->channel, NULL, &room);

	if (k->in_flight == 0 || !left)
		loop_timer_stop(k->timer);
	else
		loop_timer_set(k->timer, (uint64_t)left->tv_sec * 1000 + (uint64_t)left->tv_usec / 1000 + 1);
}

static void on_timer(void *arg)
{
	struct lookup *k = arg;

	ares_process_fd(k->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	questions_start(k);
	timer_arm(k);
}

static void on_ready(void *arg, int ready)
{
	struct watch *w = arg;
	struct lookup *k = w->lookup;
	ares_socket_t fd = w->number;

	ares_process_fd(k->channel, ready & LOOP_READ ? fd : ARES_SOCKET_BAD,
	                ready & LOOP_WRITE ? fd : ARES_SOCKET_BAD);
	questions_start(k);
	timer_arm(k);
}

static void watch_free(struct watch **at)
{
	struct watch *w = *at;

	*at = w->next;
	loop_fd_free(w->fd);
	free(w);
}

static void on_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct lookup *k = arg;
	struct watch **at = &k->watches, *w;

	while (*at && (*at)->number != fd)
		at = &(*at)->next;
	if (!readable && !writable) {
		if (*at)
			watch_free(at);
		return;
	}
	if (!*at) {
		w = xcalloc(1, sizeof(*w));
		w->lookup = k;
		w->number = fd;
		w->fd = loop_fd_new(k->loop, fd, on_ready, w);
		*at = w;
	}
	loop_fd_want((*at)->fd, (readable ? LOOP_READ : 0) | (writable ? LOOP_WRITE : 0));
}

static void question_free(struct question *q)
{
	free(q->name);
	free(q);
}

static void query_free(struct lookup_query *q)
{
	*(q->prev ? &q->prev->next : &q->lookup->first) = q->next;
	if (q->next)
		q->next->prev = q->prev;
	for (size_t i = 0; i < 2; i++)
		if (q->question[i])
			q->question[i]->query = NULL;
	loop_timer_free(q->timer);
	free(q->found.at);
	strs_free(&q->servers);
	free(q->name);
	free(q);
}

void lookup_cancel(struct lookup_query *q)
{
	query_free(q);
}

static void on_query_timer(void *arg)
{
	struct lookup_query *q = arg;
	struct lookup_addresses found = q->found;
	struct strs servers = q->servers;
	lookup_addresses_fn *addresses_fn = q->addresses_fn;
	lookup_servers_fn *servers_fn = q->servers_fn;
	const char *error = found.n > 0 || servers.n > 0 ? NULL : q->error ? q->error : "no such record";
	void *fn_arg = q->arg;

	memset(&q->found, 0, sizeof(q->found));
	memset(&q->servers, 0, sizeof(q->servers));
	query_free(q);
	if (addresses_fn)
		addresses_fn(fn_arg, &found, error);
	else
		servers_fn(fn_arg, &servers, error);
	free(found.at);
	strs_free(&servers);
}

static void address_add(struct lookup_query *q, const struct sockaddr_storage *address)
{
	struct lookup_addresses *f = &q->found;

	if (f->n >= FOUND_MOST)
		return;
	f->at = xgrow(f->at, f->n, sizeof(*f->at));
	f->at[f->n++] = *address;
}

/* The name at the end of the answer's CNAMEs, borrowed; NULL when they go round. */
static const char *canonical(const struct dns_message *m, const char *name)
{
	for (size_t links = 0; links <= LINKS_MOST; links++) {
		const char *target = NULL;

		for (size_t i = 0; i < m->answer.n && !target; i++)
			if (m->answer.at[i].type == DNS_CNAME && strcmp(m->answer.at[i].owner, name) == 0)
				target = m->answer.at[i].target;
		if (!target)
			return name;
		name = target;
	}
	return NULL;
}

static void answer_read(struct lookup_query *q, unsigned type, const struct dns_message *m)
{
	const char *owner = canonical(m, q->name);

	if (!owner)
		q->error = "its CNAMEs go round";
	for (size_t i = 0; owner && i < m->answer.n; i++) {
		const struct dns_rr *rr = &m->answer.at[i];

		if (rr->type != type || strcmp(rr->owner, owner) != 0)
			continue;
		if (type == DNS_NS && q->servers.n < FOUND_MOST)
			strs_add(&q->servers, rr->target);
		else if (type != DNS_NS)
			address_add(q, &rr->address);
	}
}

static const char *status_words(int status)
{
	switch (status) {
	case ARES_SUCCESS:
	case ARES_ENODATA:
		return "no such record";
	case ARES_ENOTFOUND:
		return "no such name (NXDOMAIN)";
	case ARES_ESERVFAIL:
		return "the resolver failed (SERVFAIL)";
	case ARES_EREFUSED:
		return "the resolver refused to answer";
	case ARES_ECONNREFUSED:
		return "no resolver gave a useful answer (SERVFAIL, REFUSED, NOTIMP, or none listens)";
	case ARES_ETIMEOUT:
		return "no resolver answered";
	default:
		return ares_strerror(status);
	}
}

static void query_answered(struct lookup_query *q, unsigned type, int status, const uint8_t *packet, int n)
{
	struct dns_message *m = status == ARES_SUCCESS && n > 0 ? dns_parse(packet, (size_t)n) : NULL;

	if (m)
		answer_read(q, type, m);
	else if (status == ARES_SUCCESS)
		q->error = "the resolver's answer is malformed";
	else if (!q->error || status != ARES_ENODATA)
		q->error = status_words(status);
	dns_free(m);
	q->open--;
	if (q->open == 0) {
		q->done = true;
		loop_timer_set(q->timer, 0);
	} else if (q->found.n > 0 && !q->done) {
		loop_timer_set(q->timer, OTHER_FAMILY_MS);
	}
}

static void on_answer(void *arg, int status, int timeouts, unsigned char *packet, int n)
{
	struct question *question = arg;
	struct lookup_query *q = question->query;
	struct lookup *k = question->lookup;

	k->in_flight--;
	if (q) {
		q->question[q->question[0] == question ? 0 : 1] = NULL;
		if (!k->closing)
			query_answered(q, question->type, status, packet, n);
	}
	question_free(question);
}

static void questions_start(struct lookup *k)
{
	while (k->waiting && k->in_flight < IN_FLIGHT_MOST) {
		struct question *question = k->waiting;

		k->waiting = question->next;
		if (!k->waiting)
			k->waiting_end = &k->waiting;
		if (!question->query) {
			question_free(question);
			continue;
		}
		k->in_flight++;
		ares_query(k->channel, *question->name ? question->name : ".", 1, (int)question->type,
		           on_answer, question);
	}
}

static void question_ask(struct lookup_query *q, unsigned type)
{
	struct lookup *k = q->lookup;
	struct question *question = xcalloc(1, sizeof(*question));

	question->lookup = k;
	question->query = q;
	question->type = type;
	question->name = xstrdup(q->name);
	q->question[q->open++] = question;
	*k->waiting_end = question;
	k->waiting_end = &question->next;
}

static struct lookup_query *query_new(struct lookup *k, const char *name, void *arg)
{
	struct lookup_query *q = xcalloc(1, sizeof(*q));

	q->lookup = k;
	q->name = xstrdup(name);
	for (char *c = q->name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	q->arg = arg;
	q->timer = loop_timer_new(k->loop, on_query_timer, q);
	q->next = k->first;
	if (k->first)
		k->first->prev = q;
	k->first = q;
	return q;
}

static void hosts_file_read(struct lookup_query *q, int family)
{
	struct hostent *entry = NULL;

	if (ares_gethostbyname_file(q->lookup->channel, q->name, family, &entry) != ARES_SUCCESS || !entry)
		return;
	for (char **at = entry->h_addr_list; *at; at++) {
		struct sockaddr_storage address = {0};

		address.ss_family = (sa_family_t)family;
		if (family == AF_INET)
			memcpy(&((struct sockaddr_in *)&address)->sin_addr, *at, 4);
		else
			memcpy(&((struct sockaddr_in6 *)&address)->sin6_addr, *at, 16);
		address_add(q, &address);
	}
	ares_free_hostent(entry);
}

/* Address literals, the hosts file, and localhost (RFC 6761 section 6.3) need no question. */
static bool known_locally(struct lookup_query *q)
{
	struct sockaddr_storage address;

	if (address_parse(q->name, &address)) {
		address_add(q, &address);
		return true;
	}
	hosts_file_read(q, AF_INET6);
	hosts_file_read(q, AF_INET);
	if (q->found.n == 0 && (strcmp(q->name, "localhost") == 0 || str_ends(q->name, ".localhost"))) {
		address_parse("::1", &address);
		address_add(q, &address);
		address_parse("127.0.0.1", &address);
		address_add(q, &address);
	}
	return q->found.n > 0;
}

struct lookup_query *lookup_addresses(struct lookup *k, const char *host, lookup_addresses_fn *fn, void *arg)
{
	struct lookup_query *q = query_new(k, host, arg);

	q->addresses_fn = fn;
	if (!*host) {
		q->error = "an empty name";
		loop_timer_set(q->timer, 0);
	} else if (known_locally(q)) {
		loop_timer_set(q->timer, 0);
	} else {
		question_ask(q, DNS_AAAA);
		question_ask(q, DNS_A);
		questions_start(k);
		timer_arm(k);
	}
	return q;
}

struct lookup_query *lookup_servers(struct lookup *k, const char *zone, lookup_servers_fn *fn, void *arg)
{
	struct lookup_query *q = query_new(k, zone, arg);

	q->servers_fn = fn;
	question_ask(q, DNS_NS);
	questions_start(k);
	timer_arm(k);
	return q;
}

static bool resolvers_set(struct lookup *k, const struct strs *resolvers, struct err *e)
{
	struct strs list = {0};
	char *csv;
	int status;

	for (size_t i = 0; i < resolvers->n; i++) {
		struct sockaddr_storage address;
		char text[ADDRESS_TEXT], *entry;

		if (!address_parse_port(resolvers->at[i], 53, &address)) {
			strs_free(&list);
			return err_set(e, "resolver '%s' is not ADDR, ADDR:PORT or [ADDR6]:PORT",
			               resolvers->at[i]);
		}
		address_text(&address, text);
		entry = xasprintf("%s:%u", text, ntohs(((struct sockaddr_in *)&address)->sin_port));
		strs_add(&list, entry);
		free(entry);
	}
	csv = strs_join(&list, ",");
	status = ares_set_servers_ports_csv(k->channel, csv);
	free(csv);
	strs_free(&list);
	return status == ARES_SUCCESS || err_set(e, "resolvers: %s", ares_strerror(status));
}

struct lookup *lookup_new(struct loop *l, const struct strs *resolvers, struct err *e)
{
	struct lookup *k = xcalloc(1, sizeof(*k));
	struct ares_options options = {0};
	int status;

	k->loop = l;
	k->waiting_end = &k->waiting;
	options.timeout = TRY_MS;
	options.tries = TRIES;
	options.sock_state_cb = on_socket;
	options.sock_state_cb_data = k;
	status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status == ARES_SUCCESS)
		status = ares_init_options(&k->channel, &options,
		                           ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
	if (status != ARES_SUCCESS)
		log_fatal(70, "c-ares cannot start: %s", ares_strerror(status));
	k->timer = loop_timer_new(l, on_timer, k);
	if (resolvers && resolvers->n > 0 && !resolvers_set(k, resolvers, e)) {
		lookup_free(k);
		return NULL;
	}
	return k;
}

void lookup_free(struct lookup *k)
{
	struct question *question;

	if (!k)
		return;
	k->closing = true;
	ares_destroy(k->channel);
	while ((question = k->waiting) != NULL) {
		k->waiting = question->next;
		if (question->query)
			question->query->question[question->query->question[0] == question ? 0 : 1] = NULL;
		question_free(question);
	}
	while (k->first)
		query_free(k->first);
	while (k->watches)
		watch_free(&k->watches);
	loop_timer_free(k->timer);
	free(k);
	ares_library_cleanup();
}

size_t lookup_resolvers(const struct lookup *k, struct sockaddr_storage **at)
{
	struct ares_addr_port_node *list = NULL;
	size_t n = 0;

	*at = NULL;
	if (ares_get_servers_ports(k->channel, &list) != ARES_SUCCESS)
		return 0;
	for (const struct ares_addr_port_node *a = list; a; a = a->next) {
		struct sockaddr_storage address = {.ss_family = (sa_family_t)a->family};

		if (a->family == AF_INET) {
			((struct sockaddr_in *)&address)->sin_addr = a->addr.addr4;
			((struct sockaddr_in *)&address)->sin_port = htons((uint16_t)a->udp_port);
		} else {
			memcpy(&((struct sockaddr_in6 *)&address)->sin6_addr, &a->addr.addr6, 16);
			((struct sockaddr_in6 *)&address)->sin6_port = htons((uint16_t)a->udp_port);
		}
		*at = xgrow(*at, n, sizeof(**at));
		(*at)[n++] = address;
	}
	ares_free_data(list);
	return n;
}
