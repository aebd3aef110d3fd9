/* Breaks the ABI in add as the option says: "rc" = 99, "handle" = one without NUL, "values" = a list
 * far too long, "batch" = no results. */
#include <string.h>

#include "provider.h"

static const char *lie_of(const struct dnsproof_call *call)
{
	return json_string_value(json_object_get(call->options, "lie"));
}

static enum dnsproof_rc liar_add(struct dnsproof_txt_call *c)
{
	if (!strcmp(lie_of(&c->call), "rc"))
		return (enum dnsproof_rc)99;
	if (!strcmp(lie_of(&c->call), "handle"))
		memset(c->txt->handle, 'h', sizeof(c->txt->handle));
	return DNSPROOF_OK;
}

static enum dnsproof_rc liar_del(struct dnsproof_txt_call *c)
{
	return (enum dnsproof_rc) - 7;
}

static enum dnsproof_rc liar_list(struct dnsproof_list_call *c)
{
	static char text[4096];

	memset(text, '\n', sizeof(text));
	for (int i = 0; i < 10000; i++)
		c->value(c, text, sizeof(text));
	return DNSPROOF_OK;
}

static enum dnsproof_rc liar_batch(struct dnsproof_batch_call *c)
{
	for (size_t i = 0; i < c->n; i++)
		c->change[i].rc = (enum dnsproof_rc)(50 + i);
	return DNSPROOF_OK;
}

static const struct dnsproof_option options[] = {
    {"lie", DNSPROOF_REQUIRED, NULL, NULL, "rc or handle"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD, .name = "liar",      .summary = "test: returns what no provider may",
    .options = options,     .add = liar_add,     .del = liar_del,
    .list = liar_list,      .batch = liar_batch,
};
