#include "config.h"

#include "launcher/import/foreign.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/ca_preset.h"
#include "launcher/import/tree.h"

void foreigns_free(struct foreigns *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct foreign *c = &f->at[i];
		free_all(c->id, c->key, c->chain, c->issuers, c->directory, c->dns_was, c->dns.provider);
		json_decref(c->dns.set);
		json_decref(c->dns.settings);
	}
	for (size_t i = 0; i < f->accounts; i++)
		free_all(f->account[i].directory, f->account[i].key);
	if (f->path && f->tree >= 0)
		close(f->tree);
	free_all(f->at, f->account, f->path);
	*f = (struct foreigns){.tree = -1};
}

struct foreign *foreigns_add(struct foreigns *f)
{
	f->at = xgrow(f->at, f->n, sizeof *f->at);
	f->at[f->n] = (struct foreign){0};
	return &f->at[f->n++];
}

void foreigns_add_account(struct foreigns *f, const char *directory, const char *key)
{
	char *path = xasprintf("%s/%s", f->path, key);
	bool known = !tree_has(f->tree, key);
	for (size_t i = 0; i < f->accounts; i++)
		known = known || strcmp(f->account[i].key, path) == 0;
	if (known) {
		free(path);
		return;
	}
	f->account = xgrow(f->account, f->accounts, sizeof *f->account);
	f->account[f->accounts++] = (struct foreign_account){directory ? xstrdup(directory) : NULL, path};
}

char *foreigns_directory(const struct foreigns *f, const char *host)
{
	const char *given = f->ca ? f->ca + strlen("https://") : "";
	size_t n = strlen(host);
	const struct ca_preset *preset = ca_preset_at(host);
	if (f->ca && strncmp(given, host, n) == 0 && strchr("/", given[n]))
		return xstrdup(f->ca);
	return preset ? xstrdup(preset->directory) : NULL;
}

void foreign_use(struct foreign *c, const char *provider)
{
	c->dns.provider = xstrdup(provider);
	c->dns.set = json_object();
	c->dns.settings = json_object();
}

void foreign_set(struct foreign *c, const char *key, char *value)
{
	json_object_set_new(c->dns.set, key, json_string(value));
	free(value);
}
