#include "probe.h"

#include <stdlib.h>
#include <unistd.h>

enum { WHY_ROOM = 256, RANDOM_VALUE = 43 };

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
static bool probe_ask(struct ask *a, struct primary *p, const char *zone, const char *name,
		      bool change)
{
	char value[RANDOM_VALUE + 1];
	struct update *u = update_new(zone);

	value_invent(value);
	bool ok = u && update_demand(u, name, value) && (!change || update_del(u, name, value)) &&
		  ask_update(a, p, u, true);
	update_free(u);
	return ok;
}

static bool judge(struct outcome *o, struct primary *p, const struct ask asks[3], const char *zone,
		  const char *name, int64_t deadline)
{
	if (!verdict_of_update(o, p, &asks[0], RCODE_NXRRSET, zone, name, deadline))
		return false;
	if (!reply_has_zone(asks[1].reply, zone))
		return verdict_no_zone(o, p, asks[1].reply, zone);
	return verdict_of_question(o, p, &asks[2], zone, name, deadline) &&
	       !verdict_alias(o, p, asks[2].reply, name);
}

bool probe_name(struct outcome *o, struct primary *p, const char *zone, const char *name,
		int64_t deadline)
{
	const char *at = name ? name : zone;
	struct ask asks[3] = {0};
	char why[WHY_ROOM];
	bool ok = false;

	if (!probe_ask(&asks[0], p, zone, at, name != NULL) ||
	    !ask_question(&asks[1], p, zone, TYPE_SOA, true) ||
	    !ask_question(&asks[2], p, at, TYPE_TXT, true))
		outcome_set(o, DNSPROOF_INVALID, "no update can be made of %s in zone %s", at, zone);
	else if (!primary_exchange(p, asks, 3, deadline, why, sizeof(why)))
		outcome_set(o, DNSPROOF_TEMP, "%s", why);
	else
		ok = judge(o, p, asks, zone, at, deadline);
	for (size_t i = 0; i < 3; i++)
		ask_clear(&asks[i]);
	return ok;
}
