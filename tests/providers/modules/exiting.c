/* Calls exit(0) in add. */
#include <stdlib.h>

#include "provider.h"

static enum dnsproof_rc exiting_add(struct dnsproof_txt_call *c)
{
	exit(0);
}

static enum dnsproof_rc exiting_del(struct dnsproof_txt_call *c)
{
	return DNSPROOF_OK;
}

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD, .name = "exiting",  .summary = "test: exits in add",
    .add = exiting_add,     .del = exiting_del,
};
