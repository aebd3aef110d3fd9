#include "world_parts.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/dns/ask.h"

#define MOST 256

struct window {
	uint64_t from, to;
};

struct record {
	char *zone, *owner, *data;
	unsigned type;
	struct window when;
};

struct service { /* a zone at a server */
	char *zone, *server;
	uint64_t lag;
	struct window when;
	bool unrectified; /* NXDOMAIN for empty non-terminals */
	bool dname_bare;  /* no CNAME beside a DNAME */
};

struct trait {
	char *server;
	enum mood mood;
	unsigned number, type; /* type 0: whatever is asked for */
	struct window when;
};

struct count {
	char *what;
	unsigned n;
};

static struct {
	struct loop *loop;
	uint64_t start;
	struct record record[MOST * 4];
	size_t records;
	struct service service[MOST];
	size_t services;
	struct trait trait[MOST];
	size_t traits;
	struct known known[MOST];
	size_t knowns;
	struct count count[MOST];
	size_t counts;
	struct strs resolvers;
	char *zone; /* records that follow belong to it */
} world;

uint64_t duration_parse(const char *text)
{
	char *unit;
	uint64_t n = strtoull(text, &unit, 10);

	if (strcmp(unit, "ms") == 0)
		return n;
	if (strcmp(unit, "s") == 0)
		return n * 1000;
	if (strcmp(unit, "m") == 0)
		return n * 60000;
	assert(strcmp(unit, "h") == 0);
	return n * 3600000;
}

void world_open(struct loop *l)
{
	memset(&world, 0, sizeof(world));
	world.loop = l;
	world.start = loop_now(l);
}

void world_close(void)
{
	for (size_t i = 0; i < world.records; i++) {
		free(world.record[i].zone);
		free(world.record[i].owner);
		free(world.record[i].data);
	}
	for (size_t i = 0; i < world.services; i++) {
		free(world.service[i].zone);
		free(world.service[i].server);
	}
	for (size_t i = 0; i < world.traits; i++)
		free(world.trait[i].server);
	for (size_t i = 0; i < world.knowns; i++) {
		free(world.known[i].name);
		strs_free(&world.known[i].data);
	}
	for (size_t i = 0; i < world.counts; i++)
		free(world.count[i].what);
	free(world.zone);
	strs_free(&world.resolvers);
	memset(&world, 0, sizeof(world));
}

struct loop *world_loop(void)
{
	return world.loop;
}

uint64_t world_time(void)
{
	return loop_now(world.loop) - world.start;
}

static struct count *count_get(const char *what)
{
	for (size_t i = 0; i < world.counts; i++)
		if (strcmp(world.count[i].what, what) == 0)
			return &world.count[i];
	assert(world.counts < MOST);
	world.count[world.counts].what = xstrdup(what);
	return &world.count[world.counts++];
}

unsigned world_asked(const char *address)
{
	return count_get(address)->n;
}

unsigned world_looked(const char *name)
{
	char *what = xasprintf("resolver %s", name);
	unsigned n = count_get(what)->n;

	free(what);
	return n;
}

unsigned world_questions(const char *name)
{
	char *what = xasprintf("question %s", name);
	unsigned n = count_get(what)->n;

	free(what);
	return n;
}

/* ---- reading lines ---- */

static const char *word_after(const struct strs *words, const char *key)
{
	for (size_t i = 0; i + 1 < words->n; i++)
		if (strcmp(words->at[i], key) == 0)
			return words->at[i + 1];
	return NULL;
}

static struct window window_parse(const struct strs *words)
{
	const char *from = word_after(words, "from"), *to = word_after(words, "to");

	return (struct window){from != NULL ? duration_parse(from) : 0,
	                       to != NULL ? duration_parse(to) : UINT64_MAX};
}

static bool window_has(const struct window *w, uint64_t now)
{
	return now >= w->from && now < w->to;
}

static void resolver_line(const struct strs *w)
{
	struct known *k = &world.known[world.knowns++];
	const char *delay = word_after(w, "after");

	assert(world.knowns <= MOST && w->n >= 3);
	k->name = xstrdup(w->at[1]);
	k->delay = delay != NULL ? duration_parse(delay) : USUAL_MS;
	k->from = window_parse(w).from;
	k->to = window_parse(w).to;
	k->error = strcmp(w->at[2], "error") == 0;
	for (size_t i = k->error ? 3 : 2; i < w->n && strcmp(w->at[i], "after") != 0 &&
	                                  strcmp(w->at[i], "from") != 0 && strcmp(w->at[i], "to") != 0;
	     i++)
		strs_add(&k->data, w->at[i]);
}

