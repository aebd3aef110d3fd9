#include "config.h"

#include "launcher/configuration/notes.h"

struct noting {
	struct troubles *t;
	bool told[KEYS];
};

static void note(struct noting *n, const struct layer *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct given *g = &l->at[i];
		if (n->told[g->key] || json_is_null(g->value) || !spec_table[g->key].later)
			continue;
		n->told[g->key] = true;
		troubles_add(n->t, TROUBLE_NOTE, g->origin.file, g->origin.line,
		             "%s is read and checked, but this version does not act on it yet",
		             spec_name(g->key));
	}
}

void notes_add(const struct configuration *c, struct troubles *t)
{
	struct noting n = {.t = t};
	note(&n, &c->defaults);
	for (size_t i = 0; i < c->ca.n; i++)
		note(&n, &c->ca_at[i].layer);
	for (size_t i = 0; i < c->dnss; i++)
		note(&n, &c->dns[i].layer);
	for (size_t i = 0; i < c->layerss; i++)
		note(&n, c->layers[i]);
	troubles_sort(t);
}
