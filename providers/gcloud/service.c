#include "service.h"

#include <stdlib.h>
#include <string.h>

#include "shared/given.h"

enum { PAGES_MOST = 100 };

void service_close(struct service *service)
{
	identity_close(&service->identity);
	free(service->zone);
	free(service->managed);
}

/* Google says 403 for too many requests too
 * (https://cloud.google.com/dns/docs/reference/error-codes). */
static enum dnsproof_rc judge(const struct dnsproof_call *call, const struct dnsproof_http_answer *a)
{
	const json_t *error = json_object_get(a->json, "error");
	const json_t *first = json_array_get(json_object_get(error, "errors"), 0);
	const char *reason = json_string_value(json_object_get(first, "reason"));
	enum dnsproof_rc rc = call->host->http_fail(call, a);

	if (a->status != 403 || !reason)
		return rc;
	if (strstr(reason, "ateLimitExceeded") || !strcmp(reason, "dailyLimitExceeded"))
		return DNSPROOF_RATE;
	return !strcmp(reason, "quotaExceeded") ? DNSPROOF_INVALID : rc;
}

enum dnsproof_rc service_ask(const struct dnsproof_call *call, struct service *service, const char *url,
                             const json_t *body, struct dnsproof_http_answer *answer)
{
	struct dnsproof_http_header header = {"Authorization", NULL};
	struct dnsproof_http_request r = {.size = sizeof(r),
	                                  .method = body ? "POST" : "GET",
	                                  .url = url,
	                                  .header = &header,
	                                  .headers = 1,
	                                  .json = body,
	                                  .any_status = 1};
	enum dnsproof_rc rc = identity_bearer(call, &service->identity, &header.value);

	if (rc != DNSPROOF_OK)
		return rc;
	*answer = (struct dnsproof_http_answer){.size = sizeof(*answer)};
	rc = call->host->http(call, &r, answer);
	if (rc == DNSPROOF_OK && answer->status == 401)
		oauth_free(&service->identity.token);
	return rc != DNSPROOF_OK || answer->status == 200 ? rc : judge(call, answer);
}

enum dnsproof_rc service_items(const struct dnsproof_call *call, const json_t *json, const char *member,
                               const char *kind, const json_t **items)
{
	const char *said = json_string_value(json_object_get(json, "kind"));

	*items = json_object_get(json, member);
	if (json_is_array(*items) || (!*items && said && !strcmp(said, kind)))
		return DNSPROOF_OK;
	return call->host->fail(call, DNSPROOF_TEMP, "Google's answer holds no %s", member);
}

static const char *base_url(const struct dnsproof_call *call, const char *project)
{
	return call->host->text(call, "%s/dns/v1/projects/%s/managedZones",
	                        given_base(call, "endpoint", "https://dns.googleapis.com"),
	                        given_path(call, project));
}

static int is_public(const json_t *item, const char *zone)
{
	const char *name = json_string_value(json_object_get(item, "dnsName"));
	const char *visibility = json_string_value(json_object_get(item, "visibility"));
	size_t n = strlen(zone);

	return name && !strncmp(name, zone, n) && !strcmp(name + n, ".") &&
	       (!visibility || !strcmp(visibility, "public"));
}

/* Of the zones of this name, the one that is meant; *found stays if it is not on this page. */
static enum dnsproof_rc page_search(const struct dnsproof_call *call, const json_t *json, const char *zone,
                                    const char **found)
{
	const char *wanted = given_text(call, "managed_zone"), *name;
	const json_t *items, *item;
	enum dnsproof_rc rc =
	    service_items(call, json, "managedZones", "dns#managedZonesListResponse", &items);
	size_t i;

	json_array_foreach(items, i, item)
	{
		name = json_string_value(json_object_get(item, "name"));
		if (!name || !is_public(item, zone) || (wanted && strcmp(name, wanted) != 0))
			continue;
		if (*found)
			return call->host->fail(call, DNSPROOF_INVALID,
			                        "%s: the managed zones %s and %s both have this name; add "
			                        "--set managed_zone=NAME",
			                        zone, *found, name);
		*found = call->host->text(call, "%s", name);
	}
	return rc;
}

static const char *page_url(const struct dnsproof_call *call, const char *project, const char *zone,
                            const char *page)
{
	return call->host->text(call, "%s?dnsName=%s.%s%s", base_url(call, project), given_path(call, zone),
	                        page ? "&pageToken=" : "", page ? given_path(call, page) : "");
}

static enum dnsproof_rc zone_search(const struct dnsproof_call *call, struct service *service,
                                    const char *project, const char *zone)
{
	const char *found = NULL, *page = NULL, *wanted = given_text(call, "managed_zone");
	enum dnsproof_rc rc = DNSPROOF_OK;
	struct dnsproof_http_answer a;
	int n = 0;

	do {
		rc = service_ask(call, service, page_url(call, project, zone, page), NULL, &a);
		if (rc == DNSPROOF_OK)
			rc = page_search(call, a.json, zone, &found);
		if (rc != DNSPROOF_OK)
			return rc;
		page = json_string_value(json_object_get(a.json, "nextPageToken"));
		if (page)
			page = call->host->text(call, "%s", page);
	} while (page && *page && ++n < PAGES_MOST);
	if (!found)
		return call->host->fail(call, DNSPROOF_NOZONE,
		                        "%s: no public managed zone of this name in the project %s%s%s", zone,
		                        project, wanted ? " that is called " : "", wanted ? wanted : "");
	free(service->zone);
	free(service->managed);
	service->zone = strdup(zone);
	service->managed = strdup(found);
	if (!service->zone || !service->managed)
		abort();
	return DNSPROOF_OK;
}

enum dnsproof_rc service_zone(const struct dnsproof_call *call, struct service *service, const char *zone,
                              const char **url)
{
	const char *project;
	enum dnsproof_rc rc = identity_project(call, &service->identity, &project);

	if (rc == DNSPROOF_OK && (!service->zone || strcmp(service->zone, zone) != 0))
		rc = zone_search(call, service, project, zone);
	if (rc == DNSPROOF_OK)
		*url = call->host->text(call, "%s/%s", base_url(call, project),
		                        given_path(call, service->managed));
	return rc;
}
