#include "config.h"

#include "launcher/describe.h"

#include <stdlib.h>

#include "common/buf.h"
#include "launcher/child.h"
#include "launcher/output.h"

#define WAIT_MS	  5000
#define TEXT_MOST (1024 * 1024)

const char *describe_modules(void)
{
#ifdef TEST_HOOKS
	const char *other = getenv("DNSPROOF_PROVIDERDIR");
	return other && *other ? other : NULL;
#else
	return NULL;
#endif
}

json_t *describe_options(const char *provider)
{
	char *path = child_program(BINDIR, "DNSPROOF_BINDIR", "dnsproof-provider");
	char *argv[] = { (char *)"dnsproof-provider", (char *)"--json", (char *)"--describe",
			 (char *)provider, NULL, NULL, NULL };
	int fds[] = { -1, -1, -1 };
	struct child_plan p = { .path = path, .argv = argv, .n = 3 };
	struct err ignored;
	struct buf b;
	if (describe_modules()) {
		argv[4] = (char *)"--modules";
		argv[5] = (char *)describe_modules();
	}
	buf_init(&b, TEXT_MOST);
	json_t *all = NULL;
	if (output_read(&p, fds, WAIT_MS, &b, &ignored) && b.len)
		all = json_loadb(b.data, b.len, JSON_REJECT_DUPLICATES, NULL);
	json_t *options = json_incref(json_object_get(all, "options"));
	json_decref(all);
	buf_free(&b);
	free(path);
	return options;
}
