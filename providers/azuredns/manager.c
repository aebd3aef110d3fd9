#define _GNU_SOURCE
#include "manager.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shared/given.h"

enum { PAGES_MOST = 100 };

const char *manager_versioned(const struct dnsproof_call *call, const char *url)
{
	return call->host->text(call, "%s?api-version=2018-05-01", url);
}

void manager_close(struct manager *manager)
{
	identity_close(&manager->identity);
	free(manager->zone);
	free(manager->group);
}

enum dnsproof_rc manager_ask(const struct dnsproof_call *call, struct manager *manager,
                             const struct manager_request *request, struct dnsproof_http_answer *answer)
{
	struct dnsproof_http_header header[2] = {{"Authorization", NULL}};
	struct dnsproof_http_request r = {.size = sizeof(r),
	                                  .method = request->method,
	                                  .url = request->url,
	                                  .header = header,
	                                  .headers = request->condition ? 2 : 1,
	                                  .json = request->json,
	                                  .any_status = 1};
	enum dnsproof_rc rc = identity_bearer(call, &manager->identity, &header[0].value);

	if (rc != DNSPROOF_OK)
		return rc;
	if (request->condition)
		header[1] = *request->condition;
	*answer = (struct dnsproof_http_answer){.size = sizeof(*answer)};
	rc = call->host->http(call, &r, answer);
	if (rc == DNSPROOF_OK && answer->status == 401)
		oauth_free(&manager->identity.token);
	return rc;
}

static const char *subscription_url(const struct dnsproof_call *call)
{
	return call->host->text(call, "%s/subscriptions/%s", identity_manager(call),
	                        given_path(call, given_text(call, "subscription")));
}

static const char *zone_url(const struct dnsproof_call *call, const char *group, const char *zone)
{
	return call->host->text(call, "%s/resourceGroups/%s/providers/Microsoft.Network/dnsZones/%s",
	                        subscription_url(call), given_path(call, group), given_path(call, zone));
}

static void remember(struct manager *manager, const char *zone, const char *group)
{
	free(manager->zone);
	free(manager->group);
	manager->zone = strdup(zone);
	manager->group = strdup(group);
	if (!manager->zone || !manager->group)
		abort();
}

static enum dnsproof_rc zone_see(const struct dnsproof_call *call, struct manager *manager, const char *zone,
                                 const char *group)
{
	struct manager_request r = {.method = "GET",
	                            .url = manager_versioned(call, zone_url(call, group, zone))};
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc = manager_ask(call, manager, &r, &a);
	const char *name;

	if (rc != DNSPROOF_OK)
		return rc;
	if (a.status != 200)
		return call->host->http_fail(call, &a);
	name = json_string_value(json_object_get(a.json, "name"));
	if (!name || strcasecmp(name, zone) != 0)
		return call->host->fail(call, DNSPROOF_TEMP, "%s: Azure's answer is not this zone", zone);
	remember(manager, zone, group);
	return DNSPROOF_OK;
}

/* Of /subscriptions/S/resourceGroups/G/providers/...; a text of the host, NULL if it is no such id.
 */
static const char *group_of(const struct dnsproof_call *call, const char *id)
{
	const char *group = id ? strcasestr(id, "/resourceGroups/") : NULL;

	if (!group)
		return NULL;
	group += strlen("/resourceGroups/");
	return call->host->text(call, "%.*s", (int)strcspn(group, "/"), group);
}

static int is_public(const json_t *item)
{
	const json_t *properties = json_object_get(item, "properties");
	const char *type = json_string_value(json_object_get(properties, "zoneType"));

	return !type || strcasecmp(type, "Private") != 0;
}

/* The group of the zone among those of one page; *found stays if it is not there. */
static enum dnsproof_rc page_search(const struct dnsproof_call *call, const json_t *json, const char *zone,
                                    const char **found)
{
	const json_t *items = json_object_get(json, "value"), *item;
	const char *group, *name;
	size_t i;

	if (!json_is_array(items))
		return call->host->fail(call, DNSPROOF_TEMP,
		                        "Azure's list of zones is not of the known form");
	json_array_foreach(items, i, item)
	{
		name = json_string_value(json_object_get(item, "name"));
		if (!name || strcasecmp(name, zone) != 0 || !is_public(item))
			continue;
		group = group_of(call, json_string_value(json_object_get(item, "id")));
		if (!group)
			return call->host->fail(call, DNSPROOF_TEMP, "%s: Azure gave no resource group",
			                        zone);
		if (*found)
			return call->host->fail(call, DNSPROOF_INVALID,
			                        "%s: is in the resource groups %s and %s; add --set "
			                        "resource_group=NAME",
			                        zone, *found, group);
		*found = group;
	}
	return DNSPROOF_OK;
}

/* The next page's URL to *url, NULL behind the last one. */
static enum dnsproof_rc page_next(const struct dnsproof_call *call, const json_t *json, const char **url)
{
	const char *next = json_string_value(json_object_get(json, "nextLink"));
	const char *base = identity_manager(call);

	*url = NULL;
	if (!next || !*next)
		return DNSPROOF_OK;
	if (strncmp(next, base, strlen(base)) != 0 || next[strlen(base)] != '/')
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "the list of zones goes on at another host, which is not asked");
	*url = call->host->text(call, "%s", next);
	return DNSPROOF_OK;
}

static enum dnsproof_rc zone_search(const struct dnsproof_call *call, struct manager *manager,
                                    const char *zone)
{
	const char *url = manager_versioned(
	    call, call->host->text(call, "%s/providers/Microsoft.Network/dnszones", subscription_url(call)));
	const char *group = NULL;
	enum dnsproof_rc rc = DNSPROOF_OK;
	struct dnsproof_http_answer a;

	for (int page = 0; rc == DNSPROOF_OK && url && page < PAGES_MOST; page++) {
		struct manager_request r = {.method = "GET", .url = url};

		rc = manager_ask(call, manager, &r, &a);
		if (rc == DNSPROOF_OK && a.status != 200)
			rc = call->host->http_fail(call, &a);
		if (rc == DNSPROOF_OK)
			rc = page_search(call, a.json, zone, &group);
		if (rc == DNSPROOF_OK)
			rc = page_next(call, a.json, &url);
	}
	if (rc != DNSPROOF_OK)
		return rc;
	if (!group)
		return call->host->fail(call, DNSPROOF_NOZONE,
		                        "%s: no public DNS zone of this name in the subscription", zone);
	remember(manager, zone, group);
	return DNSPROOF_OK;
}

enum dnsproof_rc manager_zone(const struct dnsproof_call *call, struct manager *manager, const char *zone,
                              const char **url)
{
	const char *group = given_text(call, "resource_group");
	enum dnsproof_rc rc = DNSPROOF_OK;

	if (!manager->zone || strcmp(manager->zone, zone) != 0)
		rc = group ? zone_see(call, manager, zone, group) : zone_search(call, manager, zone);
	if (rc == DNSPROOF_OK)
		*url = zone_url(call, manager->group, zone);
	return rc;
}
