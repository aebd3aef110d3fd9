/* Built for an ABI that does not exist; must be refused before anything of it is called. */
#include <stdlib.h>

#include "provider.h"

static enum dnsproof_rc oldabi_any(struct dnsproof_txt_call *c)
{
	abort();
}

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    .abi = 99,
    .size = sizeof(struct dnsproof_provider),
    .name = "oldabi",
    .summary = "test: another ABI",
    .add = oldabi_any,
    .del = oldabi_any,
};
