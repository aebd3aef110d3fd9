#include "engine/dns/message.h"

#include <ctype.h>
#include <ldns/ldns.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#define FLAG_RD     0x0100
#define HEADER_SIZE 12
#define EDNS_SIZE   11
#define EDNS_UDP    1232

static char *name_text(const ldns_rdf *dname)
{
	char *text = ldns_rdf2str(dname);
	char *copy;
	size_t n;

	if (text == NULL)
		return NULL;
	n = strlen(text);
	if (n > 0 && text[n - 1] == '.')
		n--;
	copy = xstrndup(text, n);
	free(text);
	return copy;
}

static char *name_lower(const ldns_rdf *dname)
{
	char *text = name_text(dname);

	for (char *c = text; c != NULL && *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return text;
}

static void text_read(struct dns_rr *to, const ldns_rr *rr)
{
	size_t n = 0;

	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++)
		n += ldns_rdf_size(ldns_rr_rdf(rr, i));
	to->text = xcalloc(1, n + 1);
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *string = ldns_rr_rdf(rr, i);
		size_t size = ldns_rdf_size(string);

		if (size < 2)
			continue;
		memcpy(to->text + to->text_len, ldns_rdf_data(string) + 1, size - 1);
		to->text_len += size - 1;
	}
}

static bool address_read(struct dns_rr *to, const ldns_rdf *rdf)
{
	if (to->type == DNS_A) {
		struct sockaddr_in *in = (struct sockaddr_in *)&to->address;

		in->sin_family = AF_INET;
		if (ldns_rdf_size(rdf) != sizeof(in->sin_addr))
			return false;
		memcpy(&in->sin_addr, ldns_rdf_data(rdf), sizeof(in->sin_addr));
	} else {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&to->address;

		in6->sin6_family = AF_INET6;
		if (ldns_rdf_size(rdf) != sizeof(in6->sin6_addr))
			return false;
		memcpy(&in6->sin6_addr, ldns_rdf_data(rdf), sizeof(in6->sin6_addr));
	}
	return true;
}

static bool data_read(struct dns_rr *to, const ldns_rr *rr)
{
	const ldns_rdf *first = ldns_rr_rdf(rr, 0);

	if (to->type == DNS_TXT) {
		text_read(to, rr);
		return true;
	}
	if (first == NULL)
		return false;
	if (to->type == DNS_A || to->type == DNS_AAAA)
		return address_read(to, first);
	if (to->type == DNS_SOA) {
		if (ldns_rr_rd_count(rr) < 7)
			return false;
		to->serial = ldns_rdf2native_int32(ldns_rr_rdf(rr, 2));
	}
	if (ldns_rdf_get_type(first) != LDNS_RDF_TYPE_DNAME)
		return false;
	to->target = name_lower(first);
	return to->target != NULL;
}

static bool type_known(unsigned type)
{
	switch (type) {
	case DNS_A:
	case DNS_NS:
	case DNS_CNAME:
	case DNS_SOA:
	case DNS_TXT:
	case DNS_AAAA:
	case DNS_DNAME:
		return true;
	}
	return false;
}

static bool section_read(struct dns_section *to, const ldns_rr_list *list)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);
		struct dns_rr *one;

		if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN || !type_known(ldns_rr_get_type(rr)))
			continue;
		to->at = xgrow(to->at, to->n, sizeof(*to->at));
		one = &to->at[to->n++];
		*one = (struct dns_rr){.type = ldns_rr_get_type(rr), .ttl = ldns_rr_ttl(rr)};
		one->owner = name_lower(ldns_rr_owner(rr));
		if (one->owner == NULL || !data_read(one, rr))
			return false;
	}
	return true;
}

static bool question_read(struct dns_message *m, const ldns_pkt *p)
{
	const ldns_rr_list *list = ldns_pkt_question(p);
	const ldns_rr *rr;

	if (ldns_rr_list_rr_count(list) == 0)
		return true;
	if (ldns_rr_list_rr_count(list) > 1)
		return false;
	rr = ldns_rr_list_rr(list, 0);
	if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN)
		return false;
	m->qtype = ldns_rr_get_type(rr);
	m->qname = name_lower(ldns_rr_owner(rr));
	m->qname_case = name_text(ldns_rr_owner(rr));
	return m->qname != NULL && m->qname_case != NULL;
}

struct dns_message *dns_parse(const uint8_t *packet, size_t n)
{
	struct dns_message *m;
	ldns_pkt *p = NULL;

	if (n < HEADER_SIZE || ldns_wire2pkt(&p, packet, n) != LDNS_STATUS_OK)
		return NULL;
	m = xcalloc(1, sizeof(*m));
	m->id = ldns_pkt_id(p);
	m->qr = ldns_pkt_qr(p);
	m->aa = ldns_pkt_aa(p);
	m->ra = ldns_pkt_ra(p);
	m->tc = ldns_pkt_tc(p);
	m->edns = ldns_pkt_edns(p);
	m->rcode = (unsigned)ldns_pkt_get_rcode(p) | (unsigned)ldns_pkt_edns_extended_rcode(p) << 4;
	if (!question_read(m, p) || !section_read(&m->answer, ldns_pkt_answer(p)) ||
	    !section_read(&m->authority, ldns_pkt_authority(p)) ||
	    !section_read(&m->additional, ldns_pkt_additional(p))) {
		dns_free(m);
		m = NULL;
	}
	ldns_pkt_free(p);
	return m;
}

static void section_free(struct dns_section *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->at[i].owner);
		free(s->at[i].target);
		free(s->at[i].text);
	}
	free(s->at);
}

void dns_free(struct dns_message *m)
{
	if (m == NULL)
		return;
	free(m->qname);
	free(m->qname_case);
	section_free(&m->answer);
	section_free(&m->authority);
	section_free(&m->additional);
	free(m);
}

static size_t put16(uint8_t *packet, size_t at, unsigned value)
{
	packet[at] = (uint8_t)(value >> 8);
	packet[at + 1] = (uint8_t)value;
	return at + 2;
}

size_t dns_question(uint8_t *packet, size_t room, uint16_t id, const char *qname, unsigned qtype, bool edns,
                    bool rd)
{
	ldns_rdf *name = NULL;
	size_t at = HEADER_SIZE, size;

	if (ldns_str2rdf_dname(&name, *qname == '\0' ? "." : qname) != LDNS_STATUS_OK)
		return 0;
	size = ldns_rdf_size(name);
	if (size > LDNS_MAX_DOMAINLEN || HEADER_SIZE + size + 4 + (edns ? EDNS_SIZE : 0) > room) {
		ldns_rdf_deep_free(name);
		return 0;
	}
	memset(packet, 0, HEADER_SIZE + size + 4 + (edns ? EDNS_SIZE : 0));
	put16(packet, 0, id);
	put16(packet, 2, rd ? FLAG_RD : 0);
	put16(packet, 4, 1);
	put16(packet, 10, edns ? 1 : 0);
	memcpy(packet + at, ldns_rdf_data(name), size);
	ldns_rdf_deep_free(name);
	at = put16(packet, at + size, qtype);
	at = put16(packet, at, LDNS_RR_CLASS_IN);
	if (edns) {
		put16(packet, at + 1, LDNS_RR_TYPE_OPT);
		put16(packet, at + 3, EDNS_UDP);
		at += EDNS_SIZE;
	}
	return at;
}

const char *dns_rcode_text(unsigned rcode)
{
	static const char *const text[] = {"NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
	                                   "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE"};

	if (rcode < sizeof(text) / sizeof(text[0]))
		return text[rcode];
	return rcode == 16 ? "BADVERS" : "an unknown rcode";
}
