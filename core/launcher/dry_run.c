#include "config.h"

#include "launcher/dry_run.h"

#include <stdlib.h>

#include "common/mem.h"

struct choice {
	const struct certificates *all;
	bool *chosen;       /* by index into all */
	struct strs served; /* DNS accounts */
};

static bool serves_more(const struct choice *c, const struct known_certificate *k)
{
	for (size_t i = 0; k->renews && i < k->cert.dns.n; i++)
		if (!strs_has(&c->served, k->cert.dns.at[i]))
			return true;
	return false;
}

static void choose(struct choice *c, size_t n)
{
	const struct strs *dns = &c->all->at[n].cert.dns;
	c->chosen[n] = true;
	for (size_t i = 0; i < dns->n; i++)
		if (!strs_has(&c->served, dns->at[i]))
			strs_add(&c->served, dns->at[i]);
}

/* Of several accounts only the zone tells which serves: those with one are chosen first. */
static void choose_all(struct choice *c, bool sole)
{
	for (size_t i = 0; i < c->all->n; i++)
		if ((c->all->at[i].cert.dns.n == 1) == sole && serves_more(c, &c->all->at[i]))
			choose(c, i);
}

size_t dry_run_choose(const struct certificates *all, size_t **at)
{
	struct choice c = {.all = all, .chosen = xcalloc(all->n + 1, sizeof(bool))};
	size_t n = 0;
	choose_all(&c, true);
	choose_all(&c, false);
	*at = xcalloc(all->n + 1, sizeof **at);
	for (size_t i = 0; i < all->n; i++)
		if (c.chosen[i])
			(*at)[n++] = i;
	strs_free(&c.served);
	free(c.chosen);
	return n;
}
