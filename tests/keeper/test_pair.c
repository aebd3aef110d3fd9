#include "config.h"

#include <openssl/x509v3.h>
#include <time.h>

#include "ca.h"
#include "check.h"
#include "common/mem.h"
#include "keeper/alternates.h"
#include "keeper/key.h"
#include "keeper/pair.h"

static const char *const both[] = {"web.test", "*.web.test", NULL};

struct world {
	struct ca *ca;
	EVP_PKEY *key, *other;
	struct strs names;
};

static int set_up(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	struct err e;

	w->ca = ca_new();
	w->key = key_make("p256", &e);
	w->other = key_make("p256", &e);
	strs_add(&w->names, both[0]);
	strs_add(&w->names, both[1]);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	ca_free(w->ca);
	EVP_PKEY_free(w->key);
	EVP_PKEY_free(w->other);
	strs_free(&w->names);
	free(w);
	return 0;
}

static bool check_text(const struct world *w, const char *text, struct err *e)
{
	struct chain c;
	struct leaf l = {.serial = NULL};
	bool ok =
	    chain_parse(&c, text, strlen(text), e) && pair_check(&c, w->key, &w->names, time(NULL), &l, e);

	leaf_free(&l);
	chain_free(&c);
	return ok;
}

static bool check_wish(const struct world *w, const struct ca_wish *wish, struct err *e)
{
	char *text = ca_chain(w->ca, wish);
	bool ok = check_text(w, text, e);

	free(text);
	return ok;
}

TEST_WITH(test_right_pairs, set_up, tear_down)
{
	static const char *const upper[] = {"*.WEB.test", "Web.Test", NULL};
	struct world *w = *state;
	struct err e;

	assert_ok(check_wish(w, &(struct ca_wish){.names = both, .key = w->key}, &e), &e);
	assert_ok(check_wish(w, &(struct ca_wish){.names = upper, .key = w->key}, &e), &e);
	assert_ok(
	    check_wish(w, &(struct ca_wish){.names = both, .key = w->key, .from = time(NULL) + 3600}, &e),
	    &e);
}

/* What CAs add of themselves does not cost the certificate. */
TEST_WITH(test_added_names, set_up, tear_down)
{
	static const char *const below[] = {"web.test", "*.web.test", "a.b.web.test", NULL};
	static const char *const www[] = {"www.web.test", "web.test", NULL};
	static const char *const wild[] = {"*.web.test", "web.test", NULL};
	static const char *const above[] = {"www.web.test", "test", NULL};
	static const char *const beside[] = {"www.web.test", "aweb.test", NULL};
	struct world *w = *state;
	struct strs asked = {.n = 0}, both_names = w->names;
	struct err e;

	assert_ok(check_wish(w, &(struct ca_wish){.names = below, .key = w->key}, &e), &e);
	strs_add(&asked, "www.web.test");
	w->names = asked;
	assert_ok(check_wish(w, &(struct ca_wish){.names = www, .key = w->key}, &e), &e);
	assert_false(check_wish(w, &(struct ca_wish){.names = above, .key = w->key}, &e));
	assert_told(&e, "for test, too");
	assert_false(check_wish(w, &(struct ca_wish){.names = beside, .key = w->key}, &e));
	assert_told(&e, "for aweb.test, too");
	strs_free(&w->names);
	w->names = (struct strs){.n = 0};
	strs_add(&w->names, "*.web.test");
	assert_ok(check_wish(w, &(struct ca_wish){.names = wild, .key = w->key}, &e), &e);
	strs_free(&w->names);
	w->names = both_names;
}

/* RFC 8555 section 9.1 asks for none, many CAs and every bundle have it. */
TEST_WITH(test_text_between_blocks, set_up, tear_down)
{
	struct world *w = *state;
	char *chain = ca_chain(w->ca, &(struct ca_wish){.names = both, .key = w->key});
	char *second = strstr(chain + 1, "-----BEGIN"), *text;
	struct err e;

	text = xasprintf("subject=CN = web.test\r\n\n%.*s# issuer: {\"a\":1}\n%s\ntrailing words\n",
	                 (int)(second - chain), chain, second);
	assert_ok(check_text(w, text, &e), &e);
	free(text);
	free(chain);
}

