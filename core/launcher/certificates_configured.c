#include "config.h"

#include "launcher/certificates_configured.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/issue_configured.h"

static void known_free(struct known_certificate *k)
{
	free(k->id);
	certificate_free(&k->cert);
}

static void drop_issued(struct certificates *all, const struct configuration *c)
{
	size_t kept = 0;
	for (size_t i = 0; i < all->n; i++)
		if (configuration_find(c, all->at[i].id))
			known_free(&all->at[i]);
		else
			all->at[kept++] = all->at[i];
	all->n = kept;
}

static bool is_renewed(const struct configured *k)
{
	json_t *v = layer_value(k->layer, KEY_RENEW);
	bool no = json_is_string(v) && strcmp(json_string_value(v), "no") == 0;
	json_decref(v);
	return !no;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct known_certificate *)a)->id, ((const struct known_certificate *)b)->id);
}

void certificates_configured(struct certificates *all, const struct configuration *c,
                             struct dns_accounts *dns, struct ca_accounts *cas, struct strs *damaged)
{
	drop_issued(all, c);
	for (size_t i = 0; i < c->n; i++) {
		struct known_certificate one = {.origin = ORIGIN_CONFIGURATION,
		                                .renews = is_renewed(&c->at[i])};
		struct err e;
		if (issue_configured_choose(c, &c->at[i], &one.cert, dns, cas, &e)) {
			one.id = xstrdup(c->at[i].id);
			all->at = xgrow(all->at, all->n, sizeof *all->at);
			all->at[all->n++] = one;
		} else {
			strs_add(damaged, e.text);
			certificate_free(&one.cert);
		}
	}
	if (all->n)
		qsort(all->at, all->n, sizeof *all->at, by_id);
}
