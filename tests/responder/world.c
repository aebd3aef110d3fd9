#include "world.h"

#include <arpa/inet.h>
#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct name name_of(const char *text)
{
	struct name n;

	if (!name_from_text(&n, text))
		abort();
	return n;
}

void world_put(struct authority *a, const char *name, unsigned number)
{
	struct name n = name_of(name);
	char value[VALUE_LENGTH + 1];

	snprintf(value, sizeof(value), "%043u", number);
	if (table_add(a->table, &n, value, 60) != TABLE_OK)
		abort();
}

void world_make(struct authority *a, bool values)
{
	struct name zone = name_of("sa.test"), other = name_of("deep.er.test");

	*a = (struct authority){.table = table_new(), .nss = 2, .as = 1, .aaaas = 1};
	a->ns[0] = name_of("ns.sa.test");
	a->ns[1] = name_of("ns2.example.net");
	inet_pton(AF_INET, "192.0.2.1", &a->a[0]);
	inet_pton(AF_INET6, "2001:db8::1", &a->aaaa[0]);
	table_zone(a->table, &zone);
	table_zone(a->table, &other);
	table_own(a->table, &a->ns[0]);
	if (!values)
		return;
	world_put(a, "_acme-challenge.sa.test", 1);
	world_put(a, "_acme-challenge.sa.test", 2);
	world_put(a, "_acme-challenge.a.b.sa.test", 3);
	for (unsigned i = 0; i < 30; i++)
		world_put(a, "_acme-challenge.many.sa.test", 100 + i);
}

void world_free(struct authority *a)
{
	table_free(a->table);
}

static size_t put_16_at(uint8_t *packet, size_t at, unsigned value)
{
	packet[at] = (uint8_t)(value >> 8);
	packet[at + 1] = (uint8_t)value;
	return at + 2;
}

size_t world_question(uint8_t packet[1500], const char *name, unsigned type, unsigned class, int edns,
                      unsigned udp)
{
	ldns_rdf *wire = NULL;
	size_t at = 12;

	memset(packet, 0, 1500);
	put_16_at(packet, 0, 0xbeef);
	put_16_at(packet, 2, 0x0100);
	put_16_at(packet, 4, 1);
	put_16_at(packet, 10, edns >= 0);
	if (ldns_str2rdf_dname(&wire, *name ? name : ".") != LDNS_STATUS_OK)
		abort();
	memcpy(packet + at, ldns_rdf_data(wire), ldns_rdf_size(wire));
	at += ldns_rdf_size(wire);
	ldns_rdf_deep_free(wire);
	at = put_16_at(packet, at, type);
	at = put_16_at(packet, at, class);
	if (edns < 0)
		return at;
	at = put_16_at(packet, at + 1, LDNS_RR_TYPE_OPT);
	at = put_16_at(packet, at, udp);
	packet[at + 1] = (uint8_t)edns;
	return at + 6;
}

static void demand(bool holds, const char *what, const uint8_t *packet, size_t n)
{
	if (holds)
		return;
	fprintf(stderr, "an answer is wrong: %s; the question:", what);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, " %02x", packet[i]);
	fputc('\n', stderr);
	abort();
}

static void way_check(const struct authority *a, const uint8_t *packet, size_t n, enum answer_way way)
{
	static uint8_t out[ANSWER_MOST];
	size_t length = answer_make(a, packet, n, way, out);
	unsigned questions = length ? (unsigned)out[4] << 8 | out[5] : 0;
	ldns_pkt *parsed = NULL;
	struct question q;
	enum question_kind kind = question_read(&q, packet, n);

	demand((length == 0) == (kind == QUESTION_NOTHING), "there is one, or there is none", packet, n);
	if (!length)
		return;
	demand(length >= 12 && memcmp(out, packet, 2) == 0, "the id", packet, n);
	demand((out[2] & 0x80) != 0 && !(out[3] & 0xf0), "QR, RA, Z, AD, CD", packet, n);
	demand((out[2] & 0x79) == (packet[2] & 0x79), "opcode and RD", packet, n);
	demand(questions == (kind == QUESTION_GOOD), "the question comes back", packet, n);
	if (questions)
		demand(memcmp(out + 12, packet + 12, q.name.length + 4U) == 0, "the letter case", packet, n);
	if (way != ANSWER_TCP)
		demand(length <= (kind == QUESTION_GOOD ? q.udp : 12), "its size", packet, n);
	if (way == ANSWER_LIMITED)
		demand(length <= n && (kind == QUESTION_BAD || (out[2] & 2)), "a limited one amplifies",
		       packet, n);
	demand(ldns_wire2pkt(&parsed, out, length) == LDNS_STATUS_OK, "ldns cannot parse it", packet, n);
	ldns_pkt_free(parsed);
}

void world_check(const struct authority *a, const uint8_t *packet, size_t n)
{
	way_check(a, packet, n, ANSWER_UDP);
	way_check(a, packet, n, ANSWER_TCP);
	way_check(a, packet, n, ANSWER_LIMITED);
}
