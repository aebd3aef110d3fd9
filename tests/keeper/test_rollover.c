#include "config.h"

#include <string.h>

#include "check.h"
#include "common/b64.h"
#include "keeper/accounts.h"
#include "keeper/file.h"
#include "keeper/rollover.h"
#include "keeper/store.h"
#include "keeper_side.h"

#define CA  "https://ca.test/dir"
#define KID "https://ca.test/acct/1"
#define URL "https://ca.test/key-change"

struct ring {
	char *state;
	struct folder keys;
	struct account *now;
};

static int set_up(void **state)
{
	struct ring *r = xcalloc(1, sizeof(*r));
	struct err e;

	r->state = temp_make();
	assert_true(store_keys(r->state, &r->keys, &e));
	r->now = account_open(&r->keys, "ca", CA, &e);
	assert_non_null(r->now);
	folder_close(&r->keys);
	assert_true(store_keys(r->state, &r->keys, &e));
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct ring *r = *state;

	account_free(r->now);
	folder_close(&r->keys);
	temp_drop(r->state);
	free(r);
	return 0;
}

static json_t *decoded(const json_t *jws, const char *member)
{
	size_t n;
	char *text = (char *)b64url_decode(json_string_value(json_object_get(jws, member)), &n);
	json_t *json = text ? json_loadb(text, n, 0, NULL) : NULL;

	free(text);
	return json;
}

static char *thumbprint(const struct ring *r, bool next)
{
	struct err e = {""};
	struct account *a;

	if (next)
		a = rollover_next(&r->keys, "ca", CA, &e);
	else
		a = account_open(&r->keys, "ca", CA, &e);
	char *text = a ? xstrdup(a->thumbprint) : NULL;

	account_free(a);
	return text;
}

/* RFC 8555 section 7.3.5: by the new key, with the account and the old key in it, and no nonce. */
TEST_WITH(test_inner_jws, set_up, tear_down)
{
	struct ring *r = *state;
	struct err e = {""};
	json_t *jws = rollover_begin(&r->keys, r->now, CA, KID, URL, &e);
	json_t *header = decoded(jws, "protected"), *payload = decoded(jws, "payload");
	char *next = thumbprint(r, true), *now = thumbprint(r, false);

	assert_string_equal(answer_text(header, "url"), URL);
	assert_string_equal(answer_text(header, "alg"), "ES256");
	assert_null(json_object_get(header, "nonce"));
	assert_false(json_equal(json_object_get(header, "jwk"), r->now->jwk));
	assert_string_equal(answer_text(payload, "account"), KID);
	assert_true(json_equal(json_object_get(payload, "oldKey"), r->now->jwk));
	assert_int_equal(json_object_size(payload), 2);
	assert_non_null(next);
	assert_string_equal(now, r->now->thumbprint);
	assert_string_not_equal(next, now);
	assert_null(rollover_begin(&r->keys, r->now, CA, KID, URL, &e));
	assert_told(&e, "has a next key already");
	assert_null(rollover_begin(&r->keys, r->now, CA, KID, "https://other.test/", &e));
	json_decref(jws);
	json_decref(header);
	json_decref(payload);
	free_all(next, now);
}

/* What is known is done again after a kill: the copy was made, the next key not dropped yet. */
TEST_WITH(test_the_next_key_takes_over, set_up, tear_down)
{
	struct ring *r = *state;
	struct err e = {""};
	json_t *jws = rollover_begin(&r->keys, r->now, CA, KID, URL, &e);
	char *next = thumbprint(r, true), *now;
	size_t n;
	char *pem = file_read(&r->keys, "ca.pem.next", 10000, &n, &e);

	for (int i = 0; i < 3; i++) {
		assert_true(rollover_end(&r->keys, "ca", true, &e));
		now = thumbprint(r, false);
		assert_string_equal(now, next);
		free(now);
		assert_null(thumbprint(r, true));
		if (i == 0)
			assert_true(file_write(&r->keys, "ca.pem.next", 0600, pem, n, &e));
	}
	assert_true(folder_has(&r->keys, "ca.pem.old", &e));
	json_decref(jws);
	mem_wipe_free(pem);
	free(next);
}

TEST_WITH(test_the_present_key_stays, set_up, tear_down)
{
	struct ring *r = *state;
	struct err e = {""};
	json_t *jws = rollover_begin(&r->keys, r->now, CA, KID, URL, &e);

	for (int i = 0; i < 2; i++)
		assert_true(rollover_end(&r->keys, "ca", false, &e));
	char *now = thumbprint(r, false);
	assert_string_equal(now, r->now->thumbprint);
	assert_null(thumbprint(r, true));
	assert_true(folder_has(&r->keys, "ca.pem.unused", &e));
	json_decref(jws);
	free(now);
}

/* Only in a run that was started for it. */
TEST_WITH(test_no_rollover_in_another_run, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;

	assert_refused(keeper_ask(k, json_pack("{s:s, s:s, s:s, s:s}", "op", "rollover", "account", "ca",
	                                       "kid", "https://ca.test:14000/acct/1", "url",
	                                       "https://ca.test:14000/key-change")),
	               "may not change the key");
	json_t *request = sign_request("{\"onlyReturnExisting\":true}", NULL);
	json_object_set_new(request, "next", json_true());
	assert_refused(keeper_ask(k, request), "a next key");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
