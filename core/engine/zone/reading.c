#include "engine/zone/reading.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#define GLUE_MOST (ZONE_SERVERS_MOST * ZONE_ADDRESSES_MOST)

static bool rcode_answers(const struct dns_message *m)
{
	return m->rcode == DNS_NOERROR || m->rcode == DNS_NXDOMAIN;
}

static bool refers_upward(const struct dns_message *m)
{
	for (size_t i = 0; i < m->authority.n && !m->aa; i++)
		if (m->authority.at[i].type == DNS_NS)
			return m->answer.n == 0;
	return false;
}

static bool name_fits(const char *name)
{
	uint8_t packet[512];

	return dns_question(packet, sizeof(packet), 0, name, DNS_SOA, false, false) > 0;
}

static bool name_is_under(const char *name, const char *zone)
{
	return strcmp(name, zone) != 0 && name_is_below(name, zone);
}

char *zone_dname_target(const char *name, const char *owner, const char *target)
{
	size_t n = strlen(name) - strlen(owner) - (*owner != '\0');
	char *led = xasprintf("%.*s%s%s", (int)n, name, *target != '\0' ? "." : "", target);

	if (name_fits(led))
		return led;
	free(led);
	return NULL;
}

static const struct dns_rr *answer_find(const struct dns_message *m, unsigned type, const char *owner)
{
	for (size_t i = 0; i < m->answer.n; i++)
		if (m->answer.at[i].type == type && strcmp(m->answer.at[i].owner, owner) == 0)
			return &m->answer.at[i];
	return NULL;
}

static const struct dns_rr *dname_find(const struct dns_message *m, const char *name, const char *zone)
{
	for (size_t i = 0; i < m->answer.n; i++) {
		const struct dns_rr *rr = &m->answer.at[i];

		if (rr->type == DNS_DNAME && name_is_under(name, rr->owner) && name_is_below(rr->owner, zone))
			return rr;
	}
	return NULL;
}

static void dname_read(struct zone_reading *r, const struct dns_message *m, const char *name,
                       const struct dns_rr *dname)
{
	const struct dns_rr *cname = answer_find(m, DNS_CNAME, name);

	r->link_kind = ZONE_DNAME;
	r->owner = xstrdup(dname->owner);
	r->target = zone_dname_target(name, dname->owner, dname->target);
	if (r->target == NULL) {
		r->kind = READ_TOO_LONG;
		r->target = xstrdup(dname->target);
		return;
	}
	r->kind = READ_LINK;
	r->crooked = cname != NULL && strcmp(cname->target, r->target) != 0;
}

static bool link_read(struct zone_reading *r, const struct dns_message *m, const char *name, const char *zone)
{
	const struct dns_rr *rr = dname_find(m, name, zone);

	if (rr != NULL) {
		dname_read(r, m, name, rr);
		return true;
	}
	rr = answer_find(m, DNS_CNAME, name);
	if (rr == NULL)
		return false;
	r->kind = READ_LINK;
	r->link_kind = ZONE_CNAME;
	r->owner = xstrdup(name);
	r->target = xstrdup(rr->target);
	return true;
}

static void zone_set(struct zone_reading *r, enum zone_reading_kind kind, const char *zone)
{
	r->kind = kind;
	r->zone = xstrdup(zone);
}

static bool apex_read(struct zone_reading *r, const struct dns_message *m, const char *name, const char *zone,
                      bool anywhere)
{
	if (answer_find(m, DNS_SOA, name) != NULL) {
		zone_set(r, READ_ZONE, name);
		return true;
	}
	if (!rcode_answers(m))
		return false;
	for (size_t i = 0; i < m->authority.n; i++) {
		const struct dns_rr *rr = &m->authority.at[i];

		if (rr->type != DNS_SOA || !name_is_below(name, rr->owner))
			continue;
		if (anywhere || name_is_below(rr->owner, zone))
			zone_set(r, READ_ZONE, rr->owner);
		else
			r->why = xasprintf("answers from the zone %s (it does not serve %s)",
			                   *rr->owner != '\0' ? rr->owner : ".", zone);
		return true;
	}
	return false;
}

static const struct dns_rr *authority_ns(const struct dns_message *m, const char *name, const char *zone)
{
	for (size_t i = 0; i < m->authority.n; i++) {
		const struct dns_rr *rr = &m->authority.at[i];

		if (rr->type == DNS_NS && name_is_under(rr->owner, zone) && name_is_below(name, rr->owner))
			return rr;
	}
	return NULL;
}

