/* Shows its secret wherever it can. */
#include <string.h>

#include "provider.h"

static const char *token_of(const struct dnsproof_call *call)
{
	return json_string_value(json_object_get(call->options, "token"));
}

static enum dnsproof_rc leaky_add(struct dnsproof_txt_call *c)
{
	const char *token = token_of(&c->call);

	c->call.host->log(&c->call, "log: token=%s&again=%s", token, token);
	return c->call.host->fail(&c->call, DNSPROOF_AUTH, "fail: token %s\nrefused, %s", token, token);
}

static enum dnsproof_rc leaky_del(struct dnsproof_txt_call *c)
{
	c->call.host->retry_after(&c->call, 17);
	return c->call.host->fail(&c->call, DNSPROOF_RATE, "%s", token_of(&c->call));
}

static const struct dnsproof_option options[] = {
    {"token", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "LEAKY_TOKEN LEAKY_OTHER", NULL, "its secret"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD, .name = "leaky",  .summary = "test: shows its secret",
    .options = options,     .add = leaky_add, .del = leaky_del,
};
