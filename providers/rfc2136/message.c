#include "message.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MOST = 65535, STRING_MOST = 255, VALUE_MOST = 4096 };

struct update {
	ldns_pkt *packet;
};

struct reply {
	ldns_pkt *packet;
};

struct search {
	const char *value;
	size_t length;
	bool found;
};

static void *checked(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static ldns_rdf *name_new(const char *name)
{
	ldns_rdf *n = ldns_dname_new_frm_str(name[0] == '\0' ? "." : name);

	return n && ldns_rdf_size(n) <= LDNS_MAX_DOMAINLEN ? n : (ldns_rdf_deep_free(n), NULL);
}

static bool strings_push(ldns_rr *rr, const char *value)
{
	size_t left = strlen(value);

	if (left > VALUE_MOST)
		return false;
	do {
		uint8_t string[1 + STRING_MOST];
		size_t n = left > STRING_MOST ? STRING_MOST : left;
		string[0] = (uint8_t)n;
		memcpy(string + 1, value, n);
		ldns_rr_push_rdf(rr, checked(ldns_rdf_new_frm_data(LDNS_RDF_TYPE_STR, n + 1, string)));
		value += n;
		left -= n;
	} while (left > 0);
	return true;
}

static bool record_push(struct update *u, ldns_pkt_section section, ldns_rr_class class, const char *name,
                        const char *value, uint32_t ttl)
{
	ldns_rdf *owner = name_new(name);
	if (!owner)
		return false;

	ldns_rr *rr = checked(ldns_rr_new());
	ldns_rr_set_owner(rr, owner);
	ldns_rr_set_class(rr, class);
	ldns_rr_set_type(rr, LDNS_RR_TYPE_TXT);
	ldns_rr_set_ttl(rr, ttl);
	if (!strings_push(rr, value) || !ldns_pkt_push_rr(u->packet, section, rr)) {
		ldns_rr_free(rr);
		return false;
	}
	return true;
}

static ldns_pkt *packet_new(const char *name, unsigned type, unsigned opcode)
{
	ldns_rdf *owner = name_new(name);
	if (!owner)
		return NULL;

	ldns_pkt *packet = checked(ldns_pkt_new());
	ldns_rr *question = checked(ldns_rr_new());
	ldns_pkt_set_opcode(packet, (ldns_pkt_opcode)opcode);
	ldns_rr_set_question(question, true);
	ldns_rr_set_owner(question, owner);
	ldns_rr_set_class(question, LDNS_RR_CLASS_IN);
	ldns_rr_set_type(question, (ldns_rr_type)type);
	if (!ldns_pkt_push_rr(packet, LDNS_SECTION_QUESTION, question))
		abort();
	return packet;
}

static bool packet_wire(ldns_pkt *packet, uint16_t id, size_t spare, struct message *m)
{
	size_t length = 0;
	uint8_t *octets = NULL;

	*m = (struct message){.id = id, .opcode = ldns_pkt_get_opcode(packet)};
	ldns_pkt_set_id(packet, id);
	if (ldns_pkt2wire(&octets, packet, &length) != LDNS_STATUS_OK || length + spare > MESSAGE_MOST) {
		free(octets);
		return false;
	}
	m->octets = checked(realloc(octets, length + spare));
	m->length = length;
	m->room = length + spare;
	return true;
}

struct update *update_new(const char *zone)
{
	ldns_pkt *packet = packet_new(zone, TYPE_SOA, OPCODE_UPDATE);
	if (!packet)
		return NULL;

	struct update *u = checked(calloc(1, sizeof(*u)));
	u->packet = packet;
	return u;
}

void update_free(struct update *u)
{
	if (!u)
		return;
	ldns_pkt_free(u->packet);
	free(u);
}

bool update_add(struct update *u, const char *name, const char *value, uint32_t ttl)
{
	return record_push(u, LDNS_SECTION_AUTHORITY, LDNS_RR_CLASS_IN, name, value, ttl);
}

bool update_del(struct update *u, const char *name, const char *value)
{
	return record_push(u, LDNS_SECTION_AUTHORITY, LDNS_RR_CLASS_NONE, name, value, 0);
}

bool update_demand(struct update *u, const char *name, const char *value)
{
	return record_push(u, LDNS_SECTION_ANSWER, LDNS_RR_CLASS_IN, name, value, 0);
}

bool update_message(const struct update *u, uint16_t id, size_t spare, struct message *m)
{
	return packet_wire(u->packet, id, spare, m);
}

bool question_message(const char *name, unsigned type, uint16_t id, size_t spare, struct message *m)
{
	ldns_pkt *packet = packet_new(name, type, OPCODE_QUERY);
	if (!packet)
		return false;

	bool ok = packet_wire(packet, id, spare, m);
	ldns_pkt_free(packet);
	return ok;
}

void message_clear(struct message *m)
{
	free(m->octets);
	*m = (struct message){0};
}

struct reply *reply_parse(const uint8_t *octets, size_t length)
{
	ldns_pkt *packet = NULL;

	if (length < LDNS_HEADER_SIZE || ldns_wire2pkt(&packet, octets, length) != LDNS_STATUS_OK)
		return NULL;
	struct reply *r = checked(calloc(1, sizeof(*r)));
	r->packet = packet;
	return r;
}

void reply_free(struct reply *r)
{
	if (!r)
		return;
	ldns_pkt_free(r->packet);
	free(r);
}

static bool same_question(const ldns_pkt *reply, const struct message *m)
{
	const ldns_rr_list *questions = ldns_pkt_question(reply);
	ldns_pkt *asked = NULL;
	bool same = false;

	if (ldns_rr_list_rr_count(questions) != 1 ||
	    ldns_wire2pkt(&asked, m->octets, m->length) != LDNS_STATUS_OK)
		return false;
	const ldns_rr *a = ldns_rr_list_rr(ldns_pkt_question(asked), 0);
	const ldns_rr *b = ldns_rr_list_rr(questions, 0);
	same = ldns_rr_get_type(a) == ldns_rr_get_type(b) && ldns_rr_get_class(a) == ldns_rr_get_class(b) &&
	       ldns_dname_compare(ldns_rr_owner(a), ldns_rr_owner(b)) == 0;
	ldns_pkt_free(asked);
	return same;
}

bool reply_answers(const struct reply *r, const struct message *m)
{
	if (!ldns_pkt_qr(r->packet) || ldns_pkt_id(r->packet) != m->id ||
	    ldns_pkt_get_opcode(r->packet) != m->opcode)
		return false;
	if (m->opcode != OPCODE_QUERY || reply_rcode(r) != RCODE_NOERROR)
		return true;
	return !ldns_pkt_tc(r->packet) && same_question(r->packet, m);
}

unsigned reply_rcode(const struct reply *r)
{
	return ldns_pkt_get_rcode(r->packet);
}

bool reply_authoritative(const struct reply *r)
{
	return ldns_pkt_aa(r->packet);
}

static bool record_is(const ldns_rr *rr, const ldns_rdf *owner, ldns_rr_type type)
{
	return ldns_rr_get_type(rr) == type && ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
	       ldns_dname_compare(ldns_rr_owner(rr), owner) == 0;
}

/* The next record of that owner and type in the answer, from *i on; NULL at the end. */
static const ldns_rr *answer_next(const struct reply *r, const char *name, ldns_rr_type type, size_t *i)
{
	const ldns_rr_list *answer = ldns_pkt_answer(r->packet);
	const ldns_rr *found = NULL;
	ldns_rdf *owner = name_new(name);

	while (owner && !found && *i < ldns_rr_list_rr_count(answer)) {
		const ldns_rr *rr = ldns_rr_list_rr(answer, (*i)++);
		if (record_is(rr, owner, type))
			found = rr;
	}
	ldns_rdf_deep_free(owner);
	return found;
}

bool reply_has_zone(const struct reply *r, const char *zone)
{
	size_t i = 0;

	return reply_rcode(r) == RCODE_NOERROR && reply_authoritative(r) &&
	       answer_next(r, zone, LDNS_RR_TYPE_SOA, &i);
}

bool reply_alias(const struct reply *r, const char *name, char *target, size_t room)
{
	size_t i = 0;
	const ldns_rr *rr = answer_next(r, name, LDNS_RR_TYPE_CNAME, &i);

	if (!rr || ldns_rr_rd_count(rr) != 1)
		return false;
	char *text = ldns_rdf2str(ldns_rr_rdf(rr, 0));
	size_t n = text ? strlen(text) : 0;
	if (n > 1 && text[n - 1] == '.')
		text[n - 1] = '\0';
	snprintf(target, room, "%s", text ? text : "?");
	free(text);
	return true;
}

static char *strings_join(const ldns_rr *rr, size_t *length)
{
	char *value = checked(malloc(MESSAGE_MOST));
	size_t n = 0;

	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
		size_t size = ldns_rdf_size(rdf);
		if (size < 2 || n + size > MESSAGE_MOST)
			continue;
		memcpy(value + n, ldns_rdf_data(rdf) + 1, size - 1);
		n += size - 1;
	}
	*length = n;
	return value;
}

