#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WHY_ROOM = 256, RANDOM_VALUE = 43, SIBLING_LABEL = 30 };

enum { PROBE_UPDATE, PROBE_ZONE, PROBE_NAME, PROBE_SIBLING, PROBES };

static void value_invent(char value[RANDOM_VALUE + 1])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint8_t octets[RANDOM_VALUE];

	if (getentropy(octets, sizeof(octets)) != 0)
		abort();
	for (size_t i = 0; i < RANDOM_VALUE; i++)
		value[i] = digits[octets[i] & 63];
	value[RANDOM_VALUE] = '\0';
}

/* An update that changes nothing twice over: it demands that a value just invented is the only one at
 * the name, and deletes that value. */
static bool probe_ask(struct ask *a, struct primary *p, const char *zone, const char *name, bool change)
{
	char value[RANDOM_VALUE + 1];
	struct update *u = update_new(zone);

	value_invent(value);
	bool ok = u && update_demand(u, name, value) && (!change || update_del(u, name, value)) &&
	          ask_update(a, p, u, true);
	update_free(u);
	return ok;
}

/* Another name beside `name` that nobody has. */
static void sibling_invent(char sibling[NAME_ROOM], const char *name)
{
	char label[RANDOM_VALUE + 1];
	const char *parent = strchr(name, '.');

	value_invent(label);
	snprintf(sibling, NAME_ROOM, "x%.*s%s", SIBLING_LABEL, label, parent ? parent : "");
}

/* A CNAME that a wildcard made gives way to a TXT at the name itself (RFC 4592 section 2.2.1): a name
 * that nobody has shows the same one. */
static bool alias_is_from_wildcard(const struct reply *at_name, const char *name,
                                   const struct reply *at_sibling, const char *sibling)
{
	char target[NAME_ROOM], other[NAME_ROOM];

	return reply_alias(at_name, name, target, sizeof(target)) &&
	       reply_alias(at_sibling, sibling, other, sizeof(other)) && strcmp(target, other) == 0;
}

static bool judge(struct outcome *o, struct primary *p, const struct ask asks[PROBES], const char *zone,
                  const char *name, const char *sibling, int64_t deadline)
{
	const struct reply *at_name = asks[PROBE_NAME].reply;

	if (!verdict_of_update(o, p, &asks[PROBE_UPDATE], RCODE_NXRRSET, zone, name, deadline))
		return false;
	if (!reply_has_zone(asks[PROBE_ZONE].reply, zone))
		return verdict_no_zone(o, p, asks[PROBE_ZONE].reply, zone);
	if (!verdict_of_question(o, p, &asks[PROBE_NAME], zone, name, deadline))
		return false;
	return alias_is_from_wildcard(at_name, name, asks[PROBE_SIBLING].reply, sibling) ||
	       !verdict_alias(o, p, at_name, name);
}

bool probe_name(struct outcome *o, struct primary *p, const char *zone, const char *name, int64_t deadline)
{
	const char *at = name ? name : zone;
	struct ask asks[PROBES] = {0};
	char why[WHY_ROOM], sibling[NAME_ROOM];
	bool ok = false;

	sibling_invent(sibling, at);
	if (!probe_ask(&asks[PROBE_UPDATE], p, zone, at, name != NULL) ||
	    !ask_question(&asks[PROBE_ZONE], p, zone, TYPE_SOA, true) ||
	    !ask_question(&asks[PROBE_NAME], p, at, TYPE_TXT, true) ||
	    !ask_question(&asks[PROBE_SIBLING], p, sibling, TYPE_TXT, true))
		outcome_set(o, DNSPROOF_INVALID, "no update can be made of %s in zone %s", at, zone);
	else if (!primary_exchange(p, asks, PROBES, deadline, why, sizeof(why)))
		outcome_set(o, DNSPROOF_TEMP, "%s", why);
	else
		ok = judge(o, p, asks, zone, at, sibling, deadline);
	for (size_t i = 0; i < PROBES; i++)
		ask_clear(&asks[i]);
	return ok;
}