static char *useless_why(const struct dns_message *m, const char *zone)
{
	if (m->ra && !m->aa)
		return xasprintf(
		    "%s from a resolver, not from an authoritative server (is port 53 redirected "
		    "on the way? then --wait-for resolver)",
		    dns_rcode_text(m->rcode));
	if (!rcode_answers(m))
		return xasprintf("%s (lame: it does not serve %s)", dns_rcode_text(m->rcode),
		                 *zone != '\0' ? zone : "the root");
	for (size_t i = 0; i < m->authority.n; i++)
		if (m->authority.at[i].type == DNS_NS && !m->aa)
			return xasprintf("refers upward or sideways, to %s (lame)",
			                 *m->authority.at[i].owner != '\0' ? m->authority.at[i].owner : ".");
	return xasprintf("%s without authority (lame)", dns_rcode_text(m->rcode));
}

static char *resolver_why(const struct dns_message *m)
{
	if (m->rcode == DNS_REFUSED)
		return xstrdup("REFUSED (the resolver does not serve this host)");
	if (!rcode_answers(m))
		return xasprintf("%s", dns_rcode_text(m->rcode));
	return xasprintf("%s without recursion (it is not a resolver)", dns_rcode_text(m->rcode));
}

void zone_read(struct zone_reading *r, const struct dns_message *m, const char *name, const char *zone,
               enum zone_reading_way way)
{
	bool anywhere = (way & READ_ANYWHERE) != 0, answers = rcode_answers(m);
	bool recursive = (way & READ_RECURSIVE) != 0;
	bool authority =
	    m->aa || ((way & READ_WITHOUT_AA) != 0 && answers && !m->ra) || (recursive && answers && m->ra);
	const struct dns_rr *ns;

	*r = (struct zone_reading){.kind = READ_USELESS, .nxdomain = m->rcode == DNS_NXDOMAIN};
	if (authority && link_read(r, m, name, anywhere ? "" : zone))
		return;
	if (authority && apex_read(r, m, name, zone, anywhere))
		return;
	ns = m->rcode == DNS_NOERROR && !recursive ? authority_ns(m, name, zone) : NULL;
	if (ns != NULL) {
		zone_set(r, READ_REFERRAL, ns->owner);
	} else if (authority && answers && !refers_upward(m) && recursive) {
		r->kind = READ_UNTOLD;
	} else if (authority && answers && !refers_upward(m)) {
		zone_set(r, READ_ZONE, zone);
	} else if (recursive) {
		r->why = resolver_why(m);
	} else {
		r->why = useless_why(m, zone);
		r->lacks_aa = answers && !m->aa && !m->ra && !refers_upward(m);
	}
}

void zone_reading_free(struct zone_reading *r)
{
	free(r->zone);
	free(r->owner);
	free(r->target);
	free(r->why);
	*r = (struct zone_reading){0};
}

static void names_collect(struct zone_delegation *d, const struct dns_section *s, const char *zone)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct dns_rr *rr = &s->at[i];

		if (rr->type != DNS_NS || strcmp(rr->owner, zone) != 0 || *rr->target == '\0' ||
		    strs_has(&d->names, rr->target))
			continue;
		if (d->names.n == ZONE_SERVERS_MOST)
			d->cut_short = true;
		else
			strs_add(&d->names, rr->target);
	}
}

bool zone_delegation_read(struct zone_delegation *d, const struct dns_message *m, const char *zone,
                          const char *bailiwick)
{
	*d = (struct zone_delegation){0};
	names_collect(d, &m->answer, zone);
	if (d->names.n == 0)
		names_collect(d, &m->authority, zone);
	for (size_t i = 0; i < m->additional.n && d->glues < GLUE_MOST; i++) {
		const struct dns_rr *rr = &m->additional.at[i];

		if ((rr->type != DNS_A && rr->type != DNS_AAAA) || !strs_has(&d->names, rr->owner) ||
		    !name_is_below(rr->owner, bailiwick))
			continue;
		d->glue = xgrow(d->glue, d->glues, sizeof(*d->glue));
		d->glue[d->glues++] = (struct zone_glue){xstrdup(rr->owner), rr->address};
	}
	return d->names.n > 0;
}

void zone_delegation_free(struct zone_delegation *d)
{
	strs_free(&d->names);
	for (size_t i = 0; i < d->glues; i++)
		free(d->glue[i].name);
	free(d->glue);
	*d = (struct zone_delegation){0};
}