static unsigned type_parse(const char *text)
{
	static const struct {
		const char *text;
		unsigned type;
	} types[] = {{"A", DNS_A},         {"SOA", DNS_SOA}, {"AAAA", DNS_AAAA},  {"NS", DNS_NS},
	             {"CNAME", DNS_CNAME}, {"TXT", DNS_TXT}, {"DNAME", DNS_DNAME}};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].text, text) == 0)
			return types[i].type;
	return 0;
}

static void server_line(const struct strs *w)
{
	static const char *const mood[] = {"silent", "closed", "noroute",  "garbled", "rcode",     "noaa",
	                                   "upward", "delay",  "resolver", "tcponly", "recursive", "bare"};
	struct trait *t = &world.trait[world.traits++];
	size_t i = 0;

	assert(world.traits <= MOST && w->n >= 3);
	t->server = xstrdup(w->at[1]);
	while (strcmp(w->at[2], mood[i]) != 0)
		assert(++i < sizeof(mood) / sizeof(mood[0]));
	t->mood = (enum mood)i;
	if (t->mood == MOOD_DELAY)
		t->number = (unsigned)duration_parse(w->at[3]);
	if (t->mood == MOOD_RCODE)
		while (strcmp(dns_rcode_text(t->number), w->at[3]) != 0)
			assert(++t->number < 11);
	if (word_after(w, "for") != NULL)
		t->type = type_parse(word_after(w, "for"));
	t->when = window_parse(w);
}

static void zone_line(const struct strs *w)
{
	const char *lag = word_after(w, "lag");

	free(world.zone);
	world.zone = xstrdup(w->at[1]);
	for (size_t i = 3; i < w->n && isxdigit((unsigned char)w->at[i][0]) && strpbrk(w->at[i], ".:"); i++) {
		struct service *s = &world.service[world.services++];

		assert(world.services <= MOST && strcmp(w->at[2], "on") == 0);
		*s = (struct service){.zone = xstrdup(w->at[1]), .server = xstrdup(w->at[i])};
		s->lag = lag != NULL ? duration_parse(lag) : 0;
		s->when = window_parse(w);
		s->unrectified = strs_has(w, "unrectified");
		s->dname_bare = strs_has(w, "bare-dname");
	}
}

static bool record_line(const struct strs *w)
{
	struct record *r = &world.record[world.records];

	if (world.zone == NULL || w->n < 3 || type_parse(w->at[1]) == 0)
		return false;
	assert(++world.records <= MOST * 4);
	r->zone = xstrdup(world.zone);
	r->owner = xstrdup(strcmp(w->at[0], "@") == 0 ? world.zone : w->at[0]);
	r->type = type_parse(w->at[1]);
	r->data = xstrdup(strcmp(w->at[2], ".") == 0 ? "" : w->at[2]);
	r->when = window_parse(w);
	return true;
}

bool world_line(const struct strs *w)
{
	if (strcmp(w->at[0], "resolver") == 0)
		resolver_line(w);
	else if (strcmp(w->at[0], "server") == 0)
		server_line(w);
	else if (strcmp(w->at[0], "resolvers") == 0)
		for (size_t i = 1; i < w->n; i++)
			strs_add(&world.resolvers, w->at[i]);
	else if (strcmp(w->at[0], "zone") == 0)
		zone_line(w);
	else
		return record_line(w);
	return true;
}

/* ---- answering as an authoritative server does ---- */

static const struct service *service_find(const char *server, const char *qname)
{
	const struct service *best = NULL;

	for (size_t i = 0; i < world.services; i++) {
		const struct service *s = &world.service[i];

		if (strcmp(s->server, server) == 0 && name_is_below(qname, s->zone) &&
		    window_has(&s->when, world_time()) &&
		    (best == NULL || strlen(s->zone) > strlen(best->zone)))
			best = s;
	}
	return best;
}

static const struct record *record_next(const struct service *s, size_t *at, const char *owner, unsigned type)
{
	uint64_t now = world_time() >= s->lag ? world_time() - s->lag : 0;

	for (; *at < world.records; ++*at) {
		const struct record *r = &world.record[*at];

		if (strcmp(r->zone, s->zone) == 0 && strcmp(r->owner, owner) == 0 &&
		    (type == 0 || r->type == type) && window_has(&r->when, now) &&
		    (s->lag == 0 || world_time() >= s->lag || r->when.from == 0)) {
			++*at;
			return r;
		}
	}
	return NULL;
}