TEST_WITH(test_wrong_pairs, set_up, tear_down)
{
	static const char *const apex[] = {"web.test", NULL};
	static const char *const three[] = {"web.test", "*.web.test", "bank.test", NULL};
	static const char *const swapped[] = {"web.test", "a.web.test", NULL};
	static const char *const none[] = {NULL};
	struct world *w = *state;
	int64_t now = time(NULL);
	const struct {
		struct ca_wish wish;
		const char *told;
	} all[] = {
	    {{.names = both, .key = w->other}, "another key"},
	    {{.names = apex, .key = w->key}, "not for *.web.test"},
	    {{.names = three, .key = w->key}, "for bank.test, too"},
	    {{.names = swapped, .key = w->key}, "not for *.web.test"},
	    {{.names = none, .key = w->key}, "no subjectAltName"},
	    {{.names = both, .key = w->key, .from = now - 7200, .to = now - 1}, "expired"},
	    {{.names = both, .key = w->key, .from = now + 90000}, "not valid yet"},
	    {{.names = both, .key = w->key, .from = now + 500, .to = now + 400}, "ends before"},
	    {{.names = both, .key = w->key, .ca = true}, "one of a CA"},
	    {{.names = both, .key = w->key, .by_root = true}, "did not sign"},
	};
	struct err e;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (check_wish(w, &all[i].wish, &e))
			fail_msg("pair %zu was taken", i);
		assert_told(&e, all[i].told);
	}
}

static char *joined(const char *a, const char *b)
{
	return xasprintf("%s%s", a, b);
}

TEST_WITH(test_wrong_chains, set_up, tear_down)
{
	struct world *w = *state;
	struct ca_wish wish = {.names = both, .key = w->key};
	char *chain = ca_chain(w->ca, &wish), *root = ca_pem(w->ca->root);
	char *leaf = xstrndup(chain, (size_t)(strstr(chain, "-----END") - chain) + 26);
	char *key = key_pem(w->key), *text;
	struct err e;

	assert_ok(check_text(w, leaf, &e), &e);
	text = joined(chain, root);
	assert_ok(check_text(w, text, &e), &e);
	free(text);
	text = joined(leaf, root);
	assert_false(check_text(w, text, &e));
	assert_told(&e, "did not issue");
	free(text);
	text = joined(chain, key);
	assert_false(check_text(w, text, &e));
	assert_told(&e, "certificate 3 of the chain");
	mem_wipe_free(text);
	chain[strlen(chain) - 40] = '\0';
	assert_false(check_text(w, chain, &e));
	assert_told(&e, "certificate 2 of the chain");
	mem_wipe_free(key);
	free(chain);
	free(leaf);
	free(root);
}

TEST_WITH(test_garbage, set_up, tear_down)
{
	static const char *const all[] = {"",
	                                  "\n",
	                                  "<html>502 Bad Gateway</html>",
	                                  "-----BEGIN CERTIFICATE-----\n",
	                                  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	                                  "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
	                                  "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"};
	struct err e;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		e.text[0] = '\0';
		assert_false(check_text(*state, all[i], &e));
		assert_told(&e, "chain");
	}
}

TEST_WITH(test_too_much, set_up, tear_down)
{
	struct world *w = *state;
	char *root = ca_pem(w->ca->root), *text;
	size_t n = strlen(root), times = 2 * 1024 * 1024 / n;
	struct err e;

	text = xcalloc(times + 1, n);
	for (size_t i = 0; i < times; i++)
		memcpy(text + i * n, root, n);
	assert_false(check_text(w, text, &e));
	assert_told(&e, "longer than");
	text[11 * n] = '\0';
	assert_false(check_text(w, text, &e));
	assert_told(&e, "certificate 11");
	free(root);
	free(text);
}

