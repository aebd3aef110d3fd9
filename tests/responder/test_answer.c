#include "unit.h"

#include <ldns/ldns.h>

#include "world.h"

enum { CH = 3, ANY_CLASS = 255 };

struct shown {
	unsigned rcode, answers, soas, additional;
	bool aa, tc, opt;
	size_t length;
	unsigned first; /* type of the first answer */
};

static uint8_t out[ANSWER_MOST];

static struct shown shown(const struct authority *a, const uint8_t *packet, size_t n, enum answer_way way)
{
	struct shown s = {.length = answer_make(a, packet, n, way, out)};
	ldns_pkt *p = NULL;

	world_check(a, packet, n);
	if (!s.length)
		return s;
	assert_int_equal(ldns_wire2pkt(&p, out, s.length), LDNS_STATUS_OK);
	s.rcode = ldns_pkt_get_rcode(p) | (unsigned)ldns_pkt_edns_extended_rcode(p) << 4;
	s.answers = ldns_pkt_ancount(p);
	s.additional = ldns_pkt_arcount(p);
	s.aa = ldns_pkt_aa(p);
	s.tc = ldns_pkt_tc(p);
	s.opt = ldns_pkt_edns(p);
	for (size_t i = 0; i < ldns_pkt_nscount(p); i++)
		s.soas += ldns_rr_get_type(ldns_rr_list_rr(ldns_pkt_authority(p), i)) == LDNS_RR_TYPE_SOA;
	assert_int_equal(s.soas, ldns_pkt_nscount(p));
	if (s.answers)
		s.first = ldns_rr_get_type(ldns_rr_list_rr(ldns_pkt_answer(p), 0));
	ldns_pkt_free(p);
	return s;
}

static struct shown asked(const struct authority *a, const char *name, unsigned type, unsigned class)
{
	uint8_t packet[1500];
	size_t n = world_question(packet, name, type, class, 0, 1232);

	return shown(a, packet, n, ANSWER_UDP);
}

static const struct {
	const char *name;
	unsigned type, class;
	unsigned rcode, answers;
	bool aa, soa;
} questions[] = {
    {"sa.test", TYPE_SOA, CLASS_IN, RCODE_NOERROR, 1, true, false},
    {"sa.test", TYPE_NS, CLASS_IN, RCODE_NOERROR, 2, true, false},
    {"sa.test", TYPE_TXT, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"sa.test", TYPE_A, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"sa.test", TYPE_ANY, CLASS_IN, RCODE_NOERROR, 1, true, false},
    {"sa.test", LDNS_RR_TYPE_DS, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"sa.test", LDNS_RR_TYPE_DNSKEY, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"sa.test", 65280, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"SA.TEST", TYPE_SOA, CLASS_IN, RCODE_NOERROR, 1, true, false},
    {"ns.sa.test", TYPE_A, CLASS_IN, RCODE_NOERROR, 1, true, false},
    {"ns.sa.test", TYPE_AAAA, CLASS_IN, RCODE_NOERROR, 1, true, false},
    {"ns.sa.test", TYPE_TXT, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"ns.sa.test", TYPE_NS, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"x.ns.sa.test", TYPE_A, CLASS_IN, RCODE_NXDOMAIN, 0, true, true},
    {"_acme-challenge.sa.test", TYPE_TXT, CLASS_IN, RCODE_NOERROR, 2, true, false},
    {"_ACME-challenge.sa.test", TYPE_TXT, CLASS_IN, RCODE_NOERROR, 2, true, false},
    {"_acme-challenge.sa.test", TYPE_SOA, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"_acme-challenge.sa.test", TYPE_A, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"_acme-challenge.sa.test", TYPE_ANY, CLASS_IN, RCODE_NOERROR, 1, true, false},
    {"x._acme-challenge.sa.test", TYPE_TXT, CLASS_IN, RCODE_NXDOMAIN, 0, true, true},
    {"_acme-challenge.a.b.sa.test", TYPE_TXT, CLASS_IN, RCODE_NOERROR, 1, true, false},
    {"a.b.sa.test", TYPE_TXT, CLASS_IN, RCODE_NOERROR, 0, true, true}, /* empty non-terminals */
    {"b.sa.test", TYPE_TXT, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"b.sa.test", TYPE_ANY, CLASS_IN, RCODE_NOERROR, 0, true, true},
    {"c.b.sa.test", TYPE_TXT, CLASS_IN, RCODE_NXDOMAIN, 0, true, true},
    {"nothing.sa.test", TYPE_TXT, CLASS_IN, RCODE_NXDOMAIN, 0, true, true},
    {"nothing.sa.test", TYPE_ANY, CLASS_IN, RCODE_NXDOMAIN, 0, true, true},
    {"deep.er.test", TYPE_SOA, CLASS_IN, RCODE_NOERROR, 1, true, false},
    {"er.test", TYPE_SOA, CLASS_IN, RCODE_REFUSED, 0, false, false}, /* above a zone of ours */
    {"test", TYPE_NS, CLASS_IN, RCODE_REFUSED, 0, false, false},
    {"", TYPE_NS, CLASS_IN, RCODE_REFUSED, 0, false, false},
    {"xsa.test", TYPE_SOA, CLASS_IN, RCODE_REFUSED, 0, false, false},
    {"_acme-challenge.other.test", TYPE_TXT, CLASS_IN, RCODE_REFUSED, 0, false, false},
    {"www.example.com", TYPE_A, CLASS_IN, RCODE_REFUSED, 0, false, false},
    {"version.bind", TYPE_TXT, CH, RCODE_REFUSED, 0, false, false},
    {"sa.test", TYPE_SOA, CH, RCODE_REFUSED, 0, false, false},
    {"sa.test", TYPE_SOA, ANY_CLASS, RCODE_REFUSED, 0, false, false},
    {"sa.test", TYPE_AXFR, CLASS_IN, RCODE_REFUSED, 0, false, false},
    {"sa.test", TYPE_IXFR, CLASS_IN, RCODE_REFUSED, 0, false, false},
    {"sa.test", LDNS_RR_TYPE_TKEY, CLASS_IN, RCODE_NOTIMP, 0, false, false},
};

