#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/b64.h"
#include "common/mem.h"
#include "launcher/import/clients.h"
#include "launcher/import/tree.h"

bool dehydrated_is(int tree)
{
	return tree_has(tree, "certs") && tree_has(tree, "accounts");
}

/* The folder of an account is called by the directory's URL in base64url, with the newline behind it. */
static char *directory_of(const char *folder)
{
	size_t n = 0;
	char *url = (char *)b64url_decode(folder, &n);
	if (!url)
		return NULL;
	url[strcspn(url, "\n")] = '\0';
	if (str_starts(url, "https://"))
		return url;
	free(url);
	return NULL;
}

/* The only account's; of several the one that the configuration names. New string, NULL when it is not known. */
static char *take_accounts(struct foreigns *f, const char *wanted)
{
	struct strs folders = {0};
	char *found = wanted && str_starts(wanted, "https://") ? xstrdup(wanted) : NULL;
	tree_list(f->tree, "accounts", &folders);
	for (size_t i = 0; i < folders.n; i++) {
		char *directory = directory_of(folders.at[i]);
		char *key = xasprintf("accounts/%s/account_key.pem", folders.at[i]);
		foreigns_add_account(f, directory, key);
		if (!found && folders.n == 1 && directory)
			found = xstrdup(directory);
		free_all(directory, key);
	}
	strs_free(&folders);
	return found;
}

static void take(struct foreigns *f, const char *name, const char *conf, const char *directory)
{
	char *hook = tree_setting(conf, "HOOK"), *chain = tree_setting(conf, "HOOK_CHAIN");
	struct foreign *c = foreigns_add(f);
	c->id = xstrdup(name);
	c->key = xasprintf("certs/%s/privkey.pem", name);
	c->chain = xasprintf("certs/%s/fullchain.pem", name);
	c->directory = directory ? xstrdup(directory) : NULL;
	if (hook && *hook == '/') {
		foreign_use(c, "dehydratedhook");
		foreign_set(c, "hook", xstrdup(hook));
		if (chain && strcmp(chain, "yes") == 0)
			foreign_set(c, "chain", xstrdup("yes"));
	}
	free_all(hook, chain);
}

void dehydrated_read(struct foreigns *f)
{
	struct strs names = {0};
	struct err ignored;
	char *conf = tree_text(f->tree, "config", &ignored), *ca = tree_setting(conf ? conf : "", "CA");
	char *directory = take_accounts(f, ca);
	tree_list(f->tree, "certs", &names);
	for (size_t i = 0; i < names.n; i++)
		take(f, names.at[i], conf ? conf : "", directory);
	strs_free(&names);
	free_all(conf, ca, directory);
}
