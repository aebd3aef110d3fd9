#include "config.h"

#include <string.h>
#include <unistd.h>

#include "ca.h"
#include "check.h"
#include "keeper/barred.h"
#include "keeper/file.h"
#include "keeper/key.h"
#include "keeper/publish.h"
#include "keeper/removal.h"
#include "keeper/revocation.h"
#include "keeper/stage.h"
#include "keeper/store.h"

#define NOW 1800000000

/* A store with generations of web.test that share a key or do not. */
struct shelf {
	char *state;
	struct ca *ca;
	EVP_PKEY *key, *other;
	struct folder cert;
	struct strs names;
	unsigned made;
};

static int set_up(void **state)
{
	struct shelf *s = xcalloc(1, sizeof(*s));
	struct err e;

	s->state = temp_make();
	s->ca = ca_new();
	s->key = key_make("p256", &e);
	s->other = key_make("p256", &e);
	strs_add(&s->names, "web.test");
	assert_true(store_cert(s->state, "web.test", &s->cert, &e));
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct shelf *s = *state;

	folder_close(&s->cert);
	strs_free(&s->names);
	EVP_PKEY_free(s->key);
	EVP_PKEY_free(s->other);
	ca_free(s->ca);
	temp_drop(s->state);
	free(s);
	return 0;
}

/* New string: the generation; NULL with e. */
static char *publish(struct shelf *s, EVP_PKEY *key, int64_t to, struct err *e)
{
	static const char *const names[] = {"web.test", NULL};
	char *order = xasprintf("o%u", ++s->made), *serial = xasprintf("%02x", 16 + s->made), *csr = NULL;
	char *chain = ca_chain(
	    s->ca,
	    &(struct ca_wish){.names = names, .key = key, .from = NOW - 86400, .to = to, .serial = serial});
	struct publish p = {.cert = &s->cert,
	                    .order = order,
	                    .type = "p256",
	                    .names = &s->names,
	                    .chain = chain,
	                    .state = s->state,
	                    .now = NOW};
	char *generation = NULL;

	assert_true(stage_save(&s->cert, order, key, &(struct csr_names){.all = &s->names}, &csr, e));
	if (publish_run(&p, e))
		generation = xstrdup(p.generation);
	publish_clear(&p);
	free(order);
	free(serial);
	free(chain);
	free(csr);
	return generation;
}

static struct setup *setup_of(const struct shelf *s, const char *revoke)
{
	struct err e;
	char *text =
	    xasprintf("{\"state\":\"%s\",\"command\":\"revoke\"}\n{\"revoke\":%s}\n", s->state, revoke);
	struct setup *setup = setup_parse(text, strlen(text), &e);

	if (!setup)
		fail_msg("%s", e.text);
	free(text);
	return setup;
}

static struct setup *setup_for(const struct shelf *s, const char *generation, int reason)
{
	char *revoke =
	    xasprintf("{\"id\":\"web.test\",\"generation\":\"%s\",\"reason\":%d}", generation, reason);
	struct setup *setup = setup_of(s, revoke);

	free(revoke);
	return setup;
}

static const char *generation_at(const json_t *list, size_t i)
{
	return json_string_value(json_object_get(json_array_get(list, i), "generation"));
}

/* An expired one is of no use to a thief, and what is revoked is done. */
TEST_WITH(test_a_compromised_key_is_in_more_than_one, set_up, tear_down)
{
	struct shelf *s = *state;
	struct err e = {""};
	char *first = publish(s, s->key, NOW + 9000, &e), *old = publish(s, s->key, NOW + 5, &e);
	char *another = publish(s, s->other, NOW + 9000, &e), *named = publish(s, s->key, NOW + 9000, &e);
	struct setup *setup = setup_for(s, named, REASON_KEY_COMPROMISE);
	struct setup *plain = setup_for(s, named, 4);

	folder_close(&s->cert);
	json_t *list = revocation_certificates(setup, 0, NOW + 10, &e);
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(generation_at(list, 0), first);
	assert_string_equal(generation_at(list, 1), named);
	json_decref(list);

	assert_true(revocation_note(setup, 0, first, &e));
	list = revocation_certificates(setup, 0, NOW + 10, &e);
	assert_int_equal(json_array_size(list), 1);
	json_decref(list);

	list = revocation_certificates(plain, 0, NOW, &e);
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(generation_at(list, 0), named);
	json_decref(list);
	assert_null(revocation_certificates(plain, 1, NOW, &e));

	setup_free(setup);
	setup_free(plain);
	free_all(first, old, another, named);
}

