#include "config.h"

#include "launcher/provider_options.h"

#include <stdlib.h>

#include "common/buf.h"
#include "launcher/child.h"
#include "launcher/child_output.h"

#define WAIT_MS   30000
#define TEXT_MOST (1024 * 1024)

static const char *folder(const char *variable)
{
#ifdef TEST_HOOKS
	const char *other = getenv(variable);
	return other && *other ? other : NULL;
#else
	return NULL;
#endif
}

const char *provider_options_modules(void)
{
	return folder("DNSPROOF_PROVIDERDIR");
}

const char *provider_options_descriptors(void)
{
	return folder("DNSPROOF_DESCRIPTORDIR");
}

/* New array: the provider's own, and those that every provider has which speaks HTTP. */
static json_t *all_options(const json_t *description)
{
	json_t *options = json_copy(json_object_get(description, "options")), *key;
	size_t i;
	json_array_foreach(json_object_get(description, "http_options"), i, key)
	    json_array_append_new(options, json_pack("{s:O}", "key", key));
	return options;
}

json_t *provider_options(const char *provider)
{
	char *path = child_program(BINDIR, "DNSPROOF_BINDIR", "dnsproof-provider");
	char *argv[] = {(char *)"dnsproof-provider",
	                (char *)"--json",
	                (char *)"--describe",
	                (char *)provider,
	                NULL,
	                NULL,
	                NULL,
	                NULL,
	                NULL};
	size_t n = 4;
	int fds[] = {-1, -1, -1};
	struct child_plan p = {.path = path, .argv = argv, .n = 3};
	struct err ignored;
	struct buf b;
	if (provider_options_modules()) {
		argv[n++] = (char *)"--modules";
		argv[n++] = (char *)provider_options_modules();
	}
	if (provider_options_descriptors()) {
		argv[n++] = (char *)"--descriptors";
		argv[n++] = (char *)provider_options_descriptors();
	}
	buf_init(&b, TEXT_MOST);
	json_t *all = NULL;
	if (child_output_read(&p, fds, WAIT_MS, &b, &ignored) && b.len)
		all = json_loadb(b.data, b.len, JSON_REJECT_DUPLICATES, NULL);
	json_t *options = all_options(all);
	json_decref(all);
	buf_free(&b);
	free(path);
	return options;
}
