#include <string.h>
#include <strings.h>

#include "hosts.h"
#include "shared/given.h"
#include "shared/module.h"
#include "shared/quoted.h"

enum { LEAST_TTL = 60, MOST_TTL = 60000 };

static int is_txt_at(const json_t *record, const char *relative)
{
	return !strcasecmp(hosts_text(record, "Type"), "TXT") &&
	       !strcasecmp(hosts_text(record, "Name"), relative);
}

static int is_value(const json_t *record, const struct dnsproof_txt *txt)
{
	const char *address = hosts_text(record, "Address");

	return is_txt_at(record, txt->relative) &&
	       (!strcmp(address, txt->value) || (*address == '"' && quoted_is(address, txt->value)));
}

/* Writes the zone and reads it back: the API says that it took the records, not that all are there.
 * A read that still shows the zone as it was before is late, no loss. */
static enum dnsproof_rc replace(const struct dnsproof_call *call, const char *zone,
                                const struct hosts *before, const struct hosts *after)
{
	struct hosts now = {0};
	enum dnsproof_rc rc = hosts_write(call, zone, after);

	if (rc != DNSPROOF_OK)
		return rc;
	rc = hosts_read(call, zone, &now);
	if (rc == DNSPROOF_OK && !hosts_are_same(&now, after) && !hosts_are_same(&now, before))
		rc =
		    call->host->fail(call, DNSPROOF_TEMP,
		                     "after the write there are %zu records, %zu were written: somebody else "
		                     "changed the zone at the same moment",
		                     json_array_size(now.list), json_array_size(after->list));
	hosts_free(&now);
	return rc;
}

static enum dnsproof_rc change(struct dnsproof_txt_call *c, int del)
{
	const struct dnsproof_txt *txt = c->txt;
	unsigned ttl = txt->ttl < LEAST_TTL ? LEAST_TTL : txt->ttl > MOST_TTL ? MOST_TTL : txt->ttl;
	struct hosts before, after = {.list = json_array()};
	enum dnsproof_rc rc = hosts_read(&c->call, txt->zone, &before);
	json_t *record;
	size_t i, found = 0;

	json_array_foreach(before.list, i, record)
	{
		int ours = is_value(record, txt);

		found += ours != 0;
		if (!ours || !del)
			json_array_append(after.list, record);
	}
	after.mail = before.mail;
	if (!del)
		json_array_append_new(after.list, json_pack("{s:s,s:s,s:s,s:s,s:o}", "Name", txt->relative,
		                                            "Type", "TXT", "Address", txt->value, "MXPref",
		                                            "10", "TTL", json_sprintf("%u", ttl)));
	if (rc == DNSPROOF_OK && (del ? found > 0 : found == 0))
		rc = replace(&c->call, txt->zone, &before, &after);
	hosts_free(&before);
	hosts_free(&after);
	return rc;
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	return change(c, 0);
}

static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	return change(c, 1);
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	struct hosts hosts;
	enum dnsproof_rc rc = hosts_read(&c->call, c->zone, &hosts);

	hosts_free(&hosts);
	return rc;
}

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	struct hosts hosts;
	enum dnsproof_rc rc = hosts_read(&c->call, c->zone, &hosts);
	const json_t *record;
	size_t i;

	json_array_foreach(hosts.list, i, record) if (rc == DNSPROOF_OK && is_txt_at(record, c->relative))
	    c->value(c, hosts_text(record, "Address"), strlen(hosts_text(record, "Address")));
	hosts_free(&hosts);
	return rc;
}

static const struct dnsproof_option options[] = {
    {"user", DNSPROOF_REQUIRED, "NAMECHEAP_API_USER NAMECHEAP_USERNAME", NULL, "API user"},
    {"key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "NAMECHEAP_API_KEY", NULL,
     "API key of Profile, Tools, API Access; it can do all that the account can, so allow only the "
     "addresses that need it there"},
    {"username", 0, NULL, NULL, "user whose domains they are, if another"},
    {"client_ip", DNSPROOF_REQUIRED, "NAMECHEAP_CLIENT_IP NAMECHEAP_SOURCEIP", NULL,
     "this machine's public IPv4 address, as it stands in the list of allowed addresses there"},
    {"sandbox", DNSPROOF_BOOL, NULL, "no", "ask https://api.sandbox.namecheap.com"},
    {"endpoint", DNSPROOF_URL, NULL, NULL, "the API, if another"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("namecheap", "Namecheap; every change rewrites the whole zone",
           "https://www.namecheap.com/support/api/methods/domains-dns/set-hosts/"),
    .limits = {.least_ttl = LEAST_TTL, .requests_per_minute = 20},
    .replaces = DNSPROOF_ZONE,
    MODULE_CALLS,
    .uses_http = 1,
};
