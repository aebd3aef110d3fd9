#include "verdict.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

enum { WHY_ROOM = 256 };

bool outcome_set(struct outcome *o, enum dnsproof_rc rc, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(o->words, sizeof(o->words), format, arguments);
	va_end(arguments);
	o->rc = rc;
	o->unchanged = false;
	return rc == DNSPROOF_OK;
}

static bool clock_words(struct outcome *o, const struct primary *p, uint64_t server)
{
	const char *s = transport_name(p->transport);
	int64_t apart = (int64_t)(server - (uint64_t)time(NULL));

	if (server == 0)
		return outcome_set(o, DNSPROOF_AUTH,
		                   "%s: its clock and this host's differ by more than %d seconds "
		                   "(BADTIME); set both by NTP",
		                   s, TSIG_FUDGE);
	return outcome_set(o, DNSPROOF_AUTH,
	                   "%s: its clock is %" PRId64 " seconds %s this host's, more than the %d allowed "
	                   "(BADTIME); set both by NTP",
	                   s, apart < 0 ? -apart : apart, apart < 0 ? "behind" : "ahead of", TSIG_FUDGE);
}

static bool tsig_error(struct outcome *o, const struct primary *p, const struct ask *a, const char *name)
{
	const char *s = transport_name(p->transport);
	const char *key = p->key.name, *algorithm = p->key.algorithm->name;

	switch (a->told.error) {
	case TSIG_BADSIG:
		return outcome_set(o, DNSPROOF_AUTH,
		                   "%s has another secret for the key '%s' (%s): BADSIG; compare the "
		                   "secrets here and there",
		                   s, key, algorithm);
	case TSIG_BADKEY:
		return outcome_set(o, DNSPROOF_AUTH,
		                   "%s does not know the key '%s' with %s: BADKEY; compare name and "
		                   "algorithm here and there%s%s",
		                   s, key, algorithm,
		                   name ? ", and if it is Knot, whether its acl lets this key update TXT at "
		                        : "",
		                   name ? name : "");
	case TSIG_BADTIME:
		return clock_words(o, p, a->told.server_time);
	default:
		return outcome_set(o, DNSPROOF_AUTH,
		                   "%s refuses the signature by the key '%s': %s, TSIG error %u", s, key,
		                   rcode_name(reply_rcode(a->reply)), a->told.error);
	}
}

/* Whether the reply may be believed as a success. */
static bool signature_good(struct outcome *o, const struct primary *p, const struct ask *a)
{
	const char *s = transport_name(p->transport);

	switch (a->verdict) {
	case TSIG_GOOD:
		return true;
	case TSIG_SKEWED:
		return clock_words(o, p, a->told.signed_time);
	case TSIG_ABSENT:
		return outcome_set(o, DNSPROOF_AUTH,
		                   "%s answered %s without a signature although we signed with the key "
		                   "'%s': not believed; is it the right server?",
		                   s, rcode_name(reply_rcode(a->reply)), p->key.name);
	default:
		return outcome_set(o, DNSPROOF_AUTH,
		                   "%s answered %s with a wrong signature (key '%s'): not believed; is it "
		                   "the right server?",
		                   s, rcode_name(reply_rcode(a->reply)), p->key.name);
	}
}

static const char *unsigned_words(const struct ask *a)
{
	return a->with_key && a->verdict == TSIG_ABSENT ? " (answer not signed)" : "";
}

static bool believable(const struct ask *a)
{
	return a->verdict == TSIG_GOOD || a->verdict == TSIG_ABSENT;
}

static bool refused(struct outcome *o, const struct primary *p, const struct ask *a, const char *zone,
                    const char *name)
{
	const char *s = transport_name(p->transport);
	const char *rcode = rcode_name(reply_rcode(a->reply));

	if (!p->keyed)
		return outcome_set(o, DNSPROOF_AUTH,
		                   "%s refused the update of %s in zone %s: %s; it was not signed, give "
		                   "the key: key=file:PATH",
		                   s, name, zone, rcode);
	if (a->verdict == TSIG_ABSENT)
		return outcome_set(o, DNSPROOF_AUTH,
		                   "%s refused the update of %s in zone %s: %s%s; compare the key '%s' "
		                   "(%s) and its secret here and there, set the clocks, and let it "
		                   "update: PowerDNS: dnsupdate=yes, pdnsutil set-meta %s "
		                   "TSIG-ALLOW-DNSUPDATE %s",
		                   s, name, zone, rcode, unsigned_words(a), p->key.name,
		                   p->key.algorithm->name, zone, p->key.name);
	return outcome_set(o, DNSPROOF_AUTH,
	                   "%s refused the update of %s in zone %s: %s; let the key do it: BIND: "
	                   "update-policy { grant %s. name %s. TXT; }; PowerDNS: pdnsutil set-meta %s "
	                   "TSIG-ALLOW-DNSUPDATE %s",
	                   s, name, zone, rcode, p->key.name, name, zone, p->key.name);
}

bool verdict_no_zone(struct outcome *o, const struct primary *p, const struct reply *r, const char *zone)
{
	return outcome_set(o, DNSPROOF_NOZONE,
	                   "%s does not serve the zone %s (asked for its SOA: %s); point server= at the "
	                   "zone's primary",
	                   transport_name(p->transport), zone, rcode_name(reply_rcode(r)));
}

/* Asks whether the server has the zone and whether the name is an alias. Returns true if that
 * explains a refusal. */
