#include "config.h"

#include "responder/answer.h"

#include <string.h>

#include "responder/put.h"

enum {
	FLAG_QR = 0x8000,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_KEPT = 0x7900, /* opcode and RD come back as they were sent */
	OPT_SIZE = 11,
	OWN_TTL = 300,
	ANY_TTL = 3600,
	SOA_REFRESH = 3600,
	SOA_RETRY = 600,
	SOA_EXPIRE = 86400,
	SOA_MINIMUM = 0, /* "not there" is never to be remembered: a value may come any moment */
};

struct answer {
	const struct authority *who;
	const struct question *q;
	struct spot spot;
	struct put put;
	unsigned rcode, flags;
	uint16_t counts[3]; /* answer, authority, additional */
};

enum { ANSWER, AUTHORITY, ADDITIONAL };

/* The place in the message where the question's name goes on from that label: owners keep its letter case. */
static unsigned owner_at(const struct answer *a, size_t label)
{
	const struct name *n = &a->q->name;

	return HEADER_SIZE + (label < n->labels ? n->label[label] : n->length - 1U);
}

static void soa_put(struct answer *a, int section)
{
	static const uint8_t person[] = "\x0ahostmaster";
	size_t mark = put_record(&a->put, owner_at(a, a->spot.apex), TYPE_SOA, SOA_MINIMUM);

	put_octets(&a->put, a->who->ns[0].octet, a->who->ns[0].length);
	if (a->q->name.length - (owner_at(a, a->spot.apex) - HEADER_SIZE) + sizeof(person) - 1 <= NAME_MOST)
		put_octets(&a->put, person, sizeof(person) - 1);
	put_pointer(&a->put, owner_at(a, a->spot.apex));
	put_32(&a->put, table_serial(a->who->table));
	put_32(&a->put, SOA_REFRESH);
	put_32(&a->put, SOA_RETRY);
	put_32(&a->put, SOA_EXPIRE);
	put_32(&a->put, SOA_MINIMUM);
	put_record_end(&a->put, mark);
	a->counts[section]++;
}

static void addresses_put(struct answer *a, const struct name *owner, unsigned type, int section)
{
	size_t n = type == TYPE_A ? a->who->as : a->who->aaaas;

	for (size_t i = 0; i < n; i++) {
		size_t mark = owner ? put_record_of(&a->put, owner, type, OWN_TTL)
		                    : put_record(&a->put, owner_at(a, 0), type, OWN_TTL);
		if (type == TYPE_A)
			put_octets(&a->put, &a->who->a[i], sizeof(a->who->a[i]));
		else
			put_octets(&a->put, &a->who->aaaa[i], sizeof(a->who->aaaa[i]));
		put_record_end(&a->put, mark);
		a->counts[section]++;
	}
}

static void ns_put(struct answer *a)
{
	struct put before;
	uint16_t count;

	for (size_t i = 0; i < a->who->nss; i++) {
		size_t mark = put_record(&a->put, owner_at(a, a->spot.apex), TYPE_NS, OWN_TTL);
		put_octets(&a->put, a->who->ns[i].octet, a->who->ns[i].length);
		put_record_end(&a->put, mark);
		a->counts[ANSWER]++;
	}
	before = a->put;
	count = a->counts[ADDITIONAL];
	addresses_put(a, &a->who->ns[0], TYPE_A, ADDITIONAL);
	addresses_put(a, &a->who->ns[0], TYPE_AAAA, ADDITIONAL);
	if (a->put.full && !before.full) {
		a->put = before;
		a->counts[ADDITIONAL] = count;
	}
}

static void txt_put(struct answer *a)
{
	for (size_t i = 0; i < a->spot.values && !a->put.full; i++) {
		size_t mark = put_record(&a->put, owner_at(a, 0), TYPE_TXT, a->spot.value[i].ttl);
		put_8(&a->put, VALUE_LENGTH);
		put_octets(&a->put, a->spot.value[i].text, VALUE_LENGTH);
		put_record_end(&a->put, mark);
		a->counts[ANSWER]++;
	}
}

