#include "hook.h"

#include <string.h>

#define LABEL "_acme-challenge."

const char *hook_domain(const struct dnsproof_call *call, const char *owner)
{
	if (strncmp(owner, LABEL, sizeof(LABEL) - 1) == 0)
		return owner + sizeof(LABEL) - 1;
	if (json_is_true(json_object_get(call->options, "plain_names")))
		return owner;
	call->host->fail(call, DNSPROOF_INVALID,
	                 "%s: hooks of this kind write at _acme-challenge.DOMAIN only: let the CNAME "
	                 "point to such a name, or, if yours takes this one as it is, set plain_names=yes",
	                 owner);
	return NULL;
}

enum dnsproof_rc hook_check_name(struct dnsproof_check_call *c)
{
	return !c->name || hook_domain(&c->call, c->name) ? DNSPROOF_OK : DNSPROOF_INVALID;
}

enum dnsproof_rc hook_environment(struct command *c, const struct dnsproof_txt *txt)
{
	command_env_standard(c);
	command_env(c, "DNSPROOF_ZONE", txt->zone);
	command_env(c, "DNSPROOF_NAME", txt->name);
	return settings_add(c, NULL);
}
