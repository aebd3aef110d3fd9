/* A packet of a name server, and what it means on the way to a name's zone. */
#include "config.h"

#include <ctype.h>

#include "engine/dns/message.h"
#include "engine/zone/reading.h"
#include "fuzz/fuzz.h"

static void name_must(const char *name)
{
	for (const char *p = name; *p; p++)
		fuzz_must(!isupper((unsigned char)*p) && isprint((unsigned char)*p));
}

static void section_must(const struct dns_section *s)
{
	for (size_t i = 0; i < s->n; i++) {
		name_must(s->at[i].owner);
		if (s->at[i].target)
			name_must(s->at[i].target);
		if (s->at[i].type == DNS_NS || s->at[i].type == DNS_CNAME || s->at[i].type == DNS_DNAME)
			fuzz_must(s->at[i].target != NULL);
		if (s->at[i].text)
			fuzz_must(s->at[i].text[s->at[i].text_len] == '\0');
	}
}

static void read_as(const struct dns_message *m, const char *name, const char *zone)
{
	struct zone_delegation d;
	struct zone_reading r;

	for (int anywhere = 0; anywhere < 2; anywhere++) {
		zone_read(&r, m, name, zone, anywhere ? READ_ANYWHERE : READ_WITHOUT_AA);
		if (r.kind == READ_REFERRAL || r.kind == READ_ZONE)
			fuzz_must(r.zone && (anywhere || name_is_below(r.zone, zone)));
		if (r.kind == READ_REFERRAL)
			fuzz_must(strcmp(r.zone, zone) != 0 && name_is_below(name, r.zone));
		if (r.kind == READ_LINK)
			fuzz_must(r.owner && r.target && name_is_below(name, r.owner));
		if (r.kind == READ_USELESS)
			fuzz_must(r.why != NULL);
		if (r.kind == READ_REFERRAL && zone_delegation_read(&d, m, r.zone, zone)) {
			fuzz_must(d.names.n >= 1 && d.names.n <= ZONE_SERVERS_MOST);
			for (size_t i = 0; i < d.glues; i++)
				fuzz_must(name_is_below(d.glue[i].name, zone));
			zone_delegation_free(&d);
		}
		zone_reading_free(&r);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct dns_message *m = fuzz_has_two_tsigs(octets, n) ? NULL : dns_parse(octets, n);

	if (!m)
		return 0;
	section_must(&m->answer);
	section_must(&m->authority);
	section_must(&m->additional);
	read_as(m, "_acme-challenge.www.example.test", "test");
	read_as(m, "_acme-challenge.www.example.test", "example.test");
	if (m->qname)
		read_as(m, m->qname, "");
	dns_free(m);
	return 0;
}
