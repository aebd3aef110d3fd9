/* A module as somebody built it when ABI 1 was new: with the header of that day, not with today's. */
#include "provider-1.h"

#include <string.h>

static char stored[64];

static enum dnsproof_rc frozen_add(struct dnsproof_txt_call *c)
{
	const json_t *quota = json_object_get(c->call.options, "quota");

	if (json_integer_value(quota) == 0)
		return c->call.host->fail(&c->call, DNSPROOF_INVALID, "no room for %s", c->txt->relative);
	strncpy(stored, c->txt->value, sizeof(stored) - 1);
	strcpy(c->txt->handle, "frozen-handle");
	return DNSPROOF_OK;
}

static enum dnsproof_rc frozen_del(struct dnsproof_txt_call *c)
{
	if (strcmp(stored, c->txt->value) == 0)
		stored[0] = '\0';
	return DNSPROOF_OK;
}

static const struct dnsproof_option options[] = {
	{"quota", DNSPROOF_INT, NULL, "1", "0 refuses"},
	{0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
	DNSPROOF_PROVIDER_HEAD,
	.name = "frozen",
	.summary = "test: built with the header of ABI 1",
	.url = "https://example.org/",
	.options = options,
	.limits = {.least_ttl = 120},
	.replaces = DNSPROOF_RRSET,
	.add = frozen_add,
	.del = frozen_del,
};