/* Any damaged octet of the leaf must be refused or leave a pair that still is one; never a crash. */
TEST_WITH(test_bent_octets, set_up, tear_down)
{
	struct world *w = *state;
	struct ca_wish wish = {.names = both, .key = w->key};
	char *chain = ca_chain(w->ca, &wish);
	size_t end = (size_t)(strstr(chain, "-----END") - chain);
	struct err e;

	for (size_t i = 28; i < end; i += 3) {
		char was = chain[i];

		if (was == '\n')
			continue;
		chain[i] = was == 'A' ? 'B' : 'A';
		if (check_text(w, chain, &e) && i < end - 4)
			fail_msg("octet %zu bent, and taken", i);
		chain[i] = was;
	}
	free(chain);
}

/* RFC 9773 section 4.1 */
TEST_WITH(test_ari_vector, set_up, tear_down)
{
	static const unsigned char authority[] = {0x69, 0x88, 0x5b, 0x6b, 0x87, 0x46, 0x40, 0x41, 0xe1, 0xb3,
	                                          0x7b, 0x84, 0x7b, 0xa0, 0xae, 0x2c, 0xde, 0x01, 0xc8, 0xd4};
	struct world *w = *state;
	ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
	struct leaf l;
	struct err e;
	X509 *x;

	ASN1_OCTET_STRING_set(id, authority, sizeof(authority));
	X509_add1_ext_i2d(w->ca->intermediate, NID_subject_key_identifier, id, 0, X509V3_ADD_REPLACE);
	x = ca_issue(w->ca, &(struct ca_wish){.names = both, .key = w->key, .serial = "87654321"});
	assert_ok(leaf_read(&l, x, &e), &e);
	assert_string_equal(l.ari, "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
	assert_string_equal(l.serial, "87654321");
	assert_string_equal(l.issuer, "Test Intermediate");
	assert_string_equal(l.type, "p256");
	leaf_free(&l);
	X509_free(x);
	ASN1_OCTET_STRING_free(id);
}

int main(void)
{
	return unit_run(NULL, NULL);
}

/* What the last certificate of the chain is issued by, or a certificate in it: but only of chains for the same
 * certificate, and signed throughout. */
TEST_WITH(an_alternate_chain_is_chosen, set_up, tear_down)
{
	struct world *w = *state;
	X509 *leaf = ca_issue(w->ca, &(struct ca_wish){.names = both, .key = w->key});
	X509 *stranger = ca_issue(w->ca, &(struct ca_wish){.names = both, .key = w->other});
	char *alone = ca_pem(leaf), *above = ca_pem(w->ca->intermediate), *foreign = ca_pem(stranger);
	char *root = ca_pem(w->ca->root), *usual = xasprintf("%s%s", alone, above);
	char *gap = xasprintf("%s%s", alone, root), hex[3 * 32] = "";
	json_t *alternates = json_pack("[s, i, s, s]", "no chain", 7, foreign, alone);
	unsigned char md[32];
	unsigned n;
	bool found;

	assert_ptr_equal(alternates_choose(usual, alternates, "test root", &found), usual);
	assert_true(found);
	assert_string_equal(alternates_choose(usual, alternates, "Test Intermediate", &found), alone);
	assert_true(found);
	assert_ptr_equal(alternates_choose(usual, NULL, "Test Intermediate", &found), usual);
	assert_false(found);
	X509_digest(stranger, EVP_sha256(), md, &n);
	for (unsigned i = 0; i < n; i++)
		snprintf(hex + 3 * i, 4, "%02X%s", md[i], i + 1 < n ? ":" : "");
	assert_ptr_equal(alternates_choose(usual, alternates, hex, &found), usual);
	assert_false(found);
	X509_digest(w->ca->root, EVP_sha256(), md, &n);
	for (unsigned i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
	json_array_append_new(alternates, json_string(gap));
	assert_ptr_equal(alternates_choose(usual, alternates, hex, &found), usual);
	assert_false(found);
	free(gap);
	gap = xasprintf("%s%s", usual, root);
	json_array_append_new(alternates, json_string(gap));
	assert_string_equal(alternates_choose(usual, alternates, hex, &found), gap);
	assert_true(found);
	assert_string_equal(alternates_choose("broken", alternates, hex, &found), "broken");
	json_decref(alternates);
	X509_free(leaf);
	X509_free(stranger);
	free_all(alone, above, foreign, root, usual, gap);
}
