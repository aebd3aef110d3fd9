#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "engine/dns/message.h"

#define ROUNDS 20000

struct packet {
	uint8_t at[2048];
	size_t n;
};

static void put(struct packet *p, const void *bytes, size_t n)
{
	assert_true(p->n + n <= sizeof(p->at));
	memcpy(p->at + p->n, bytes, n);
	p->n += n;
}

static void put16(struct packet *p, unsigned value)
{
	put(p, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static void put32(struct packet *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p, value & 0xffff);
}

/* "a.b" as labels; a trailing '@' stands for a pointer to the question's name. */
static void put_name(struct packet *p, const char *name)
{
	while (*name != '\0' && *name != '@') {
		size_t n = strcspn(name, ".@");

		put(p, (uint8_t[]){(uint8_t)n}, 1);
		put(p, name, n);
		name += n;
		name += *name == '.';
	}
	if (*name == '@')
		put16(p, 0xc00c);
	else
		put(p, "", 1);
}

static struct packet packet_make(unsigned flags, unsigned answers, unsigned authorities, unsigned additionals)
{
	struct packet p = {.n = 0};

	put16(&p, 0x1234);
	put16(&p, flags);
	put16(&p, 1);
	put16(&p, answers);
	put16(&p, authorities);
	put16(&p, additionals);
	put_name(&p, "_aCMe.Web.test");
	put16(&p, DNS_TXT);
	put16(&p, 1);
	return p;
}

static void put_rr(struct packet *p, const char *owner, unsigned type, const void *data, size_t n)
{
	put_name(p, owner);
	put16(p, type);
	put16(p, 1);
	put32(p, 300);
	put16(p, (unsigned)n);
	put(p, data, n);
}

static void put_rr_name(struct packet *p, const char *owner, unsigned type, const char *target)
{
	struct packet name = {.n = 0};

	put_name(&name, target);
	put_rr(p, owner, type, name.at, name.n);
}

static struct packet packet_full(void)
{
	struct packet p = packet_make(0x8400, 3, 2, 4), soa = {.n = 0};

	put_rr(&p, "@", DNS_TXT, "\3one\0\3two", 9);
	put_rr_name(&p, "Alias.@", DNS_CNAME, "Target.@");
	put_rr_name(&p, "sub.test", DNS_DNAME, "val.TEST");
	put_rr_name(&p, "web.test", DNS_NS, "ns1.web.test");
	put_name(&soa, "ns1.web.test");
	put_name(&soa, "host.web.test");
	for (uint32_t i = 0; i < 5; i++)
		put32(&soa, 4000000000u + i);
	put_rr(&p, "web.test", DNS_SOA, soa.at, soa.n);
	put_rr(&p, "ns1.web.test", DNS_A, "\300\0\2\1", 4);
	put_rr(&p, "ns1.web.test", DNS_AAAA, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	put_rr(&p, "x.test", 65280, "what", 4);
	put(&p, "\0\0\x29\x04\xd0\0\0\0\0\0\0", 11);
	return p;
}

TEST(test_question)
{
	static const uint8_t wanted[] = "\x12\x34\0\0\0\1\0\0\0\0\0\1\5_aCmE\1b\0\0\20\0\1"
	                                "\0\0\x29\x04\xd0\0\0\0\0\0";
	uint8_t packet[512];

	assert_int_equal(dns_question(packet, sizeof(packet), 0x1234, "_aCmE.b", DNS_TXT, true, false),
	                 sizeof(wanted));
	assert_memory_equal(packet, wanted, sizeof(wanted));
	assert_int_equal(dns_question(packet, sizeof(packet), 1, "", DNS_NS, false, false), 17);
	assert_int_equal(dns_question(packet, 16, 1, "", DNS_NS, false, false), 0);
	assert_int_equal(dns_question(packet, 17, 1, "", DNS_NS, false, false), 17);
	assert_int_equal(dns_question(packet, 27, 1, "", DNS_NS, true, false), 0);
}

TEST(test_question_bad_name)
{
	uint8_t packet[512];
	char name[300];

	assert_int_equal(dns_question(packet, sizeof(packet), 1, "a..b", DNS_NS, false, false), 0);
	memset(name, 'a', 64);
	strcpy(name + 64, ".test");
	assert_int_equal(dns_question(packet, sizeof(packet), 1, name, DNS_NS, false, false), 0);
	assert_int_not_equal(dns_question(packet, sizeof(packet), 1, name + 1, DNS_NS, false, false), 0);
	for (size_t i = 0; i < 254; i++)
		name[i] = i % 2 ? '.' : 'a';
	strcpy(name + 253, "");
	assert_int_not_equal(dns_question(packet, sizeof(packet), 1, name, DNS_NS, false, false), 0);
	strcpy(name + 253, ".a");
	assert_int_equal(dns_question(packet, sizeof(packet), 1, name, DNS_NS, false, false), 0);
}

TEST(test_parse)
{
	struct packet p = packet_full();
	struct dns_message *m = dns_parse(p.at, p.n);
	char text[64];

	assert_non_null(m);
	assert_int_equal(m->id, 0x1234);
	assert_true(m->qr && m->aa && !m->tc && m->edns);
	assert_int_equal(m->rcode, DNS_NOERROR);
	assert_string_equal(m->qname, "_acme.web.test");
	assert_string_equal(m->qname_case, "_aCMe.Web.test");
	assert_int_equal(m->qtype, DNS_TXT);
	assert_int_equal(m->answer.n, 3);
	assert_string_equal(m->answer.at[0].owner, "_acme.web.test");
	assert_string_equal(m->answer.at[0].text, "onetwo");
	assert_int_equal(m->answer.at[0].text_len, 6);
	assert_int_equal(m->answer.at[0].ttl, 300);
	assert_string_equal(m->answer.at[1].owner, "alias._acme.web.test");
	assert_string_equal(m->answer.at[1].target, "target._acme.web.test");
	assert_int_equal(m->answer.at[2].type, DNS_DNAME);
	assert_string_equal(m->answer.at[2].target, "val.test");
	assert_string_equal(m->authority.at[0].target, "ns1.web.test");
	assert_true(m->authority.at[1].serial == 4000000000u);
	assert_int_equal(m->additional.n, 2);
	assert_string_equal(inet_ntop(AF_INET,
	                              &((struct sockaddr_in *)&m->additional.at[0].address)->sin_addr, text,
	                              sizeof(text)),
	                    "192.0.2.1");
	assert_string_equal(inet_ntop(AF_INET6,
	                              &((struct sockaddr_in6 *)&m->additional.at[1].address)->sin6_addr, text,
	                              sizeof(text)),
	                    "2001:db8::1");
	dns_free(m);
}

TEST(test_text_with_nul)
{
	struct packet p = packet_make(0x8400, 1, 0, 0);
	struct dns_message *m;

	put_rr(&p, "@", DNS_TXT, "\3a\0b\1c", 6);
	m = dns_parse(p.at, p.n);
	assert_int_equal(m->answer.at[0].text_len, 4);
	assert_memory_equal(m->answer.at[0].text, "a\0bc", 5);
	dns_free(m);
}

TEST(test_strange_names)
{
	struct packet p = packet_make(0x8400, 2, 0, 0);
	struct dns_message *m;

	put_rr(&p, "@", DNS_CNAME, "\3a.B\4test\0", 10);
	put_rr(&p, "@", DNS_CNAME, "\2\n;\0", 4);
	m = dns_parse(p.at, p.n);
	assert_string_equal(m->answer.at[0].target, "a\\.b.test");
	assert_string_equal(m->answer.at[1].target, "\\010\\;");
	dns_free(m);
}

TEST(test_rcodes)
{
	struct packet p = packet_make(0x8403, 0, 0, 1);
	struct dns_message *m;

	put(&p, "\0\0\x29\x04\xd0\1\0\0\0\0\0", 11);
	m = dns_parse(p.at, p.n);
	assert_int_equal(m->rcode, 16 | DNS_NXDOMAIN);
	dns_free(m);
	assert_string_equal(dns_rcode_text(DNS_NXDOMAIN), "NXDOMAIN");
	assert_string_equal(dns_rcode_text(DNS_NOTAUTH), "NOTAUTH");
	assert_string_equal(dns_rcode_text(DNS_BADVERS), "BADVERS");
	assert_string_equal(dns_rcode_text(4000), "an unknown rcode");
}

TEST(test_header_alone)
{
	static const uint8_t packet[12] = "\0\1\x80\1\0\0\0\0\0\0\0";
	struct dns_message *m = dns_parse(packet, sizeof(packet));

	assert_non_null(m);
	assert_null(m->qname);
	assert_int_equal(m->rcode, DNS_FORMERR);
	dns_free(m);
}

static void assert_malformed(const struct packet *p)
{
	assert_null(dns_parse(p->at, p->n));
}

TEST(test_truncated)
{
	struct packet whole = packet_full(), p = packet_full();

	for (p.n = 0; p.n < whole.n; p.n++)
		assert_malformed(&p);
}

TEST(test_pointers)
{
	struct packet p = packet_make(0x8400, 1, 0, 0);
	size_t at = p.n;

	put_rr(&p, "@", DNS_TXT, "\1a", 2);
	p.at[at] = (uint8_t)(0xc0 | at >> 8); /* to itself */
	p.at[at + 1] = (uint8_t)at;
	assert_malformed(&p);
	p.at[at + 1] = (uint8_t)(at + 40); /* beyond the end */
	assert_malformed(&p);
	p = packet_make(0x8400, 2, 0, 0);
	at = p.n;
	put_rr_name(&p, "a.@", DNS_CNAME, "b.@");
	put_rr_name(&p, "c.@", DNS_CNAME, "d.@");
	p.at[at + 2] = 0xc0; /* two pointers at each other */
	p.at[at + 3] = (uint8_t)(at + 4);
	p.at[at + 4] = 0xc0;
	p.at[at + 5] = (uint8_t)(at + 2);
	assert_malformed(&p);
}

TEST(test_counts)
{
	struct packet p = packet_full();

	p.at[7] = 200; /* answers */
	assert_malformed(&p);
	p = packet_full();
	p.at[10] = 0xff; /* additional */
	assert_malformed(&p);
	p = packet_full();
	p.at[5] = 2; /* questions */
	assert_malformed(&p);
}

TEST(test_bad_data)
{
	struct packet p = packet_make(0x8400, 1, 0, 0);

	put_rr(&p, "@", DNS_A, "\1\2\3", 3);
	assert_malformed(&p);
	p = packet_make(0x8400, 1, 0, 0);
	put_rr(&p, "@", DNS_TXT, "\11short", 6);
	assert_malformed(&p);
	p = packet_make(0x8400, 1, 0, 0);
	put_rr(&p, "@", DNS_SOA, "\0\0\0\0", 4);
	assert_malformed(&p);
	p = packet_make(0x8400, 1, 0, 0);
	put_rr(&p, "@", DNS_CNAME, "", 0);
	assert_malformed(&p);
	p = packet_make(0x8400, 1, 0, 0);
	put_rr(&p, "@", DNS_CNAME, "\x80x\0", 3);
	assert_malformed(&p);
}

/* Bytes changed at random: the sanitizers look on; what is taken must be whole. */
TEST(test_mutations)
{
	struct packet whole = packet_full();
	unsigned taken = 0;

	srandom(20260808);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct packet p = whole;
		struct dns_message *m;

		for (long changes = random() % 4 + 1; changes > 0; changes--)
			p.at[(size_t)random() % p.n] = (uint8_t)random();
		m = dns_parse(p.at, p.n);
		taken += m != NULL;
		for (size_t k = 0; m != NULL && k < m->answer.n; k++)
			assert_true(m->answer.at[k].owner != NULL && strlen(m->answer.at[k].owner) < 1024);
		dns_free(m);
	}
	assert_in_range(taken, ROUNDS / 10, ROUNDS);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
