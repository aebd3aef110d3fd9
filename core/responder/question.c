#include "config.h"

#include "responder/question.h"

enum { OPT_DO = 0x8000, FLAG_QR = 0x8000, OPCODE = 0x7800, COMPRESSED = 0xc0 };

struct cursor {
	const uint8_t *packet;
	size_t n, at;
};

static unsigned get16(const uint8_t *octets)
{
	return (unsigned)octets[0] << 8 | octets[1];
}

static bool name_skip(struct cursor *c)
{
	while (c->at < c->n) {
		uint8_t octet = c->packet[c->at++];

		if (!octet)
			return true;
		if (octet >= COMPRESSED) {
			c->at++;
			return c->at <= c->n;
		}
		if (octet > 63)
			return false;
		c->at += octet;
	}
	return false;
}

/* The options are only looked at for whether they fill the record. */
static bool options_fill(const uint8_t *octets, size_t n)
{
	while (n >= 4) {
		size_t length = 4 + get16(octets + 2);

		if (length > n)
			return false;
		octets += length;
		n -= length;
	}
	return n == 0;
}

/* fixed: the ten octets after the owner, then the data. */
static bool opt_read(struct question *q, const uint8_t *fixed, size_t length)
{
	unsigned udp = get16(fixed + 2);

	if (q->edns || !options_fill(fixed + 10, length))
		return false;
	q->edns = true;
	q->dnssec_ok = (get16(fixed + 6) & OPT_DO) != 0;
	q->udp = (uint16_t)(udp < UDP_LEAST ? UDP_LEAST : udp > UDP_MOST ? UDP_MOST : udp);
	if (fixed[5] != 0)
		q->rcode = RCODE_BADVERS;
	return true;
}

static bool record_read(struct question *q, struct cursor *c, bool additional)
{
	size_t owner = c->at, length;
	const uint8_t *fixed;

	if (!name_skip(c) || c->n - c->at < 10)
		return false;
	fixed = c->packet + c->at;
	length = get16(fixed + 8);
	if (c->n - c->at - 10 < length)
		return false;
	c->at += 10 + length;
	if (get16(fixed) != TYPE_OPT)
		return true;
	return additional && c->packet[owner] == 0 && opt_read(q, fixed, length);
}

static bool body_read(struct question *q, struct cursor *c)
{
	unsigned before = get16(c->packet + 6) + get16(c->packet + 8), after = get16(c->packet + 10);

	if (get16(c->packet + 4) != 1 || !name_from_wire(&q->name, c->packet + c->at, c->n - c->at))
		return false;
	q->sent = c->packet + c->at;
	c->at += q->name.length;
	if (c->n - c->at < 4)
		return false;
	q->type = (uint16_t)get16(c->packet + c->at);
	q->class = (uint16_t)get16(c->packet + c->at + 2);
	c->at += 4;
	for (unsigned i = 0; i < before + after; i++)
		if (!record_read(q, c, i >= before))
			return false;
	return c->at == c->n && q->type != TYPE_OPT;
}

enum question_kind question_read(struct question *q, const uint8_t *packet, size_t n)
{
	struct cursor c = {.packet = packet, .n = n, .at = HEADER_SIZE};

	if (n < HEADER_SIZE || (packet[2] & (FLAG_QR >> 8)) != 0)
		return QUESTION_NOTHING;
	q->id = (uint16_t)get16(packet);
	q->flags = (uint16_t)get16(packet + 2);
	q->rcode = RCODE_NOERROR;
	q->edns = q->dnssec_ok = false;
	q->udp = UDP_LEAST;
	if ((q->flags & OPCODE) != 0)
		q->rcode = RCODE_NOTIMP;
	else if (!body_read(q, &c))
		q->rcode = RCODE_FORMERR;
	else
		return QUESTION_GOOD;
	return QUESTION_BAD;
}