static bool look_into(struct outcome *o, struct primary *p, bool with_key, const char *zone, const char *name,
                      int64_t deadline)
{
	char why[WHY_ROOM];
	struct ask asks[2] = {0};
	bool explained = false;

	if (!ask_question(&asks[0], p, zone, TYPE_SOA, with_key) ||
	    !ask_question(&asks[1], p, name, TYPE_TXT, with_key) ||
	    !primary_exchange(p, asks, 2, deadline, why, sizeof(why)))
		goto out;
	explained = true;
	if (!reply_has_zone(asks[0].reply, zone))
		verdict_no_zone(o, p, asks[0].reply, zone);
	else
		explained = verdict_alias(o, p, asks[1].reply, name);
out:
	ask_clear(&asks[0]);
	ask_clear(&asks[1]);
	return explained;
}

static bool update_failed(struct outcome *o, struct primary *p, const struct ask *a, const char *zone,
                          const char *name, int64_t deadline)
{
	const char *s = transport_name(p->transport);
	unsigned rcode = reply_rcode(a->reply);
	const char *mark = unsigned_words(a);

	switch (rcode) {
	case RCODE_REFUSED:
	case RCODE_NOTAUTH:
		if (look_into(o, p, a->with_key && a->verdict == TSIG_GOOD, zone, name, deadline))
			return false;
		return refused(o, p, a, zone, name);
	case RCODE_NOTZONE:
		return outcome_set(o, DNSPROOF_NOZONE, "%s: %s is not in the zone %s (NOTZONE)%s", s, name,
		                   zone, mark);
	case RCODE_NOTIMP:
		return outcome_set(o, DNSPROOF_INVALID,
		                   "%s does not take updates (NOTIMP; NSD never does)%s; point server= at "
		                   "the zone's primary",
		                   s, mark);
	case RCODE_SERVFAIL:
		outcome_set(o, DNSPROOF_TEMP,
		            "%s failed to update %s in zone %s: SERVFAIL%s; its log says why (BIND "
		            "does so when a name has more than 100 records: max-records-per-type; "
		            "or when it cannot write the zone's journal)",
		            s, name, zone, mark);
		o->unchanged = a->with_key && a->verdict == TSIG_GOOD;
		return false;
	default:
		return outcome_set(o, DNSPROOF_TEMP, "%s failed to update %s in zone %s: %s%s", s, name, zone,
		                   rcode_name(rcode), mark);
	}
}

bool verdict_of_update(struct outcome *o, struct primary *p, const struct ask *a, unsigned want,
                       const char *zone, const char *name, int64_t deadline)
{
	unsigned rcode = reply_rcode(a->reply);

	if (a->verdict == TSIG_ERROR)
		return tsig_error(o, p, a, name);
	if (rcode == want || rcode == RCODE_NOERROR || !believable(a))
		return signature_good(o, p, a) && outcome_set(o, DNSPROOF_OK, "ok");
	return update_failed(o, p, a, zone, name, deadline);
}

static bool question_failed(struct outcome *o, struct primary *p, const struct ask *a, const char *zone,
                            const char *name, int64_t deadline)
{
	const char *s = transport_name(p->transport);
	const char *rcode = rcode_name(reply_rcode(a->reply)), *mark = unsigned_words(a);
	unsigned code = reply_rcode(a->reply);

	if (code != RCODE_REFUSED && code != RCODE_NOTAUTH)
		return outcome_set(o, DNSPROOF_TEMP, "%s does not show the TXT records at %s: %s%s", s, name,
		                   rcode, mark);
	if (look_into(o, p, a->with_key && a->verdict == TSIG_GOOD, zone, name, deadline) &&
	    o->rc == DNSPROOF_NOZONE)
		return false;
	if (mark[0] != '\0')
		return outcome_set(o, DNSPROOF_AUTH,
		                   "%s does not show the TXT records at %s: %s%s; compare the key '%s' (%s) "
		                   "and its secret here and there, and set the clocks",
		                   s, name, rcode, mark, p->key.name, p->key.algorithm->name);
	return outcome_set(o, DNSPROOF_AUTH,
	                   "%s does not show the TXT records at %s: %s; what is written there is read "
	                   "back, so let this host ask it",
	                   s, name, rcode);
}

bool verdict_of_question(struct outcome *o, struct primary *p, const struct ask *a, const char *zone,
                         const char *name, int64_t deadline)
{
	unsigned rcode = reply_rcode(a->reply);

	if (a->verdict == TSIG_ERROR)
		return tsig_error(o, p, a, NULL);
	if (rcode != RCODE_NOERROR && rcode != RCODE_NXDOMAIN && believable(a))
		return question_failed(o, p, a, zone, name, deadline);
	if (!signature_good(o, p, a))
		return false;
	if (reply_authoritative(a->reply))
		return outcome_set(o, DNSPROOF_OK, "ok");
	return outcome_set(o, DNSPROOF_NOZONE,
	                   "%s has no authority for %s: the zone %s is not served there, or a part of it "
	                   "is delegated to a zone of its own",
	                   transport_name(p->transport), name, zone);
}

bool verdict_alias(struct outcome *o, const struct primary *p, const struct reply *r, const char *name)
{
	char target[NAME_ROOM];

	if (!reply_alias(r, name, target, sizeof(target)))
		return false;
	outcome_set(o, DNSPROOF_INVALID,
	            "%s is a CNAME to %s at %s: a TXT cannot be put beside it (BIND and Knot ignore it "
	            "silently, PowerDNS refuses it); put it at the target, or remove the CNAME",
	            name, target, transport_name(p->transport));
	return true;
}
