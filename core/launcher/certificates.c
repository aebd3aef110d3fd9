#include "config.h"

#include "launcher/certificates.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/jsonfile.h"

bool certificates_load(struct certificates *all, const char *state, struct strs *damaged, struct err *e)
{
	char *folder = xasprintf("%s/issued", state);
	struct strs ids = {0};
	bool ok = jsonfile_list(folder, &ids, e);
	*all = (struct certificates){0};
	for (size_t i = 0; i < ids.n; i++) {
		struct known_certificate c = {.origin = "issue", .renews = true};
		struct err why = {""};
		if (certificate_load(&c.cert, state, ids.at[i], &why)) {
			c.id = xstrdup(ids.at[i]);
			all->at = xgrow(all->at, all->n, sizeof *all->at);
			all->at[all->n++] = c;
		} else if (why.text[0]) {
			strs_add(damaged, why.text);
		}
	}
	strs_free(&ids);
	free(folder);
	return ok;
}

static int by_id(const void *id, const void *k)
{
	return strcmp(id, ((const struct known_certificate *)k)->id);
}

struct known_certificate *certificates_find(const struct certificates *all, const char *id)
{
	return all->n ? bsearch(id, all->at, all->n, sizeof *all->at, by_id) : NULL;
}

void certificates_free(struct certificates *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->at[i].id);
		certificate_free(&all->at[i].cert);
	}
	free(all->at);
	*all = (struct certificates){0};
}
