#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/import/clients.h"
#include "launcher/import/tree.h"

bool acmesh_is(int tree)
{
	return tree_has(tree, "account.conf");
}

/* ca/HOST/PATH/account.key, without the port */
static void take_account(struct foreigns *f, const char *directory)
{
	const char *host = directory + strlen("https://"), *path = strchr(host, '/');
	char *key = xasprintf("ca/%.*s%s/account.key", (int)strcspn(host, ":/"), host, path ? path : "");
	foreigns_add_account(f, directory, key);
	free(key);
}

/* Its scripts and what it has saved for them serve on as they are. */
static void take_dns(struct foreigns *f, struct foreign *c, char *how)
{
	if (!how || !str_starts(how, "dns_") || strpbrk(how, ", /")) {
		c->dns_was = how;
		return;
	}
	foreign_use(c, "acmesh");
	foreign_set(c, "script", how);
	foreign_set(c, "environment", xasprintf("file:%s/account.conf", f->path));
	if (tree_has(f->tree, "acme.sh") && tree_has(f->tree, "dnsapi"))
		foreign_set(c, "home", xstrdup(f->path));
}

static void take(struct foreigns *f, const char *folder)
{
	bool ecc = str_ends(folder, "_ecc");
	char *base = xstrndup(folder, strlen(folder) - (ecc ? strlen("_ecc") : 0));
	char *path = xasprintf("%s/%s.conf", folder, base);
	struct err ignored;
	char *conf = tree_text(f->tree, path, &ignored),
	     *directory = conf ? tree_setting(conf, "Le_API") : NULL;
	struct foreign *c = foreigns_add(f);
	c->id = xstrdup(str_starts(base, "*.") ? base + 2 : base);
	c->key = xasprintf("%s/%s.key", folder, base);
	c->chain = xasprintf("%s/fullchain.cer", folder);
	if (directory && str_starts(directory, "https://")) {
		take_account(f, directory);
		c->directory = xstrdup(directory);
	}
	if (conf)
		take_dns(f, c, tree_setting(conf, "Le_Webroot"));
	free_all(base, path, conf, directory);
}

void acmesh_read(struct foreigns *f)
{
	struct strs folders = {0};
	tree_list(f->tree, ".", &folders);
	for (size_t i = 0; i < folders.n; i++) {
		char *chain = xasprintf("%s/fullchain.cer", folders.at[i]);
		if (tree_has(f->tree, chain))
			take(f, folders.at[i]);
		free(chain);
	}
	strs_free(&folders);
}
