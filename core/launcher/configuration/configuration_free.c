#include "config.h"

#include <stdlib.h>

#include "common/mem.h"
#include "launcher/configuration/configuration.h"

static void dns_clear(struct config_dns *d)
{
	free(d->name);
	free(d->provider);
	free(d->line);
	json_decref(d->settings);
	layer_clear(&d->layer);
	strs_free(&d->words);
}

void configuration_free(struct configuration *c)
{
	for (size_t i = 0; i < c->ca.n; i++) {
		free(c->ca_at[i].name);
		layer_clear(&c->ca_at[i].layer);
	}
	for (size_t i = 0; i < c->dnss; i++)
		dns_clear(&c->dns[i]);
	for (size_t i = 0; i < c->deploys; i++)
		free(c->deploy_at[i].name);
	for (size_t i = 0; i < c->layerss; i++) {
		layer_clear(c->layers[i]);
		free(c->layers[i]);
	}
	free_all(c->ca_at, c->dns, c->deploy_at, c->layers, c->at, c->by_id, c->by_set);
	ca_accounts_free(&c->ca);
	layer_clear(&c->defaults);
	json_decref(c->deploy);
	strs_free(&c->files);
	arena_free(&c->arena);
	*c = (struct configuration){0};
}
