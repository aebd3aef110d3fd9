#include "provider.h"

/* A person is the provider: told what to create. The spread check of the engine waits until it is there. */
static int can_show(const struct dnsproof_host *h)
{
	return h->size >= offsetof(struct dnsproof_host, show) + sizeof(h->show);
}

static enum dnsproof_rc manual_add(struct dnsproof_txt_call *c)
{
	const struct dnsproof_txt *t = c->txt;

	c->call.host->show(&c->call,
	                   "create this record now, beside what else is at the name: %s. %u IN TXT \"%s\"",
	                   t->name, t->ttl, t->value);
	return DNSPROOF_OK;
}

/* Taken as done: nobody can be waited for once the certificate is there. */
static enum dnsproof_rc manual_del(struct dnsproof_txt_call *c)
{
	const struct dnsproof_txt *t = c->txt;

	c->call.host->show(&c->call, "you may remove this record now: %s. IN TXT \"%s\"", t->name, t->value);
	return DNSPROOF_OK;
}

static enum dnsproof_rc manual_open(struct dnsproof_open_call *c)
{
	if (can_show(c->call.host))
		return DNSPROOF_OK;
	return c->call.host->fail(&c->call, DNSPROOF_INVALID, "this provider host is too old for it");
}

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
    .name = "manual",
    .summary = "says what to create and waits until all servers have it; use a long --timeout",
    .url = "dnsproof-adapters(7)",
    .replaces = DNSPROOF_RECORD,
    .add = manual_add,
    .del = manual_del,
    .open = manual_open,
};