static bool record_exists(const struct service *s, const char *owner, unsigned type)
{
	size_t at = 0;

	return record_next(s, &at, owner, type) != NULL;
}

static bool name_has_children(const struct service *s, const char *name)
{
	for (size_t i = 0; i < world.records; i++)
		if (strcmp(world.record[i].zone, s->zone) == 0 && strcmp(world.record[i].owner, name) != 0 &&
		    name_is_below(world.record[i].owner, name))
			return true;
	return false;
}

static void rr_add(struct dns_section *to, const char *owner, unsigned type, const char *data)
{
	struct dns_rr *rr;

	to->at = xgrow(to->at, to->n, sizeof(*to->at));
	rr = &to->at[to->n++];
	*rr = (struct dns_rr){.owner = xstrdup(owner), .type = type, .ttl = 60};
	if (type == DNS_TXT) {
		rr->text = xstrdup(data);
		rr->text_len = strlen(data);
	} else if (type == DNS_A) {
		rr->address.ss_family = AF_INET;
		inet_pton(AF_INET, data, &((struct sockaddr_in *)&rr->address)->sin_addr);
	} else if (type == DNS_AAAA) {
		rr->address.ss_family = AF_INET6;
		inet_pton(AF_INET6, data, &((struct sockaddr_in6 *)&rr->address)->sin6_addr);
	} else {
		rr->target = xstrdup(data);
	}
}

/* Its serial counts the seconds; that of a server that lags is behind. */
static void soa_add(struct dns_section *to, const struct service *s)
{
	uint64_t now = world_time();

	rr_add(to, s->zone, DNS_SOA, "primary");
	to->at[to->n - 1].serial = (uint32_t)((now > s->lag ? now - s->lag : 0) / 1000);
}

static size_t records_put(const struct service *s, struct dns_section *to, const char *as, const char *owner,
                          unsigned type)
{
	const struct record *r;
	size_t at = 0, n = to->n;

	while ((r = record_next(s, &at, owner, type)) != NULL)
		rr_add(to, as, r->type, r->data);
	return to->n - n;
}

static void referral_put(const struct service *s, struct dns_message *m, const char *cut)
{
	m->aa = false;
	records_put(s, &m->authority, cut, cut, DNS_NS);
	for (size_t i = 0; i < m->authority.n; i++) {
		const char *ns = m->authority.at[i].target;

		records_put(s, &m->additional, ns, ns, DNS_A);
		records_put(s, &m->additional, ns, ns, DNS_AAAA);
	}
}

static void dname_put(const struct service *s, struct dns_message *m, const char *owner)
{
	size_t at = 0, n = strlen(m->qname) - strlen(owner);
	char *target = xasprintf("%.*s%s", (int)n, m->qname, record_next(s, &at, owner, DNS_DNAME)->data);

	records_put(s, &m->answer, owner, owner, DNS_DNAME);
	if (strlen(target) > 253)
		m->rcode = DNS_YXDOMAIN;
	else if (!s->dname_bare)
		rr_add(&m->answer, m->qname, DNS_CNAME, target);
	free(target);
}

/* The name whose records answer: itself, or the wildcard of its closest encloser. New or NULL. */
static char *source_find(const struct service *s, const char *qname)
{
	const char *at = qname;
	char *star;

	if (record_exists(s, qname, 0) || name_has_children(s, qname))
		return xstrdup(qname);
	do
		at = name_parent(at);
	while (strcmp(at, s->zone) != 0 && !record_exists(s, at, 0) && !name_has_children(s, at));
	star = xasprintf("*.%s", at);
	if (record_exists(s, star, 0))
		return star;
	free(star);
	return NULL;
}