void reply_values(const struct reply *r, const char *name,
                  bool (*each)(void *arg, const char *value, size_t length), void *arg)
{
	const ldns_rr *rr;
	size_t i = 0;
	bool more = true;

	while (more && (rr = answer_next(r, name, LDNS_RR_TYPE_TXT, &i))) {
		size_t length;
		char *value = strings_join(rr, &length);
		more = each(arg, value, length);
		free(value);
	}
}

static bool value_compare(void *arg, const char *value, size_t length)
{
	struct search *s = arg;

	s->found = length == s->length && memcmp(value, s->value, length) == 0;
	return !s->found;
}

bool reply_has_value(const struct reply *r, const char *name, const char *value)
{
	struct search s = {.value = value, .length = strlen(value)};

	reply_values(r, name, value_compare, &s);
	return s.found;
}

bool reply_ttl(const struct reply *r, const char *name, const char *but, uint32_t *ttl)
{
	const ldns_rr *rr;
	size_t i = 0, length;
	bool other = false;

	while (!other && (rr = answer_next(r, name, LDNS_RR_TYPE_TXT, &i))) {
		char *value = strings_join(rr, &length);
		other = length != strlen(but) || memcmp(value, but, length) != 0;
		if (other)
			*ttl = ldns_rr_ttl(rr);
		free(value);
	}
	return other;
}

const char *rcode_name(unsigned rcode)
{
	static const char *const names[] = {
	    "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",
	    "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE",
	};
	static char number[24];

	if (rcode < sizeof(names) / sizeof(names[0]))
		return names[rcode];
	snprintf(number, sizeof(number), "rcode %u", rcode);
	return number;
}
