/* Never returns from add. */
#include <unistd.h>

#include "provider.h"

static enum dnsproof_rc hang_add(struct dnsproof_txt_call *c)
{
	while (pause() != 0)
		;
	return DNSPROOF_TEMP;
}

static enum dnsproof_rc hang_del(struct dnsproof_txt_call *c)
{
	return DNSPROOF_OK;
}

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD, .name = "hang", .summary = "test: hangs in add", .add = hang_add, .del = hang_del,
};