TEST(test_questions)
{
	struct authority a;

	world_make(&a, true);
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		struct shown s = asked(&a, questions[i].name, questions[i].type, questions[i].class);
		if (s.rcode != questions[i].rcode || s.answers != questions[i].answers ||
		    s.aa != questions[i].aa || s.soas != questions[i].soa || s.tc || !s.opt)
			fail_msg("%s type %u: rcode %u, %u answers, aa %d, %u SOA", questions[i].name,
			         questions[i].type, s.rcode, s.answers, s.aa, s.soas);
	}
	world_free(&a);
}

TEST(test_any_is_small)
{
	struct authority a;

	world_make(&a, true);
	struct shown s = asked(&a, "_acme-challenge.many.sa.test", TYPE_ANY, CLASS_IN);
	assert_int_equal(s.first, TYPE_HINFO);
	assert_int_equal(s.answers, 1);
	assert_true(s.length < 100);
	world_free(&a);
}

TEST(test_sizes)
{
	uint8_t packet[1500];
	struct authority a;
	struct shown s;

	world_make(&a, true);
	size_t n = world_question(packet, "_acme-challenge.many.sa.test", TYPE_TXT, CLASS_IN, 0, 4096);
	s = shown(&a, packet, n, ANSWER_UDP);
	assert_true(s.tc && s.answers == 0 && s.opt);
	assert_true(s.length <= n);
	s = shown(&a, packet, n, ANSWER_TCP);
	assert_true(!s.tc && s.answers == 30);
	s = shown(&a, packet, n, ANSWER_LIMITED);
	assert_true(s.tc && s.answers == 0);
	n = world_question(packet, "_acme-challenge.sa.test", TYPE_TXT, CLASS_IN, 0,
	                   0); /* less than 512 is 512 */
	s = shown(&a, packet, n, ANSWER_UDP);
	assert_true(!s.tc && s.answers == 2);
	for (unsigned i = 10; i < 16; i++)
		world_put(&a, "_acme-challenge.sa.test", i);
	s = shown(&a, packet, n, ANSWER_UDP); /* 8 of them are 500 octets, with OPT */
	assert_true(!s.tc && s.answers == 8 && s.length == 500);
	world_put(&a, "_acme-challenge.sa.test", 16);
	s = shown(&a, packet, n, ANSWER_UDP);
	assert_true(s.tc && s.answers == 0);
	n = world_question(packet, "_acme-challenge.sa.test", TYPE_TXT, CLASS_IN, -1, 0);
	s = shown(&a, packet, n, ANSWER_UDP);
	assert_true(s.tc && s.answers == 0 && !s.opt && s.length <= 512);
	world_free(&a);
}

