#include "config.h"

#include "launcher/config_rivals.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/import/rivals.h"

static void tell(const struct configured *k, const struct rival *r, const char *name, struct troubles *t)
{
	troubles_add(
	    t, TROUBLE_NOTE, k->origin.file, k->origin.line,
	    "%s: %s renews a certificate for it, too (%s), which counts against the CA's limits; when "
	    "nothing reads that one any more: %s",
	    name, r->client, r->where, r->end);
}

/* told: by rival, the number of the certificate for which it was told last. */
static void look(const struct rivals *all, const struct configuration *c, size_t which, size_t *told,
                 struct troubles *t)
{
	const struct configured *k = &c->at[which];
	char *copy = xstrdup(k->names), *rest = copy, *name;
	while ((name = strsep(&rest, " "))) {
		const struct rival_name *found = rivals_find(all, name), *end = all->name + all->names;
		for (; found && found < end && strcmp(found->name, name) == 0; found++) {
			if (told[found->of] != which + 1)
				tell(k, &all->at[found->of], name, t);
			told[found->of] = which + 1;
		}
	}
	free(copy);
}

void config_rivals_add(const struct configuration *c, struct troubles *t)
{
	struct rivals all;
	rivals_read(&all);
	size_t *told = xcalloc(all.n + 1, sizeof *told);
	for (size_t i = 0; all.n && i < c->n; i++)
		look(&all, c, i, told, t);
	free(told);
	rivals_free(&all);
}
