#include "engine/zone/cut.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/address.h"
#include "common/mem.h"
#include "engine/dns/lookup.h"
#include "engine/zone/name_server.h"
#include "engine/zone/root_hints.h"
#include "engine/zone/result.h"

#define BUCKETS     256
#define OWN_BUDGET  16
#define PATIENCE_MS 500 /* for the resolver's addresses of servers that have glue */
#define ERROR_LASTS 5000

enum own_state { OWN_UNASKED, OWN_ASKING, OWN_KNOWN, OWN_UNKNOWN };

struct server {
	char *name;
	bool parent, child;
	struct zone_addresses given; /* glue, or by --name-servers */
	struct zone_host *host;      /* NULL for given ones */
};

struct zone_cut {
	SLIST_ENTRY(zone_cut) next;
	struct zone_cuts *cuts;
	char *zone;
	bool fixed, patience_over;
	bool cut_short; /* more servers than are asked */
	struct lookup_query *looking;
	char *error;
	uint64_t error_at;
	struct server *server;
	size_t servers;
	enum own_state own;
	unsigned own_budget;
	struct zone_race *race;
	struct loop_timer *patience;
	struct zone_addresses avoided;
	LIST_HEAD(, zone_wait) waiters;
};

SLIST_HEAD(bucket, zone_cut);

struct zone_cuts {
	struct zone_net *net;
	struct zone_hosts *hosts;
	struct bucket bucket[BUCKETS];
};

struct zone_cuts *zone_cuts_new(struct zone_net *net)
{
	struct zone_cuts *c = xcalloc(1, sizeof(*c));

	c->net = net;
	c->hosts = zone_hosts_new(net);
	return c;
}

static void cut_free(struct zone_cut *cut)
{
	if (cut->looking != NULL)
		lookup_cancel(cut->looking);
	zone_race_free(cut->race);
	loop_timer_free(cut->patience);
	for (size_t i = 0; i < cut->servers; i++) {
		free(cut->server[i].name);
		free(cut->server[i].given.at);
	}
	free(cut->server);
	free(cut->avoided.at);
	free(cut->error);
	free(cut->zone);
	free(cut);
}

void zone_cuts_free(struct zone_cuts *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		struct zone_cut *cut;

		while ((cut = SLIST_FIRST(&c->bucket[i])) != NULL) {
			SLIST_REMOVE_HEAD(&c->bucket[i], next);
			cut_free(cut);
		}
	}
	zone_hosts_free(c->hosts);
	free(c);
}

static void waiters_kick(struct zone_cut *cut)
{
	struct zone_wait *w;

	LIST_FOREACH(w, &cut->waiters, entry)
	loop_timer_set(w->kick, 0);
}

static void cut_patience_over(void *arg)
{
	struct zone_cut *cut = arg;

	cut->patience_over = true;
	waiters_kick(cut);
}

static struct zone_cut *cut_new(struct zone_cuts *c, const char *zone)
{
	struct zone_cut *cut = xcalloc(1, sizeof(*cut));

	cut->cuts = c;
	cut->zone = xstrdup(zone);
	cut->own_budget = OWN_BUDGET;
	cut->patience = loop_timer_new(c->net->loop, cut_patience_over, cut);
	LIST_INIT(&cut->waiters);
	SLIST_INSERT_HEAD(&c->bucket[zone_hash(zone, BUCKETS)], cut, next);
	return cut;
}

static struct zone_cut *cut_exact(struct zone_cuts *c, const char *zone)
{
	struct zone_cut *cut;

	SLIST_FOREACH(cut, &c->bucket[zone_hash(zone, BUCKETS)], next)
	if (strcmp(cut->zone, zone) == 0)
		return cut;
	return NULL;
}

static void cut_news(void *arg);

static struct server *server_get(struct zone_cut *cut, const char *name)
{
	struct server *s;

	for (size_t i = 0; i < cut->servers; i++)
		if (strcmp(cut->server[i].name, name) == 0)
			return &cut->server[i];
	cut->server = xgrow(cut->server, cut->servers, sizeof(*cut->server));
	s = &cut->server[cut->servers++];
	*s = (struct server){.name = xstrdup(name)};
	return s;
}