/* The longest name in the longest zone: even then the SOA is a name. */
TEST(test_long_names)
{
	char text[256] = "_acme-challenge.", label[64];
	struct authority a = {.table = table_new(), .nss = 1};
	struct shown s;

	memset(label, 'l', 63);
	label[63] = '\0';
	for (int i = 0; i < 3; i++) {
		strcat(text, label);
		strcat(text, ".");
	}
	label[253 - strlen(text)] = '\0';
	strcat(text, label);
	assert_int_equal(strlen(text), 253);
	assert_true(name_from_text(&a.ns[0], text + 16));
	s = asked(&a, text, TYPE_SOA, CLASS_IN);
	assert_int_equal(s.rcode, RCODE_NOERROR);
	assert_true(s.answers == 1 || s.tc);
	s = asked(&a, text, TYPE_TXT, CLASS_IN);
	assert_true(s.soas == 1 || s.tc);
	world_free(&a);
}

TEST(test_without_zones)
{
	struct authority a = {.table = table_new(), .nss = 1};

	assert_true(name_from_text(&a.ns[0], "ns.example.net"));
	assert_int_equal(asked(&a, "_acme-challenge.w.test", TYPE_SOA, CLASS_IN).answers, 1);
	assert_int_equal(asked(&a, "_acme-challenge.w.test", TYPE_NS, CLASS_IN).answers, 1);
	assert_int_equal(asked(&a, "_acme-challenge.w.test", TYPE_TXT, CLASS_IN).soas, 1);
	assert_int_equal(asked(&a, "_acme-challenge.w.test", TYPE_TXT, CLASS_IN).rcode, RCODE_NOERROR);
	assert_int_equal(asked(&a, "x._acme-challenge.w.test", TYPE_TXT, CLASS_IN).rcode, RCODE_NXDOMAIN);
	assert_int_equal(asked(&a, "_acme-challengex.w.test", TYPE_TXT, CLASS_IN).rcode, RCODE_REFUSED);
	assert_int_equal(asked(&a, "w.test", TYPE_SOA, CLASS_IN).rcode, RCODE_REFUSED);
	assert_int_equal(asked(&a, "_acme-challenge", TYPE_SOA, CLASS_IN).answers, 1);
	world_put(&a, "_acme-challenge.w.test", 5);
	assert_int_equal(asked(&a, "_acme-challenge.w.test", TYPE_TXT, CLASS_IN).answers, 1);
	assert_int_equal(asked(&a, "w.test", TYPE_SOA, CLASS_IN).rcode, RCODE_REFUSED);
	world_free(&a);
}

TEST(test_case_is_kept)
{
	uint8_t packet[1500];
	struct authority a;
	ldns_pkt *p = NULL;

	world_make(&a, true);
	size_t n = world_question(packet, "_AcMe-cHaLLenge.sA.tEsT", TYPE_TXT, CLASS_IN, 0, 1232);
	size_t length = answer_make(&a, packet, n, ANSWER_UDP, out);
	assert_int_equal(ldns_wire2pkt(&p, out, length), LDNS_STATUS_OK);
	char *owner = ldns_rdf2str(ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_answer(p), 0)));
	assert_string_equal(owner, "_AcMe-cHaLLenge.sA.tEsT.");
	free(owner);
	ldns_pkt_free(p);
	world_free(&a);
}

/* What the SOA says of "not there": never to be remembered. */
TEST(test_negative_ttl)
{
	uint8_t packet[1500];
	struct authority a;
	ldns_pkt *p = NULL;

	world_make(&a, true);
	size_t n = world_question(packet, "x.sa.test", TYPE_TXT, CLASS_IN, -1, 0);
	size_t length = answer_make(&a, packet, n, ANSWER_UDP, out);
	assert_int_equal(ldns_wire2pkt(&p, out, length), LDNS_STATUS_OK);
	const ldns_rr *soa = ldns_rr_list_rr(ldns_pkt_authority(p), 0);
	char *text = ldns_rr2str(soa);
	assert_int_equal(ldns_rr_ttl(soa), 0);
	assert_int_equal(ldns_rdf2native_int32(ldns_rr_rdf(soa, 6)), 0);
	assert_non_null(strstr(text, "ns.sa.test. hostmaster.sa.test. "));
	free(text);
	ldns_pkt_free(p);
	world_free(&a);
}