TEST_WITH(test_a_barred_key_is_not_used_again, set_up, tear_down)
{
	struct shelf *s = *state;
	struct err e = {""};
	char *named = publish(s, s->key, NOW + 9000, &e), *again, *another;
	struct setup *setup = setup_for(s, named, REASON_KEY_COMPROMISE);

	folder_close(&s->cert);
	json_t *list = revocation_certificates(setup, 0, NOW, &e);
	assert_true(store_cert(s->state, "web.test", &s->cert, &e));
	assert_true(barred_check(s->state, s->key, &e));
	for (int i = 0; i < 2; i++)
		assert_true(revocation_bar(
		    setup, json_string_value(json_object_get(json_array_get(list, 0), "certificate")), &e));
	assert_false(barred_check(s->state, s->key, &e));
	again = publish(s, s->key, NOW + 9000, &e);
	assert_null(again);
	assert_told(&e, "revoked as compromised");
	another = publish(s, s->other, NOW + 9000, &e);
	assert_non_null(another);
	json_decref(list);
	setup_free(setup);
	free_all(named, another);
}

/* What a killed removal left is removed by the next. */
TEST_WITH(test_removal, set_up, tear_down)
{
	struct shelf *s = *state;
	struct err e = {""};
	char *generation = publish(s, s->key, NOW + 9000, &e);
	char *kept = xasprintf("%s/archive/web.test-1/live/privkey.pem", s->state);
	char *gone = xasprintf("%s/certs/web.test", s->state);

	folder_close(&s->cert);
	for (int i = 0; i < 2; i++)
		assert_true(removal_run(s->state, "web.test", "web.test-1", &e));
	assert_int_equal(access(kept, F_OK), 0);
	assert_int_not_equal(access(gone, F_OK), 0);

	assert_true(store_cert(s->state, "web.test", &s->cert, &e));
	free(generation);
	generation = publish(s, s->other, NOW + 9000, &e);
	assert_true(file_drop(&s->cert, "live", &e));
	folder_close(&s->cert);
	for (int i = 0; i < 2; i++)
		assert_true(removal_run(s->state, "web.test", NULL, &e));
	assert_int_not_equal(access(gone, F_OK), 0);
	assert_int_equal(access(kept, F_OK), 0);
	free_all(generation, kept, gone);
}

TEST_WITH(test_the_key_must_be_the_certificates, set_up, tear_down)
{
	static const char *const names[] = {"web.test", NULL};
	struct shelf *s = *state;
	struct err e = {""};
	char *chain = ca_chain(s->ca, &(struct ca_wish){.names = names, .key = s->key});
	EVP_PKEY *keys[] = {s->key, s->other};

	for (int i = 0; i < 2; i++) {
		char *pem = key_pem(keys[i]);
		json_t *revoke = json_pack("{s:s, s:s, s:i}", "pem", chain, "key", pem, "reason", 0);
		char *text = json_dumps(revoke, JSON_COMPACT);
		struct setup *setup = setup_of(s, text);
		EVP_PKEY *found = revocation_key(setup, 0, NULL, &e);

		assert_int_equal(found != NULL, keys[i] == s->key);
		if (!found)
			assert_told(&e, "not that of the certificate");
		EVP_PKEY_free(found);
		setup_free(setup);
		json_decref(revoke);
		free_all(pem, text);
	}
	free(chain);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