static void zone_answer(const struct service *s, struct dns_message *m)
{
	const char *cut = NULL, *dname = NULL;
	char *source;
	bool apex = strcmp(m->qname, s->zone) == 0;

	m->aa = true;
	for (const char *at = m->qname; strcmp(at, s->zone) != 0; at = name_parent(at)) {
		if (record_exists(s, at, DNS_NS))
			cut = at;
		if (at != m->qname && record_exists(s, at, DNS_DNAME))
			dname = at;
	}
	if (!apex && record_exists(s, s->zone, DNS_DNAME))
		dname = s->zone;
	if (cut != NULL) {
		referral_put(s, m, cut);
		return;
	}
	if (dname != NULL) {
		dname_put(s, m, dname);
		return;
	}
	source = apex ? xstrdup(m->qname) : source_find(s, m->qname);
	if (source == NULL || (s->unrectified && !apex && !record_exists(s, source, 0)))
		m->rcode = DNS_NXDOMAIN;
	if (apex && m->qtype == DNS_SOA)
		soa_add(&m->answer, s);
	else if (source == NULL || (records_put(s, &m->answer, m->qname, source, DNS_CNAME) == 0 &&
	                            records_put(s, &m->answer, m->qname, source, m->qtype) == 0))
		soa_add(&m->authority, s);
	free(source);
}

/* ---- answering as a resolver does ---- */

/* The deepest zone that is delegated to, wherever it is served. */
static const struct service *service_resolve(const char *qname)
{
	const struct service *best = NULL;

	for (size_t i = 0; i < world.services; i++) {
		const struct service *s = &world.service[i];

		if (name_is_below(qname, s->zone) && (best == NULL || strlen(s->zone) > strlen(best->zone)))
			best = s;
	}
	return best;
}

static void resolver_answer(struct dns_message *m)
{
	const struct service *s = service_resolve(m->qname);

	if (s == NULL) {
		m->rcode = DNS_NXDOMAIN;
		rr_add(&m->authority, "", DNS_SOA, "a.root");
		return;
	}
	zone_answer(s, m);
	m->aa = false;
}

static const struct trait *trait_find(const char *server, unsigned qtype, bool delay)
{
	for (size_t i = 0; i < world.traits; i++)
		if (strcmp(world.trait[i].server, server) == 0 &&
		    window_has(&world.trait[i].when, world_time()) &&
		    (world.trait[i].type == 0 || world.trait[i].type == qtype) &&
		    (world.trait[i].mood == MOOD_DELAY) == delay)
			return &world.trait[i];
	return NULL;
}

enum mood world_mood(const char *server, unsigned qtype)
{
	const struct trait *t = trait_find(server, qtype, false);

	return t != NULL ? t->mood : MOOD_USUAL;
}

unsigned world_delay(const char *server)
{
	const struct trait *t = trait_find(server, 0, true);

	return t != NULL ? t->number : USUAL_MS;
}

const struct known *world_known(const char *name)
{
	for (size_t i = 0; i < world.knowns; i++)
		if (strcmp(world.known[i].name, name) == 0 && world_time() >= world.known[i].from &&
		    world_time() < world.known[i].to)
			return &world.known[i];
	return NULL;
}

void world_count(const char *what)
{
	count_get(what)->n++;
}

static void section_clear(struct dns_section *s)
{
	for (size_t i = 0; i < s->n; i++)
		free_all(s->at[i].owner, s->at[i].target, s->at[i].text);
	free(s->at);
	*s = (struct dns_section){0};
}

static bool trait_recurses(const struct trait *t)
{
	return t != NULL && (t->mood == MOOD_RECURSIVE || t->mood == MOOD_BARE);
}

size_t world_resolvers(const char *const **address)
{
	*address = (const char *const *)world.resolvers.at;
	return world.resolvers.n;
}

struct dns_message *world_message(const char *server, const char *qname, unsigned qtype, bool rd)
{
	const struct trait *t = trait_find(server, qtype, false);
	struct dns_message *m = xcalloc(1, sizeof(*m));
	const struct service *s = service_find(server, qname);

	m->qr = true;
	m->qname = xstrdup(qname);
	m->qtype = qtype;
	m->rcode = t != NULL && t->mood == MOOD_RCODE ? t->number : DNS_NOERROR;
	if (t != NULL && t->mood == MOOD_UPWARD)
		rr_add(&m->authority, "", DNS_NS, "a.root");
	else if (trait_recurses(t) && rd)
		resolver_answer(m);
	else if (s == NULL && m->rcode == DNS_NOERROR)
		m->rcode = DNS_REFUSED;
	else if (m->rcode == DNS_NOERROR)
		zone_answer(s, m);
	if (t != NULL && (t->mood == MOOD_NOAA || t->mood == MOOD_RESOLVER))
		m->aa = false;
	if (t != NULL && t->mood == MOOD_BARE)
		section_clear(&m->authority);
	m->ra = t != NULL && (t->mood == MOOD_RESOLVER || trait_recurses(t));
	return m;
}
