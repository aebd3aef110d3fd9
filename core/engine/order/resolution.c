#include "engine/order/resolution.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "engine/dns/lookup.h"
#include "engine/order/world.h"
#include "engine/spread/absence.h"
#include "engine/zone/zone.h"

static json_t *list_of(const struct strs *texts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < texts->n; i++)
		json_array_append_new(list, json_string(texts->at[i]));
	return list;
}

static char *settings_text(const struct strs *servers, const struct strs *resolvers)
{
	if (!servers->n && !resolvers->n)
		return xstrdup("");
	json_t *o = json_pack("{s:o, s:o}", spec_name(KEY_NAME_SERVERS), list_of(servers),
	                      spec_name(KEY_RESOLVER), list_of(resolvers));
	char *text = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);

	json_decref(o);
	return text;
}

void resolution_free(struct resolution *r)
{
	if (!r)
		return;
	absences_free(r->absences);
	zone_finder_free(r->finder);
	lookup_free(r->lookup);
	free(r->text);
	free(r);
}

/* text: stolen */
static struct resolution *resolution_new(struct world *e, char *text, const struct strs *servers,
                                         const struct strs *resolvers, struct err *err)
{
	struct resolution *r = xcalloc(1, sizeof(*r));

	r->text = text;
	r->lookup = lookup_new(e->loop, resolvers, err);
	if (r->lookup)
		r->finder = zone_finder_new(e->loop, e->ask, r->lookup, servers, err);
	if (!r->finder) {
		resolution_free(r);
		return NULL;
	}
	for (size_t i = 0; i < e->job->dnss; i++)
		zone_finder_follow(r->finder, &e->job->dns[i].targets);
	r->absences = absences_new(e->loop, e->ask, r->lookup, r->finder);
	return r;
}

struct resolution *world_resolution(struct world *e, const struct strs *servers, const struct strs *resolvers,
                                    struct err *err)
{
	char *text = settings_text(servers, resolvers);

	for (size_t i = 0; i < e->resolutions; i++) {
		if (strcmp(e->resolution[i]->text, text) == 0) {
			free(text);
			return e->resolution[i];
		}
	}
	struct resolution *r = resolution_new(e, text, servers, resolvers, err);
	if (r) {
		e->resolution = xgrow(e->resolution, e->resolutions, sizeof(*e->resolution));
		e->resolution[e->resolutions++] = r;
	}
	return r;
}

static void texts_take(struct strs *to, const json_t *list)
{
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v) if (json_is_string(v)) strs_add(to, json_string_value(v));
}

struct resolution *world_resolution_of(struct world *e, const char *text, struct err *err)
{
	json_t *o = text && *text ? json_loads(text, 0, NULL) : NULL;
	struct strs servers = {0}, resolvers = {0};

	texts_take(&servers, json_object_get(o, spec_name(KEY_NAME_SERVERS)));
	texts_take(&resolvers, json_object_get(o, spec_name(KEY_RESOLVER)));
	json_decref(o);
	struct resolution *r = world_resolution(e, &servers, &resolvers, err);
	strs_free(&servers);
	strs_free(&resolvers);
	return r;
}
