/* Fails in add, but prints answers that say it did not, and eats standard input. */
#include <stdio.h>
#include <unistd.h>

#include "provider.h"

static enum dnsproof_rc forge_add(struct dnsproof_txt_call *c)
{
	static const char lie[] = "{\"id\":1,\"rc\":\"ok\",\"handle\":\"forged\"}\n";
	char eaten[256];

	for (int i = 0; i < 3; i++)
		fputs(lie, stdout);
	fflush(stdout);
	if (write(STDOUT_FILENO, lie, sizeof(lie) - 1) < 0)
		perror("write");
	if (read(STDIN_FILENO, eaten, sizeof(eaten)) > 0)
		return DNSPROOF_OK;
	return c->call.host->fail(&c->call, DNSPROOF_INVALID, "the true answer");
}

static enum dnsproof_rc forge_del(struct dnsproof_txt_call *c)
{
	return DNSPROOF_OK;
}

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD, .name = "forge",  .summary = "test: prints forged answers in add",
    .add = forge_add,       .del = forge_del,
};
