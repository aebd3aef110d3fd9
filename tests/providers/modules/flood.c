/* Writes 8 MiB on standard error in add, and a message of 1 MiB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider.h"

static enum dnsproof_rc flood_add(struct dnsproof_txt_call *c)
{
	static char text[1024 * 1024];

	memset(text, 'x', sizeof(text) - 1);
	for (int i = 0; i < 8; i++)
		fprintf(stderr, "%s\n", text);
	return c->call.host->fail(&c->call, DNSPROOF_TEMP, "%s", text);
}

static enum dnsproof_rc flood_del(struct dnsproof_txt_call *c)
{
	return DNSPROOF_OK;
}

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD, .name = "flood",  .summary = "test: floods standard error in add",
    .add = flood_add,       .del = flood_del,
};
