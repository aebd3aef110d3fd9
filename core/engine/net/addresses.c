#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/address.h"
#include "engine/net/addresses.h"
#include "engine/dns/lookup.h"

enum { KEEP_MS = 5 * 60 * 1000 };

struct host {
	struct addresses *hosts;
	struct host *next;
	char *name;
	struct lookup_query *query;
	struct strs addresses;
	uint64_t until;
};

struct addresses {
	struct loop *loop;
	struct lookup *lookup;
	struct host *first;
	addresses_fn *fn;
	void *arg;
};

struct addresses *addresses_new(struct loop *l, struct lookup *lookup, addresses_fn *fn, void *arg)
{
	struct addresses *s = xcalloc(1, sizeof(*s));

	s->loop = l;
	s->lookup = lookup;
	s->fn = fn;
	s->arg = arg;
	return s;
}

void addresses_free(struct addresses *s)
{
	struct host *h;

	if (!s)
		return;
	while ((h = s->first) != NULL) {
		s->first = h->next;
		if (h->query)
			lookup_cancel(h->query);
		strs_free(&h->addresses);
		free(h->name);
		free(h);
	}
	free(s);
}

static void on_addresses(void *arg, const struct lookup_addresses *found, const char *error)
{
	struct host *h = arg;
	struct addresses *s = h->hosts;

	h->query = NULL;
	for (size_t i = 0; i < found->n; i++) {
		char text[ADDRESS_TEXT];

		if (address_text(&found->at[i], text))
			strs_add(&h->addresses, text);
	}
	h->until = loop_now(s->loop) + KEEP_MS;
	s->fn(s->arg, h, h->addresses.n > 0 ? NULL : error ? error : "it has none");
}

static struct host *host_named(struct addresses *s, const char *name)
{
	struct host *h = s->first;

	while (h && strcmp(h->name, name) != 0)
		h = h->next;
	if (h)
		return h;
	h = xcalloc(1, sizeof(*h));
	h->hosts = s;
	h->name = xstrdup(name);
	h->next = s->first;
	s->first = h;
	return h;
}

struct host *addresses_get(struct addresses *s, const char *name)
{
	struct host *h = host_named(s, name);

	if (h->query || (h->addresses.n > 0 && loop_now(s->loop) < h->until))
		return h;
	strs_free(&h->addresses);
	h->query = lookup_addresses(s->lookup, name, on_addresses, h);
	return h;
}

const struct strs *host_addresses(const struct host *h)
{
	return &h->addresses;
}

void host_forget(struct host *h)
{
	h->until = 0;
}
