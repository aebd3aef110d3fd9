#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/import/clients.h"
#include "launcher/import/tree.h"

bool certbot_is(int tree)
{
	return tree_has(tree, "renewal") && tree_has(tree, "live");
}

static void take_hooks(struct foreign *c, const char *conf)
{
	char *auth = tree_setting(conf, "manual_auth_hook"),
	     *cleanup = tree_setting(conf, "manual_cleanup_hook");
	if (auth && cleanup && *auth == '/' && *cleanup == '/') {
		foreign_use(c, "certbothook");
		foreign_set(c, "auth", auth);
		foreign_set(c, "cleanup", cleanup);
	} else {
		c->dns_was = xstrdup("manual hooks without an absolute path, or without clean-up");
		free_all(auth, cleanup);
	}
}

/* The file holds the secret among other things: it is named, and never read. */
static void take_dns(struct foreign *c, const char *conf)
{
	char *authenticator = tree_setting(conf, "authenticator");
	if (!authenticator)
		return;
	char *key = xasprintf("%s_credentials", authenticator);
	for (char *at = key; *at; at++)
		*at = *at == '-' ? '_' : *at;
	char *file = tree_setting(conf, key);
	if (strcmp(authenticator, "manual") == 0)
		take_hooks(c, conf);
	else
		c->dns_was = file ? xasprintf("%s with what stands in %s", authenticator, file)
		                  : xstrdup(authenticator);
	free_all(authenticator, key, file);
}

static void take_account(struct foreigns *f, const char *server, const char *conf)
{
	char *account = tree_setting(conf, "account");
	if (server && account && str_starts(server, "https://")) {
		char *key =
		    xasprintf("accounts/%s/%s/private_key.json", server + strlen("https://"), account);
		foreigns_add_account(f, server, key);
		free(key);
	}
	free(account);
}

static void take(struct foreigns *f, const char *file)
{
	char *name = xstrndup(file, strlen(file) - strlen(".conf")), *path = xasprintf("renewal/%s", file);
	struct err ignored;
	char *conf = tree_text(f->tree, path, &ignored);
	struct foreign *c = foreigns_add(f);
	c->key = xasprintf("live/%s/privkey.pem", name);
	c->chain = xasprintf("live/%s/fullchain.pem", name);
	c->id = name;
	if (conf) {
		c->directory = tree_setting(conf, "server");
		take_dns(c, conf);
		take_account(f, c->directory, conf);
	}
	free_all(path, conf);
}

void certbot_read(struct foreigns *f)
{
	struct strs files = {0};
	tree_list(f->tree, "renewal", &files);
	for (size_t i = 0; i < files.n; i++)
		if (str_ends(files.at[i], ".conf"))
			take(f, files.at[i]);
	strs_free(&files);
}