/* An NS record that holds an address as text names a host of that name, which does not exist. */
static bool name_is_address(const char *name)
{
	struct sockaddr_storage address;

	return address_parse(name, &address);
}

static void delegation_take(struct zone_cut *cut, const struct zone_delegation *d, bool child)
{
	cut->cut_short |= d->cut_short;
	for (size_t i = 0; i < d->names.n; i++) {
		struct server *s = server_get(cut, d->names.at[i]);

		s->child |= child;
		s->parent |= !child;
		for (size_t g = 0; g < d->glues; g++)
			if (strcmp(d->glue[g].name, s->name) == 0)
				zone_address_add(&s->given, &d->glue[g].address);
		if (s->host == NULL && !name_is_address(s->name))
			s->host = zone_hosts_get(cut->cuts->hosts, s->name, cut_news, cut);
	}
}

static void tld_found(void *arg, const struct strs *names, const char *error)
{
	struct zone_cut *cut = arg;
	struct zone_delegation d = {0};

	cut->looking = NULL;
	cut->error_at = loop_now(cut->cuts->net->loop);
	if (names->n == 0) {
		cut->error = xasprintf("the resolver gives no name servers for '%s': %s", cut->zone,
		                       error != NULL ? error : "no NS record");
	} else {
		d.names = *names;
		delegation_take(cut, &d, false);
	}
	cut_news(cut);
}

static void tld_look(struct zone_cut *cut)
{
	free(cut->error);
	cut->error = NULL;
	cut->looking = lookup_servers(cut->cuts->net->lookup, cut->zone, tld_found, cut);
}

/* What could not be found a while ago is looked for again. */
static void cut_refresh(struct zone_cut *cut)
{
	bool old = loop_now(cut->cuts->net->loop) - cut->error_at >= ERROR_LASTS;

	if (cut->error != NULL && old)
		tld_look(cut);
	for (size_t i = 0; i < cut->servers; i++) {
		struct server *s = &cut->server[i];

		if (s->host != NULL && s->host->error != NULL)
			zone_hosts_get(cut->cuts->hosts, s->name, cut_news, cut);
	}
	if (cut->own == OWN_UNKNOWN && old) {
		cut->own = OWN_UNASKED;
		cut->own_budget = OWN_BUDGET;
		cut->patience_over = false;
	}
}

struct zone_cut *zone_cuts_find(struct zone_cuts *c, const char *name)
{
	struct zone_cut *cut;
	const char *tld = name;

	for (const char *at = name; at != NULL; at = name_parent(at)) {
		cut = cut_exact(c, at);
		if (cut != NULL) {
			cut_refresh(cut);
			return cut;
		}
		if (*at != '\0')
			tld = at;
	}
	cut = cut_new(c, tld);
	tld_look(cut);
	return cut;
}

const char *zone_cuts_fixed(struct zone_cuts *c, const char *name)
{
	for (const char *at = name; at != NULL; at = name_parent(at)) {
		const struct zone_cut *cut = cut_exact(c, at);

		if (cut != NULL && cut->fixed)
			return cut->zone;
	}
	return NULL;
}

static void hints_take(struct zone_cut *cut)
{
	for (size_t i = 0; i < root_hints_n; i++) {
		struct server *s = server_get(cut, root_hints[i].name);
		struct sockaddr_storage address;

		s->parent = true;
		if (address_parse(root_hints[i].v4, &address))
			zone_address_add(&s->given, &address);
		if (address_parse(root_hints[i].v6, &address))
			zone_address_add(&s->given, &address);
	}
}

static void root_found(void *arg, const struct strs *names, const char *error)
{
	struct zone_cut *cut = arg;
	const struct zone_delegation d = {.names = *names};

	cut->looking = NULL;
	if (names->n > 0)
		delegation_take(cut, &d, false);
	else
		hints_take(cut);
	cut_news(cut);
}

struct zone_cut *zone_cuts_root(struct zone_cuts *c)
{
	struct zone_cut *cut = cut_exact(c, "");

	if (cut != NULL)
		return cut;
	cut = cut_new(c, "");
	cut->looking = lookup_servers(c->net->lookup, "", root_found, cut);
	return cut;
}

