#include "engine/zone/resolvers.h"

#include <stdlib.h>

#include "common/mem.h"
#include "engine/dns/ask.h"
#include "engine/dns/lookup.h"

struct zone_server *zone_resolvers(const struct lookup *k, size_t *n)
{
	struct sockaddr_storage *at;
	struct zone_server *resolver;

	*n = lookup_resolvers(k, &at);
	resolver = xcalloc(*n + 1, sizeof(*resolver));
	for (size_t i = 0; i < *n; i++) {
		char text[64];

		resolver[i] =
		    (struct zone_server){.name = xstrdup(ask_server_text(&at[i], text)), .address = at[i]};
	}
	free(at);
	return resolver;
}

void zone_resolvers_free(struct zone_server *resolver, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(resolver[i].name);
	free(resolver);
}
