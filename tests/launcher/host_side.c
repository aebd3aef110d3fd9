#include "host_side.h"

#include <stdlib.h>

#include "common/log.h"
#include "common/mem.h"
#include "host/setup.h"

struct host_side {
	struct setup setup;
};

struct host_side *host_side_read(int fd)
{
	struct host_side *s = xcalloc(1, sizeof(*s));
	struct err e;

	if (!setup_read(&s->setup, fd, &e))
		log_fatal(70, "%s", e.text);
	return s;
}

void host_side_free(struct host_side *s)
{
	setup_free(&s->setup);
	free(s);
}

const char *host_side_provider(const struct host_side *s)
{
	return s->setup.provider;
}

size_t host_side_zones(const struct host_side *s)
{
	return s->setup.policy.zones.n;
}

bool host_side_allows(const struct host_side *s, const char *zone, const char *owner)
{
	struct err e;

	return policy_allows(&s->setup.policy, zone, owner, &e);
}
