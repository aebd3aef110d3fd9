#include "sets.h"

#include <stdlib.h>
#include <string.h>

#include "canonical.h"
#include "verdict.h"

#define API "/2013-04-01"
#define HEAD                                                                                                 \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ChangeResourceRecordSetsRequest "                      \
	"xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>"
#define TAIL "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"

static enum dnsproof_rc ask(const struct hosted *h, const char *method, const char *path, const char *query,
                            const char *body, const char *fine, json_t **xml)
{
	const char *endpoint = option_text(h->call, "endpoint");
	struct sign_key key = keys_sign(h->keys);
	const struct aws_place *place = aws_place(h->call);

	return aws_ask(h->call,
	               &(struct aws_request){.key = &key,
	                                     .service = "route53",
	                                     .region = place->region,
	                                     .endpoint = endpoint ? endpoint : place->endpoint,
	                                     .method = method,
	                                     .path = path,
	                                     .query = query,
	                                     .content_type = body ? "application/xml" : NULL,
	                                     .body = body,
	                                     .where = h->zone,
	                                     .fine = fine},
	               xml);
}

/* "/hostedzone/Z123" and "/change/C123": the part behind the last slash, if it is of letters and
 * digits. */
static const char *plain_id(const struct dnsproof_call *call, const char *text)
{
	const char *slash = text ? strrchr(text, '/') : NULL, *id = slash ? slash + 1 : text;

	if (!id || !*id || strlen(id) >= CHANGE_ID_MOST ||
	    strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != strlen(id))
		return NULL;
	return call->host->text(call, "%s", id);
}

static enum dnsproof_rc several(const struct hosted *h, const char *one, const char *other)
{
	return h->call->host->fail(
	    h->call, DNSPROOF_INVALID,
	    "%s: the account has several public zones of that name (%s, %s); add --set "
	    "hosted_zone_id=ID",
	    h->zone, one, other);
}

static enum dnsproof_rc zones_scan(struct hosted *h, const json_t *xml)
{
	const json_t *zones = verdict_at(xml, "HostedZones.HostedZone"), *zone;
	const char *dotted = h->call->host->text(h->call, "%s.", h->zone);

	if (!json_object_get(xml, "HostedZones"))
		return aws_odd(h->call, h->zone);
	for (size_t i = 0; (zone = aws_item(zones, i)); i++) {
		const char *name = verdict_text(zone, "Name");
		const char *id = plain_id(h->call, verdict_text(zone, "Id"));

		if (!name || !id)
			return aws_odd(h->call, h->zone);
		if (strcmp(name, dotted) != 0 ||
		    verdict_fits(verdict_text(zone, "Config.PrivateZone"), "true"))
			continue;
		if (h->id)
			return several(h, h->id, id);
		h->id = id;
	}
	if (h->id)
		return DNSPROOF_OK;
	return h->call->host->fail(h->call, DNSPROOF_NOZONE, "no public hosted zone %s is in this account",
	                           h->zone);
}

enum dnsproof_rc hosted_find(struct hosted *h)
{
	const char *given = option_text(h->call, "hosted_zone_id");
	enum dnsproof_rc rc;
	json_t *xml;

	h->id = plain_id(h->call, given);
	if (h->id)
		return DNSPROOF_OK;
	if (given)
		return h->call->host->fail(h->call, DNSPROOF_INVALID,
		                           "option hosted_zone_id: %.60s is not of the form Z0123456789ABC",
		                           given);
	rc = ask(h, "GET", API "/hostedzonesbyname",
	         canonical_pairs(h->call, "dnsname", h->call->host->text(h->call, "%s.", h->zone), "maxitems",
	                         "100", NULL),
	         NULL, NULL, &xml);
	if (rc == DNSPROOF_OK)
		rc = zones_scan(h, xml);
	json_decref(xml);
	return rc;
}

static const char *sets_path(const struct hosted *h)
{
	return h->call->host->text(h->call, API "/hostedzone/%s/rrset", h->id);
}

static enum dnsproof_rc set_take(const struct hosted *h, const json_t *found, struct set *set)
{
	const json_t *records = verdict_at(found, "ResourceRecords.ResourceRecord"), *record;
	const char *ttl = verdict_text(found, "TTL"), *value;