TEST(test_edns)
{
	uint8_t packet[1500];
	struct authority a;
	struct shown s;

	world_make(&a, true);
	size_t n = world_question(packet, "sa.test", TYPE_SOA, CLASS_IN, 1, 1232);
	s = shown(&a, packet, n, ANSWER_UDP);
	assert_true(s.rcode == RCODE_BADVERS && s.opt && s.answers == 0 && !s.aa);
	n = world_question(packet, "sa.test", TYPE_SOA, CLASS_IN, -1, 0);
	assert_false(shown(&a, packet, n, ANSWER_UDP).opt);
	n = world_question(packet, "sa.test", TYPE_SOA, CLASS_IN, 0, 1232);
	packet[n - 4] = 0x80; /* DO comes back */
	assert_int_equal(shown(&a, packet, n, ANSWER_UDP).answers, 1);
	assert_int_equal(out[answer_make(&a, packet, n, ANSWER_UDP, out) - 4], 0x80);
	packet[n - 1] = 4; /* an option: a cookie, unknown to us */
	memcpy(packet + n, "\0\x0a\0\0", 4);
	assert_int_equal(shown(&a, packet, n + 4, ANSWER_UDP).answers, 1);
	packet[n + 3] = 8; /* longer than its record */
	assert_int_equal(shown(&a, packet, n + 4, ANSWER_UDP).rcode, RCODE_FORMERR);
	n = world_question(packet, "sa.test", TYPE_SOA, CLASS_IN, 0, 1232);
	memcpy(packet + n, packet + n - 11, 11); /* two OPT */
	packet[11] = 2;
	assert_int_equal(shown(&a, packet, n + 11, ANSWER_UDP).rcode, RCODE_FORMERR);
	n = world_question(packet, "sa.test", TYPE_SOA, CLASS_IN, 0, 1232);
	packet[11] = 0;
	packet[9] = 1; /* OPT in another section */
	assert_int_equal(shown(&a, packet, n, ANSWER_UDP).rcode, RCODE_FORMERR);
	world_free(&a);
}

TEST(test_headers)
{
	uint8_t packet[1500];
	struct authority a;

	world_make(&a, true);
	size_t n = world_question(packet, "sa.test", TYPE_SOA, CLASS_IN, -1, 0);
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(shown(&a, packet, i, ANSWER_UDP).length, 0);
	for (size_t i = 12; i < n; i++)
		assert_int_equal(shown(&a, packet, i, ANSWER_UDP).rcode, RCODE_FORMERR);
	assert_int_equal(shown(&a, packet, n + 1, ANSWER_UDP).rcode, RCODE_FORMERR); /* something behind it */
	packet[2] |= 0x80;
	assert_int_equal(shown(&a, packet, n, ANSWER_UDP).length, 0);
	packet[2] = 0x20; /* NOTIFY */
	assert_int_equal(shown(&a, packet, n, ANSWER_UDP).rcode, RCODE_NOTIMP);
	packet[2] = 0x28; /* UPDATE */
	assert_int_equal(shown(&a, packet, n, ANSWER_UDP).rcode, RCODE_NOTIMP);
	packet[2] = 0;
	packet[5] = 0;
	assert_int_equal(shown(&a, packet, n, ANSWER_UDP).rcode, RCODE_FORMERR);
	packet[5] = 2;
	assert_int_equal(shown(&a, packet, n, ANSWER_UDP).rcode, RCODE_FORMERR);
	n = world_question(packet, "sa.test", TYPE_OPT, CLASS_IN, -1, 0);
	assert_int_equal(shown(&a, packet, n, ANSWER_UDP).rcode, RCODE_FORMERR);
	n = world_question(packet, "", TYPE_SOA, CLASS_IN, -1, 0);
	packet[12] = 0xc0; /* a name that points at itself */
	packet[13] = 12;
	assert_int_equal(shown(&a, packet, n, ANSWER_UDP).rcode, RCODE_FORMERR);
	world_free(&a);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
