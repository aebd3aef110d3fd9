#include "config.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ca.h"
#include "check.h"
#include "keeper/adoption.h"
#include "keeper/key.h"
#include "keeper/live.h"
#include "keeper/store.h"

static const char *const names[] = {"web.test", "*.web.test", NULL};

struct world {
	char *state;
	struct ca *ca;
	EVP_PKEY *key;
};

static int set_up(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	struct err e;

	w->state = temp_make();
	w->ca = ca_new();
	w->key = key_make("p384", &e);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	temp_drop(w->state);
	ca_free(w->ca);
	EVP_PKEY_free(w->key);
	free(w);
	return 0;
}

static struct setup *setup_of(const struct world *w, const char *key, const char *chain, const char *issuers)
{
	struct err e;
	json_t *head =
	    json_pack("{s:s, s:s, s:{s:s, s:s, s:s?, s:s}}", "state", w->state, "command", "import", "pair",
	              "key", key, "chain", chain, "issuers", issuers, "directory", "https://ca.test/dir");
	char *text = json_dumps(head, JSON_COMPACT);
	struct setup *s = setup_parse(text, strlen(text), &e);

	assert_ok(s, &e);
	json_decref(head);
	free(text);
	return s;
}

/* The run of that pair; the key is w's. */
static struct setup *import_of(const struct world *w, const char *chain)
{
	char *pem = key_pem(w->key);
	struct setup *s = setup_of(w, pem, chain, NULL);

	mem_wipe_free(pem);
	return s;
}

static json_t *live(const struct world *w, const char *id)
{
	struct folder cert;
	struct err e;

	assert_ok(store_cert(w->state, id, &cert, &e), &e);
	json_t *facts = live_facts(&cert, NULL);
	folder_close(&cert);
	return facts;
}

TEST_WITH(test_pair_is_published, set_up, tear_down)
{
	struct world *w = *state;
	struct err e = {""};
	char *chain = ca_chain(w->ca, &(struct ca_wish){.names = names, .key = w->key});
	struct setup *s = import_of(w, chain);
	json_t *look = adoption_look(s, &e);

	assert_ok(look, &e);
	assert_int_equal(json_array_size(json_object_get(look, "names")), 2);
	assert_string_equal(json_string_value(json_object_get(look, "type")), "p384");
	json_decref(look);
	for (int i = 0; i < 2; i++) { /* again, as after a kill */
		json_t *done = adoption_run(s, "web", time(NULL), &e);

		assert_ok(done, &e);
		json_decref(done);
	}
	json_t *facts = live(w, "web");
	assert_string_equal(json_string_value(json_object_get(facts, "directory")), "https://ca.test/dir");
	assert_string_equal(json_string_value(json_object_get(facts, "type")), "p384");
	assert_int_equal(json_array_size(json_object_get(facts, "extra")), 0);
	json_decref(facts);
	setup_free(s);
	free(chain);
}

/* What is published stays, whatever is to be adopted. */
TEST_WITH(test_another_pair_is_not_replaced, set_up, tear_down)
{
	struct world *w = *state;
	struct err e = {""};
	char *first = ca_chain(w->ca, &(struct ca_wish){.names = names, .key = w->key, .serial = "0101"});
	char *second = ca_chain(w->ca, &(struct ca_wish){.names = names, .key = w->key, .serial = "0202"});
	struct setup *a = import_of(w, first), *b = import_of(w, second);
	json_t *done = adoption_run(a, "web", time(NULL), &e), *facts;

	assert_ok(done, &e);
	assert_null(adoption_run(b, "web", time(NULL), &e));
	assert_told(&e, "another certificate is published there");
	facts = live(w, "web");
	assert_string_equal(json_string_value(json_object_get(facts, "serial")), "0101");
	json_decref(facts);
	json_decref(done);
	setup_free(a);
	setup_free(b);
	free_all(first, second);
}

TEST_WITH(test_chain_in_two_files, set_up, tear_down)
{
	struct world *w = *state;
	struct err e = {""};
	X509 *leaf = ca_issue(w->ca, &(struct ca_wish){.names = names, .key = w->key});
	char *alone = ca_pem(leaf), *issuers = ca_pem(w->ca->intermediate), *pem = key_pem(w->key);
	struct setup *s = setup_of(w, pem, alone, issuers);
	json_t *done = adoption_run(s, "web", time(NULL), &e);

	assert_ok(done, &e);
	char *chain = xasprintf("%s/certs/web/live/chain.pem", w->state);
	assert_int_equal(access(chain, F_OK), 0);
	json_decref(done);
	setup_free(s);
	X509_free(leaf);
	mem_wipe_free(pem);
	free_all(alone, issuers, chain);
}

TEST_WITH(test_what_is_no_pair_is_refused, set_up, tear_down)
{
	struct world *w = *state;
	struct err e = {""};
	EVP_PKEY *other = key_make("p256", &e);
	char *good = ca_chain(w->ca, &(struct ca_wish){.names = names, .key = w->key});
	char *foreign = ca_chain(w->ca, &(struct ca_wish){.names = names, .key = other});
	char *ca = ca_chain(w->ca, &(struct ca_wish){.names = names, .key = w->key, .ca = true});
	char *odd = ca_chain(w->ca, &(struct ca_wish){.names = names, .key = w->key, .by_root = true});
	char *expired =
	    ca_chain(w->ca, &(struct ca_wish){.names = names, .key = w->key, .from = 1000, .to = 2000});
	char *pem = key_pem(w->key);
	const struct {
		const char *key, *chain, *told;
	} bad[] = {
	    {pem, foreign, "for another key"},  {pem, ca, "is one of a CA"},
	    {pem, odd, "did not sign"},         {pem, "nothing", "no certificate"},
	    {"nothing", good, "private key: "}, {pem, pem, "certificate: "},
	    {pem, expired, "has expired"},      {good, good, "private key: "},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct setup *s = setup_of(w, bad[i].key, bad[i].chain, NULL);

		assert_null(adoption_run(s, "web", time(NULL), &e));
		assert_told(&e, bad[i].told);
		setup_free(s);
	}
	struct setup *s = import_of(w, good);
	assert_null(adoption_run(s, "../web", time(NULL), &e));
	assert_told(&e, "not a plain name");
	char *certs = xasprintf("%s/certs/web", w->state);
	assert_int_not_equal(access(certs, F_OK), 0);
	setup_free(s);
	EVP_PKEY_free(other);
	mem_wipe_free(pem);
	free_all(good, foreign, ca, odd, expired, certs);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