	if (json_object_get(found, "SetIdentifier") || json_object_get(found, "AliasTarget"))
		return h->call->host->fail(
		    h->call, DNSPROOF_INVALID,
		    "%s: the TXT set has a routing policy or is an alias; dnsproof writes "
		    "only simple sets",
		    set->name);
	if (!ttl || !aws_item(records, 0))
		return aws_odd(h->call, h->zone);
	set->ttl = strtoll(ttl, NULL, 10);
	set->values = json_array();
	for (size_t i = 0; (record = aws_item(records, i)); i++) {
		value = verdict_text(record, "Value");
		if (!value)
			return aws_odd(h->call, h->zone);
		json_array_append_new(set->values, json_string(value));
	}
	return DNSPROOF_OK;
}

/* One set, or none, begins the list: the first that does not sort before the name and type. */
static enum dnsproof_rc set_find(const struct hosted *h, const json_t *xml, const char *dotted,
                                 struct set *set)
{
	const json_t *found = aws_item(verdict_at(xml, "ResourceRecordSets.ResourceRecordSet"), 0);
	const char *name = verdict_text(found, "Name"), *type = verdict_text(found, "Type");

	if (!json_object_get(xml, "ResourceRecordSets") || (found && (!name || !type)))
		return aws_odd(h->call, h->zone);
	if (!found || strcmp(name, dotted) != 0 || strcmp(type, "TXT") != 0)
		return DNSPROOF_OK;
	return set_take(h, found, set);
}

enum dnsproof_rc set_get(const struct hosted *h, const char *name, struct set *set)
{
	const char *dotted = h->call->host->text(h->call, "%s.", name);
	const char *query = canonical_pairs(h->call, "name", dotted, "type", "TXT", "maxitems", "1", NULL);
	json_t *xml;
	enum dnsproof_rc rc = ask(h, "GET", sets_path(h), query, NULL, NULL, &xml);

	*set = (struct set){.name = name};
	if (rc == DNSPROOF_OK)
		rc = set_find(h, xml, dotted, set);
	json_decref(xml);
	return rc;
}

static const char *change_text(const struct hosted *h, const char *action, const struct set *set)
{
	const struct dnsproof_host *host = h->call->host;
	const char *records = "";
	const json_t *value;
	size_t i;

	if (!set->values)
		return "";
	json_array_foreach(set->values, i, value)
	{
		const char *text = json_string_value(value);

		records = host->text(h->call, "%s<ResourceRecord><Value>%s</Value></ResourceRecord>", records,
		                     host->encode(h->call, "xml", text, strlen(text)));
	}
	return host->text(h->call,
	                  "<Change><Action>%s</Action><ResourceRecordSet><Name>%s.</Name><Type>TXT</Type>"
	                  "<TTL>%lld</TTL><ResourceRecords>%s</ResourceRecords></ResourceRecordSet></Change>",
	                  action, host->encode(h->call, "xml", set->name, strlen(set->name)),
	                  (long long)set->ttl, records);
}

enum dnsproof_rc sets_change(const struct hosted *h, const struct set_edit *edit, size_t n, char *change_id)
{
	const char *body = HEAD, *id;
	enum dnsproof_rc rc;
	json_t *xml;

	for (size_t i = 0; i < n; i++)
		body = h->call->host->text(h->call, "%s%s%s", body, change_text(h, "DELETE", &edit[i].before),
		                           change_text(h, "CREATE", &edit[i].after));
	rc = ask(h, "POST", h->call->host->text(h->call, "%s/", sets_path(h)), NULL,
	         h->call->host->text(h->call, "%s" TAIL, body), NULL, &xml);
	*change_id = '\0';
	id = rc == DNSPROOF_OK ? plain_id(h->call, verdict_text(xml, "ChangeInfo.Id")) : NULL;
	if (id)
		strcpy(change_id, id);
	json_decref(xml);
	return rc;
}

enum dnsproof_rc change_live(const struct hosted *h, const char *change_id, int *live)
{
	const char *id = plain_id(h->call, change_id), *state;
	json_t *xml;
	enum dnsproof_rc rc;

	*live = 1;
	if (!id)
		return DNSPROOF_OK;
	rc = ask(h, "GET", h->call->host->text(h->call, API "/change/%s", id), NULL, NULL, "NoSuchChange",
	         &xml);
	if (rc != DNSPROOF_OK || !xml)
		return rc;
	state = verdict_text(xml, "ChangeInfo.Status");
	*live = state && !strcmp(state, "INSYNC");
	json_decref(xml);
	return state ? DNSPROOF_OK : aws_odd(h->call, h->zone);
}