struct zone_cut *zone_cuts_add(struct zone_cuts *c, const char *zone, const struct zone_delegation *d)
{
	struct zone_cut *cut = cut_exact(c, zone);

	if (cut != NULL && cut->error == NULL)
		return cut;
	if (cut == NULL)
		cut = cut_new(c, zone);
	free(cut->error);
	cut->error = NULL;
	delegation_take(cut, d, false);
	zone_cut_want_own(cut);
	return cut;
}

const char *zone_cut_name(const struct zone_cut *cut)
{
	return cut->zone;
}

bool zone_cut_is_fixed(const struct zone_cut *cut)
{
	return cut->fixed;
}

bool zone_cut_is_looking(const struct zone_cut *cut)
{
	return cut->looking != NULL;
}

const char *zone_cut_error(const struct zone_cut *cut)
{
	return cut->error;
}

void zone_cut_wait(struct zone_cut *cut, struct zone_wait *w)
{
	zone_cut_unwait(w);
	w->cut = cut;
	LIST_INSERT_HEAD(&cut->waiters, w, entry);
}

void zone_cut_unwait(struct zone_wait *w)
{
	if (w->cut != NULL)
		LIST_REMOVE(w, entry);
	w->cut = NULL;
}

static bool hosts_are_done(const struct zone_cut *cut, bool glue_is_enough)
{
	for (size_t i = 0; i < cut->servers; i++) {
		const struct server *s = &cut->server[i];

		if (s->host != NULL && !s->host->done && !(glue_is_enough && s->given.n > 0))
			return false;
	}
	return cut->looking == NULL;
}

static bool address_is_avoided(const struct zone_cut *cut, const struct sockaddr_storage *address)
{
	for (size_t i = 0; i < cut->avoided.n; i++)
		if (zone_same_address(&cut->avoided.at[i], address))
			return true;
	return false;
}

static void addresses_feed(struct zone_cut *cut, struct zone_race *race, int family, bool avoided)
{
	for (size_t k = 0; k < 2 * ZONE_ADDRESSES_MOST; k++) {
		for (size_t i = 0; i < cut->servers; i++) {
			const struct server *s = &cut->server[i];
			const struct sockaddr_storage *address;

			if (k < s->given.n)
				address = &s->given.at[k];
			else if (s->host != NULL && k - s->given.n < s->host->addresses.n)
				address = &s->host->addresses.at[k - s->given.n];
			else
				continue;
			if (address->ss_family == family && address_is_avoided(cut, address) == avoided)
				zone_race_add(race, s->name, address);
		}
	}
}

void zone_cut_feed(struct zone_cut *cut, struct zone_race *race)
{
	addresses_feed(cut, race, AF_INET, false);
	addresses_feed(cut, race, AF_INET6, false);
	addresses_feed(cut, race, AF_INET, true);
	addresses_feed(cut, race, AF_INET6, true);
	if (hosts_are_done(cut, false))
		zone_race_close(race);
}

void zone_cut_avoid(struct zone_cut *cut, const struct zone_peer *peer)
{
	zone_address_add(&cut->avoided, &peer->address);
}

static void own_end(struct zone_cut *cut, enum own_state state)
{
	zone_race_free(cut->race);
	cut->race = NULL;
	cut->own = state;
	cut->error_at = loop_now(cut->cuts->net->loop);
	loop_timer_set(cut->patience, PATIENCE_MS);
	waiters_kick(cut);
}

static bool own_answer(void *arg, const struct zone_peer *peer, const struct ask_answer *answer)
{
	struct zone_cut *cut = arg;
	struct zone_delegation d;
	bool found;

	if (peer == NULL) {
		own_end(cut, OWN_UNKNOWN);
		return true;
	}
	found = answer->result == ASK_ANSWER && answer->message->aa &&
	        zone_delegation_read(&d, answer->message, cut->zone, cut->zone);
	if (!found)
		return false;
	delegation_take(cut, &d, true);
	zone_delegation_free(&d);
	own_end(cut, OWN_KNOWN);
	return true;
}

static void cut_news(void *arg)
{
	struct zone_cut *cut = arg;

	if (cut->race != NULL)
		zone_cut_feed(cut, cut->race);
	waiters_kick(cut);
}

