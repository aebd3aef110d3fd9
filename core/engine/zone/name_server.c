#include "engine/zone/name_server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "engine/dns/lookup.h"
#include "engine/zone/reading.h"

#define BUCKETS     256
#define ERROR_LASTS 5000 /* ms until a host that was not found is looked for again */

struct watcher {
	void (*fn)(void *arg);
	void *arg;
};

struct entry {
	SLIST_ENTRY(entry) next;
	struct zone_host host; /* must stay where it is */
	struct zone_hosts *hosts;
	struct lookup_query *query;
	uint64_t at;
	struct watcher *watcher;
	size_t watchers;
};

SLIST_HEAD(bucket, entry);

struct zone_hosts {
	struct zone_net *net;
	struct bucket bucket[BUCKETS];
};

size_t zone_hash(const char *name, size_t buckets)
{
	return (size_t)(fnv64(name) % buckets);
}

void zone_address_add(struct zone_addresses *a, const struct sockaddr_storage *address)
{
	for (size_t i = 0; i < a->n; i++)
		if (zone_same_address(&a->at[i], address))
			return;
	a->cut_short |= a->n == ZONE_ADDRESSES_MOST;
	if (a->cut_short)
		return;
	a->at = xgrow(a->at, a->n, sizeof(*a->at));
	a->at[a->n++] = *address;
}

struct zone_hosts *zone_hosts_new(struct zone_net *net)
{
	struct zone_hosts *h = xcalloc(1, sizeof(*h));

	h->net = net;
	return h;
}

static void entry_free(struct entry *e)
{
	if (e->query != NULL)
		lookup_cancel(e->query);
	free(e->host.name);
	free(e->host.error);
	free(e->host.addresses.at);
	free(e->watcher);
	free(e);
}

void zone_hosts_free(struct zone_hosts *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		struct entry *e;

		while ((e = SLIST_FIRST(&h->bucket[i])) != NULL) {
			SLIST_REMOVE_HEAD(&h->bucket[i], next);
			entry_free(e);
		}
	}
	free(h);
}

static void entry_found(void *arg, const struct lookup_addresses *found, const char *error)
{
	struct entry *e = arg;
	struct watcher *watcher = e->watcher;
	size_t n = e->watchers;

	e->query = NULL;
	e->host.done = true;
	e->at = loop_now(e->hosts->net->loop);
	for (size_t i = 0; i < found->n; i++)
		zone_address_add(&e->host.addresses, &found->at[i]);
	if (found->n == 0)
		e->host.error = xstrdup(error != NULL ? error : "no address");
	e->watcher = NULL;
	e->watchers = 0;
	for (size_t i = 0; i < n; i++)
		watcher[i].fn(watcher[i].arg);
	free(watcher);
}

static void entry_look(struct entry *e)
{
	free(e->host.error);
	e->host.error = NULL;
	e->host.done = false;
	e->query = lookup_addresses(e->hosts->net->lookup, e->host.name, entry_found, e);
}

static struct entry *entry_get(struct zone_hosts *h, const char *name)
{
	struct bucket *b = &h->bucket[zone_hash(name, BUCKETS)];
	struct entry *e;

	SLIST_FOREACH(e, b, next)
	if (strcmp(e->host.name, name) == 0)
		return e;
	e = xcalloc(1, sizeof(*e));
	e->host.name = xstrdup(name);
	e->hosts = h;
	SLIST_INSERT_HEAD(b, e, next);
	entry_look(e);
	return e;
}

struct zone_host *zone_hosts_get(struct zone_hosts *h, const char *name, void (*fn)(void *arg), void *arg)
{
	struct entry *e = entry_get(h, name);

	if (e->host.error != NULL && loop_now(h->net->loop) - e->at >= ERROR_LASTS)
		entry_look(e);
	if (!e->host.done) {
		e->watcher = xgrow(e->watcher, e->watchers, sizeof(*e->watcher));
		e->watcher[e->watchers++] = (struct watcher){fn, arg};
	}
	return &e->host;
}
