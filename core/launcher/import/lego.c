#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/import/clients.h"
#include "launcher/import/tree.h"

bool lego_is(int tree)
{
	return tree_has(tree, "certificates");
}

/* Of the certificate's URL there is the host alone. */
static char *directory_of(const struct foreigns *f, const char *text)
{
	json_t *json = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *url = json_string_value(json_object_get(json, "certUrl"));
	char *directory = NULL;
	if (url && str_starts(url, "https://")) {
		const char *at = url + strlen("https://");
		char *host = xstrndup(at, strcspn(at, "/"));
		directory = foreigns_directory(f, host);
		free(host);
	}
	json_decref(json);
	return directory;
}

static void take(struct foreigns *f, const char *file)
{
	char *base = xstrndup(file, strlen(file) - strlen(".json")),
	     *path = xasprintf("certificates/%s", file);
	struct err ignored;
	char *text = tree_text(f->tree, path, &ignored);
	struct foreign *c = foreigns_add(f);
	c->id = xstrdup(str_starts(base, "_.") ? base + 2 : base);
	c->key = xasprintf("certificates/%s.key", base);
	c->chain = xasprintf("certificates/%s.crt", base);
	c->issuers = xasprintf("certificates/%s.issuer.crt", base);
	c->directory = directory_of(f, text);
	free_all(base, path, text);
}

/* accounts/HOST_PORT/EMAIL/keys/EMAIL.key */
static void take_accounts(struct foreigns *f, const char *host)
{
	char *folder = xasprintf("accounts/%s", host), *real = xstrdup(host), *port = strrchr(real, '_');
	struct strs emails = {0};
	if (port)
		*port = ':';
	char *directory = foreigns_directory(f, real);
	tree_list(f->tree, folder, &emails);
	for (size_t i = 0; i < emails.n; i++) {
		char *key = xasprintf("%s/%s/keys/%s.key", folder, emails.at[i], emails.at[i]);
		foreigns_add_account(f, directory, key);
		free(key);
	}
	strs_free(&emails);
	free_all(folder, real, directory);
}

void lego_read(struct foreigns *f)
{
	struct strs files = {0}, hosts = {0};
	tree_list(f->tree, "certificates", &files);
	for (size_t i = 0; i < files.n; i++)
		if (str_ends(files.at[i], ".json"))
			take(f, files.at[i]);
	tree_list(f->tree, "accounts", &hosts);
	for (size_t i = 0; i < hosts.n; i++)
		take_accounts(f, hosts.at[i]);
	strs_free(&files);
	strs_free(&hosts);
}
