/* Dies of SIGSEGV in add. */
#include <signal.h>

#include "provider.h"

static enum dnsproof_rc crash_add(struct dnsproof_txt_call *c)
{
	raise(SIGSEGV);
	return DNSPROOF_OK;
}

static enum dnsproof_rc crash_del(struct dnsproof_txt_call *c)
{
	return DNSPROOF_OK;
}

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD, .name = "crash",  .summary = "test: crashes in add",
    .add = crash_add,       .del = crash_del,
};