/* RFC 8482 4.2. */
static void any_put(struct answer *a)
{
	static const uint8_t data[] = "\x07RFC8482";
	size_t mark = put_record(&a->put, owner_at(a, 0), TYPE_HINFO, ANY_TTL);

	put_octets(&a->put, data, sizeof(data)); /* the last 0 is the empty second string */
	put_record_end(&a->put, mark);
	a->counts[ANSWER]++;
}

static void records_put(struct answer *a)
{
	bool apex = a->spot.apex == 0;

	switch (a->q->type) {
	case TYPE_SOA:
		if (apex)
			soa_put(a, ANSWER);
		break;
	case TYPE_NS:
		if (apex)
			ns_put(a);
		break;
	case TYPE_TXT:
		txt_put(a);
		break;
	case TYPE_A:
	case TYPE_AAAA:
		if (a->spot.own)
			addresses_put(a, NULL, a->q->type, ANSWER);
		break;
	case TYPE_ANY:
		if (apex || a->spot.own || a->spot.values)
			any_put(a);
		break;
	}
}

static void judge(struct answer *a)
{
	const struct question *q = a->q;

	if (q->rcode != RCODE_NOERROR) {
		a->rcode = q->rcode;
		return;
	}
	table_find(a->who->table, &q->name, &a->spot);
	if (q->class != CLASS_IN || !a->spot.served || q->type == TYPE_AXFR || q->type == TYPE_IXFR) {
		a->rcode = RCODE_REFUSED;
		return;
	}
	if (q->type >= TYPE_META_FIRST && q->type < TYPE_ANY) {
		a->rcode = RCODE_NOTIMP;
		return;
	}
	a->flags |= FLAG_AA;
	if (a->spot.exists)
		records_put(a);
	else
		a->rcode = RCODE_NXDOMAIN;
	if (!a->counts[ANSWER] && !a->put.full)
		soa_put(a, AUTHORITY);
}

static void question_put(struct answer *a)
{
	put_octets(&a->put, a->q->sent, a->q->name.length);
	put_16(&a->put, a->q->type);
	put_16(&a->put, a->q->class);
}

static void truncate_after(struct answer *a, const struct put *question)
{
	a->put = *question;
	a->flags |= FLAG_TC;
	memset(a->counts, 0, sizeof(a->counts));
}

static void opt_put(struct answer *a)
{
	put_8(&a->put, 0);
	put_16(&a->put, TYPE_OPT);
	put_16(&a->put, UDP_MOST);
	put_32(&a->put, (a->rcode >> 4) << 24 | (a->q->dnssec_ok ? 0x8000U : 0));
	put_16(&a->put, 0);
	a->counts[ADDITIONAL]++;
}

static void header_put(struct answer *a, bool question)
{
	struct put head = {.out = a->put.out, .room = HEADER_SIZE};

	put_16(&head, a->q->id);
	put_16(&head, (a->q->flags & FLAG_KEPT) | FLAG_QR | a->flags | (a->rcode & 15));
	put_16(&head, question);
	for (int i = 0; i < 3; i++)
		put_16(&head, a->counts[i]);
}

static void body_put(struct answer *a, enum answer_way way, size_t room)
{
	struct put question;

	question_put(a);
	question = a->put;
	if (way == ANSWER_LIMITED) {
		truncate_after(a, &question);
	} else {
		judge(a);
		if (a->put.full)
			truncate_after(a, &question);
	}
	a->put.room = room;
	if (a->q->edns)
		opt_put(a);
}

size_t answer_make(const struct authority *who, const uint8_t *packet, size_t n, enum answer_way way,
                   uint8_t out[ANSWER_MOST])
{
	struct question q;
	struct answer a = {.who = who, .q = &q, .put = {.out = out, .at = HEADER_SIZE}};
	enum question_kind kind = question_read(&q, packet, n);
	size_t room;

	if (kind == QUESTION_NOTHING)
		return 0;
	if (kind == QUESTION_BAD) {
		a.rcode = q.rcode;
		header_put(&a, false);
		return HEADER_SIZE;
	}
	room = way == ANSWER_TCP ? ANSWER_MOST : q.udp;
	a.put.room = room - (q.edns ? OPT_SIZE : 0);
	body_put(&a, way, room);
	header_put(&a, true);
	return a.put.at;
}