void zone_cut_want_own(struct zone_cut *cut)
{
	if (cut->own != OWN_UNASKED || cut->fixed)
		return;
	cut->own = OWN_ASKING;
	cut->race = zone_race_new(cut->cuts->net, &cut->own_budget, cut->zone, DNS_NS, 0, own_answer, cut);
	zone_cut_feed(cut, cut->race);
}

bool zone_cut_is_complete(const struct zone_cut *cut)
{
	if (cut->fixed)
		return true;
	return (cut->own == OWN_KNOWN || cut->own == OWN_UNKNOWN) && hosts_are_done(cut, cut->patience_over);
}

static void address_tell(const struct server *s, const struct sockaddr_storage *address,
                         struct zone_result *r)
{
	struct zone_server *to;

	for (size_t i = 0; i < r->servers; i++) {
		to = &r->server[i];
		if (!zone_same_address(&to->address, address))
			continue;
		to->parent |= s->parent;
		to->child |= s->child;
		return;
	}
	r->server = xgrow(r->server, r->servers, sizeof(*r->server));
	to = &r->server[r->servers++];
	*to = (struct zone_server){xstrdup(s->name), *address, s->parent, s->child};
}

static bool cut_is_cut_short(const struct zone_cut *cut)
{
	for (size_t i = 0; i < cut->servers; i++) {
		const struct server *s = &cut->server[i];

		if (s->given.cut_short || (s->host != NULL && s->host->addresses.cut_short))
			return true;
	}
	return cut->cut_short;
}

static void server_tell(const struct zone_cut *cut, const struct server *s, struct zone_result *r)
{
	for (size_t i = 0; i < s->given.n; i++)
		address_tell(s, &s->given.at[i], r);
	for (size_t i = 0; s->host != NULL && i < s->host->addresses.n; i++)
		address_tell(s, &s->host->addresses.at[i], r);
	if (cut->own != OWN_KNOWN)
		return;
	if (!s->child)
		zone_result_warn(r,
		                 "%s: name server %s is in the delegation but not in the zone's own NS "
		                 "records",
		                 cut->zone, s->name);
	if (!s->parent)
		zone_result_warn(r,
		                 "%s: name server %s is in the zone's own NS records but not in the "
		                 "delegation",
		                 cut->zone, s->name);
}

void zone_cut_missing(const struct zone_cut *cut, struct strs *lines)
{
	for (size_t i = 0; i < cut->servers; i++) {
		const struct server *s = &cut->server[i];
		char *line;

		if (s->given.n > 0 || (s->host != NULL && s->host->addresses.n > 0))
			continue;
		if (s->host == NULL)
			line = xasprintf("the NS record %s holds an address; it must name a host", s->name);
		else
			line = xasprintf("name server %s has no address: %s", s->name,
			                 s->host->error != NULL ? s->host->error : "not found in time");
		strs_add(lines, line);
		free(line);
	}
}

void zone_cut_tell(const struct zone_cut *cut, struct zone_result *r)
{
	struct strs missing = {0};

	for (size_t i = 0; i < cut->servers; i++)
		server_tell(cut, &cut->server[i], r);
	r->cut_short = cut_is_cut_short(cut);
	if (r->cut_short)
		zone_result_warn(
		    r,
		    "%s: more than %d name servers, or more than %d addresses of one; the others "
		    "are not asked",
		    cut->zone, ZONE_SERVERS_MOST, ZONE_ADDRESSES_MOST);
	zone_cut_missing(cut, &missing);
	for (size_t i = 0; i < missing.n; i++)
		zone_result_warn(r, "%s: %s", cut->zone, missing.at[i]);
	strs_free(&missing);
	if (cut->own == OWN_UNKNOWN)
		zone_result_warn(r, "%s: no server answers with the zone's own NS records", cut->zone);
}

void zone_cuts_fix(struct zone_cuts *c, const char *zone, const struct sockaddr_storage *address)
{
	struct zone_cut *cut = cut_exact(c, zone);
	struct server *s;
	char text[64];

	if (cut == NULL)
		cut = cut_new(c, zone);
	cut->fixed = true;
	s = server_get(cut, ask_server_text(address, text));
	s->parent = s->child = true;
	zone_address_add(&s->given, address);
}
