#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ca.h"
#include "check.h"
#include "common/b64.h"
#include "keeper_side.h"

static mode_t mode_of(const struct keeper *k, const char *path)
{
	char *full = xasprintf("%s/%s", k->state, path);
	struct stat st;

	if (stat(full, &st) != 0)
		fail_msg("%s is missing", full);
	free(full);
	return st.st_mode & 07777;
}

TEST_WITH(test_account_is_kept, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *request = json_pack("{s:s, s:s}", "op", "account", "account", "ca");
	json_t *first = keeper_ask(k, json_incref(request)), *second;
	char *thumbprint = xstrdup(answer_text(first, "thumbprint"));

	assert_int_equal(mode_of(k, "keys"), 0700);
	assert_int_equal(mode_of(k, "keys/ca.pem"), 0600);
	assert_string_equal(answer_text(json_object_get(first, "jwk"), "crv"), "P-256");
	assert_int_equal(keeper_stop(k), 0);
	keeper_start(k);
	second = keeper_ask(k, request);
	assert_string_equal(answer_text(second, "thumbprint"), thumbprint);
	json_decref(first);
	json_decref(second);
	free(thumbprint);
}

static char *decoded(const json_t *jws, const char *name)
{
	size_t n;

	return (char *)b64url_decode(answer_text(jws, name), &n);
}

TEST_WITH(test_header_is_built_here, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *answer = keeper_ask(k, sign_request("", "https://ca.test:14000/acct/1"));
	char *header = decoded(json_object_get(answer, "jws"), "protected");

	assert_string_equal(header, "{\"alg\":\"ES256\",\"nonce\":\"abc_-1\",\"url\":"
	                            "\"https://ca.test:14000/some\",\"kid\":"
	                            "\"https://ca.test:14000/acct/1\"}");
	assert_string_equal(answer_text(json_object_get(answer, "jws"), "payload"), "");
	free(header);
	json_decref(answer);
	answer = keeper_ask(k, sign_request("{\"termsOfServiceAgreed\":true}", NULL));
	header = decoded(json_object_get(answer, "jws"), "protected");
	assert_non_null(strstr(header, "\"jwk\":{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":"));
	assert_null(strstr(header, "kid"));
	free(header);
	json_decref(answer);
}

TEST_WITH(test_refusals_are_told, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	const char *kid = "https://ca.test:14000/acct/1";
	json_t *request = sign_request("", kid);

	json_object_set_new(request, "url", json_string("https://evil.test/x"));
	assert_refused(keeper_ask(k, request), "is not at ca.test:14000");
	assert_refused(keeper_ask(k, sign_request("", "https://ca.test/acct/1")), "kid");
	assert_refused(keeper_ask(k, sign_request("{\"csr\":\"AAAA\"}", kid)), "csr");
	assert_refused(keeper_ask(k, json_pack("{s:s, s:s}", "op", "account", "account", "other")),
	               "not one of this run");
	assert_refused(keeper_ask(k, json_pack("{s:s}", "op", "format")), "unknown operation");
	assert_refused(keeper_ask(k, json_pack("{s:s}", "op", "key")), "has no text");
	assert_refused(keeper_ask(k, key_request("o1", "rsa3072")), "not to have a key of type");
	assert_refused(keeper_ask(k, key_request("../o1", "p256")), "tag");
	assert_refused(keeper_ask(k, json_pack("{s:s, s:s}", "op", "current", "cert", "../keys")),
	               "plain name");
}

TEST_WITH(test_challenge, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *request = json_pack("{s:s, s:s, s:s}", "op", "challenge", "account", "ca", "token",
	                            "DGyRejmCefe7v4NfDGDKfA");
	json_t *answer = keeper_ask(k, json_incref(request));

	assert_int_equal(strlen(answer_text(answer, "value")), 43);
	json_decref(answer);
	json_object_set_new(request, "token", json_string("DGyRejmCefe7v4NfDGDKf"));
	assert_refused(keeper_ask(k, request), "token");
}

static json_t *issue(struct keeper *k, const char *order, const char *type)
{
	json_t *key = keeper_ask(k, key_request(order, type)),
	       *again = keeper_ask(k, key_request(order, type));
	char *payload = xasprintf("{\"csr\":\"%s\"}", answer_text(key, "csr"));
	char *chain = ca_chain_for_csr(k->ca, answer_text(key, "csr"));
	json_t *answer;

	assert_string_equal(answer_text(key, "csr"), answer_text(again, "csr"));
	answer = keeper_ask(k, sign_request(payload, "https://ca.test:14000/acct/1"));
	assert_non_null(json_object_get(answer, "jws"));
	json_decref(answer);
	answer = keeper_ask(k, publish_request(order, type, chain));
	free(chain);
	free(payload);
	json_decref(key);
	json_decref(again);
	return answer;
}

TEST_WITH(test_issue_from_key_to_live, keeper_set_up, keeper_tear_down)
{
	static const char *const types[] = {"p256", "p384", "rsa2048"};
	struct keeper *k = *state;
	json_t *answer = keeper_ask(k, current_request("p256")), *current;

	assert_int_equal(json_object_size(answer), 1);
	json_decref(answer);
	for (size_t i = 0; i < 3; i++) {
		char order[] = {'o', (char)('1' + i), '\0'};

		answer = issue(k, order, types[i]);
		current = keeper_ask(k, current_request(types[i]));
		assert_string_equal(answer_text(current, "generation"), answer_text(answer, "generation"));
		assert_string_equal(answer_text(current, "serial"), "8765432100000001");
		assert_string_equal(answer_text(current, "type"), types[i]);
		assert_string_equal(answer_text(current, "directory"), "https://ca.test:14000/dir");
		assert_int_equal(json_array_size(json_object_get(current, "extra")), 0);
		assert_non_null(strstr(answer_text(answer, "ari"), ".AIdlQyEAAAAB"));
		json_decref(answer);
		json_decref(current);
	}
	assert_int_equal(mode_of(k, "certs"), 0711);
	assert_int_equal(mode_of(k, "certs/web.test/live"), 0711);
	assert_int_equal(mode_of(k, "certs/web.test/live/privkey.pem"), 0600);
	assert_int_equal(mode_of(k, "certs/web.test/live/combined.pem"), 0600);
	assert_int_equal(mode_of(k, "certs/web.test/live/fullchain.pem"), 0644);
	assert_int_equal(mode_of(k, "certs/web.test/live/meta.json"), 0644);
}

TEST_WITH(test_key_survives_a_kill, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *first = keeper_ask(k, key_request("o1", "p256")), *second;

	kill(k->pid, SIGKILL);
	keeper_stop(k);
	keeper_start(k);
	second = keeper_ask(k, key_request("o1", "p256"));
	assert_string_equal(answer_text(first, "csr"), answer_text(second, "csr"));
	assert_refused(keeper_ask(k, key_request("o1", "rsa4096")), "has a key of type p256 already");
	json_decref(first);
	json_decref(second);
}

static json_t *p256_request(const char *cert, const char *order)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "op", "key", "cert", cert, "order", order, "type", "p256");
}

static bool names_a_subject(const char *csr)
{
	size_t n;
	unsigned char *der = b64url_decode(csr, &n);
	const unsigned char *at = der;
	X509_REQ *request = d2i_X509_REQ(NULL, &at, (long)n);
	bool named = X509_NAME_entry_count(X509_REQ_get_subject_name(request)) == 1;

	X509_REQ_free(request);
	free(der);
	return named;
}

/* What its certificate wants; and one that cannot be made costs that certificate alone. */
TEST_WITH(test_common_name, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *none = keeper_ask(k, p256_request("web.test", "o1"));
	json_t *named = keeper_ask(k, p256_request("named.test", "o1"));

	assert_false(names_a_subject(answer_text(none, "csr")));
	assert_true(names_a_subject(answer_text(named, "csr")));
	assert_refused(keeper_ask(k, p256_request("foreign.test", "o1")),
	               "common_name: 'web.test' is none of the certificate's names");
	json_decref(none);
	json_decref(named);
}

TEST_WITH(test_discarded_key_is_gone, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *key = keeper_ask(k, key_request("o1", "p256"));
	char *payload = xasprintf("{\"csr\":\"%s\"}", answer_text(key, "csr"));
	char *chain = ca_chain_for_csr(k->ca, answer_text(key, "csr"));
	json_t *request = json_pack("{s:s, s:s, s:s}", "op", "discard", "cert", "web.test", "order", "o1");

	for (int i = 0; i < 2; i++) {
		json_t *answer = keeper_ask(k, json_incref(request));

		assert_int_equal(json_object_size(answer), 1);
		json_decref(answer);
	}
	assert_refused(keeper_ask(k, sign_request(payload, "https://ca.test:14000/acct/1")), "csr");
	json_t *lost = keeper_ask(k, publish_request("o1", "p256", chain));
	assert_true(json_is_true(json_object_get(lost, "wrong"))); /* no later try can mend it */
	assert_refused(lost, "no key of order o1");
	json_decref(request);
	json_decref(key);
	free(payload);
	free(chain);
}

TEST_WITH(test_slow_key_does_not_stop_signing, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_int_t slow = keeper_post(k, key_request("o1", "rsa4096")), quick;
	json_t *answer;

	quick = keeper_post(k, sign_request("", "https://ca.test:14000/acct/1"));
	answer = keeper_get(k);
	assert_int_equal(json_integer_value(json_object_get(answer, "id")), quick);
	json_decref(answer);
	answer = keeper_get(k);
	assert_int_equal(json_integer_value(json_object_get(answer, "id")), slow);
	assert_non_null(answer_text(answer, "csr"));
	json_decref(answer);
}

TEST_WITH(test_end_while_a_key_is_made, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *answer;

	keeper_post(k, key_request("o1", "rsa4096"));
	keeper_post(k, sign_request("", "https://ca.test:14000/acct/1"));
	answer = keeper_get(k);
	json_decref(answer);
	assert_int_equal(keeper_stop(k), 0);
	keeper_start(k);
}

TEST_WITH(test_signals_do_not_end_it, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *answer = keeper_ask(k, current_request("p256"));

	json_decref(answer);
	kill(k->pid, SIGINT);
	kill(k->pid, SIGTERM);
	kill(k->pid, SIGHUP);
	answer = keeper_ask(k, current_request("p256"));
	json_decref(answer);
}

TEST_WITH(test_unwritable_state_is_told, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	char *path = xasprintf("%s/keys", k->state);
	FILE *f = fopen(path, "w");

	fclose(f);
	assert_refused(keeper_ask(k, json_pack("{s:s, s:s}", "op", "account", "account", "ca")),
	               "/keys: is not a folder (a symbolic link is not followed)");
	free(path);
}

TEST_WITH(test_broken_pair_is_told, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	char *path = xasprintf("%s/certs/web.test/live/fullchain.pem", k->state);
	json_t *answer = issue(k, "o1", "p256");

	assert_int_equal(truncate(path, 100), 0);
	json_decref(answer);
	answer = keeper_ask(k, current_request("p256"));
	assert_non_null(strstr(answer_text(answer, "broken"), "fullchain.pem"));
	json_decref(answer);
	assert_int_equal(unlink(path), 0);
	answer = keeper_ask(k, current_request("p256"));
	assert_non_null(strstr(answer_text(answer, "broken"), "No such file"));
	json_decref(answer);
	free(path);
}

/* RFC 8555 section 7.3.4: HS256, the kid that the CA gave, the account's JWK as payload. */
TEST_WITH(test_external_account_binding, keeper_set_up, keeper_tear_down)
{
	static const char url[] = "https://ca.test:14000/new-account";
	static const unsigned char secret[] = {
	    0xcd, 0x63, 0x43, 0x64, 0xce, 0x9e, 0x40, 0x61, 0xd6, 0xa5, 0x24, 0x53, 0x3d, 0xa9, 0x79, 0x78,
	    0x85, 0x18, 0x15, 0x3b, 0xbb, 0x11, 0xa8, 0xd5, 0x22, 0x88, 0x2e, 0xca, 0xca, 0x99, 0xf7, 0x01,
	    0xb8, 0xe2, 0x73, 0x04, 0xb7, 0x1d, 0xcc, 0x50, 0x0b, 0x14, 0x0e, 0x43, 0x13, 0x43, 0x5d, 0x96};
	struct keeper *k = *state;
	json_t *account = keeper_ask(k, json_pack("{s:s, s:s}", "op", "account", "account", "ca"));
	json_t *answer =
	    keeper_ask(k, json_pack("{s:s, s:s, s:s}", "op", "eab", "account", "ca", "url", url));
	json_t *jws = json_object_get(answer, "jws");
	char *header = decoded(jws, "protected"), *payload = decoded(jws, "payload");
	char *jwk = json_dumps(json_object_get(account, "jwk"), JSON_COMPACT), *whole;
	char *input = xasprintf("%s.%s", answer_text(jws, "protected"), answer_text(jws, "payload"));
	unsigned char mac[32];
	char *signature;

	assert_string_equal(
	    header, "{\"alg\":\"HS256\",\"kid\":\"kid-1\",\"url\":\"https://ca.test:14000/new-account\"}");
	assert_string_equal(payload, jwk);
	HMAC(EVP_sha256(), secret, sizeof(secret), (unsigned char *)input, strlen(input), mac, NULL);
	signature = b64url_encode(mac, sizeof(mac));
	assert_string_equal(answer_text(jws, "signature"), signature);
	whole = json_dumps(jws, JSON_COMPACT);
	free(payload);
	payload = xasprintf("{\"termsOfServiceAgreed\":true,\"externalAccountBinding\":%s}", whole);
	json_decref(answer);
	answer = keeper_ask(k, sign_request(payload, NULL));
	assert_non_null(json_object_get(answer, "jws"));
	json_decref(answer);
	assert_refused(keeper_ask(k, json_pack("{s:s, s:s, s:s}", "op", "eab", "account", "plain", "url",
	                                       "https://other.test/x")),
	               "no external account binding");
	assert_refused(keeper_ask(k, json_pack("{s:s, s:s, s:s}", "op", "eab", "account", "ca", "url",
	                                       "https://other.test/x")),
	               "is not at ca.test:14000");
	json_decref(account);
	free(whole);
	free(signature);
	free(input);
	free(jwk);
	free(payload);
	free(header);
}

/* Names that the CA added are published, told apart, and no reason to get another certificate. */
TEST_WITH(test_added_names, keeper_set_up, keeper_tear_down)
{
	static const char *const names[] = {"web.test", "*.web.test", "a.web.test", NULL};
	struct keeper *k = *state;
	json_t *key = keeper_ask(k, key_request("o1", "p256")), *answer;
	char *chain = ca_chain_for_csr_names(k->ca, answer_text(key, "csr"), names);

	answer = keeper_ask(k, publish_request("o1", "p256", chain));
	assert_string_equal(json_string_value(json_array_get(json_object_get(answer, "extra"), 0)),
	                    "a.web.test");
	json_decref(answer);
	answer = keeper_ask(k, current_request("p256"));
	assert_int_equal(json_array_size(json_object_get(answer, "names")), 2);
	assert_string_equal(json_string_value(json_array_get(json_object_get(answer, "extra"), 0)),
	                    "a.web.test");
	json_decref(answer);
	json_decref(key);
	free(chain);
}

/* What a keeper says of what it has just published is what it says when it reads the files; and once one of them is
 * another, that is seen. */
TEST_WITH(test_facts_are_those_of_the_files, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	char *path = xasprintf("%s/certs/web.test/live/cert.pem", k->state);

	for (int i = 0; i < 2; i++) {
		char order[] = {'o', (char)('1' + i), '\0'};
		json_t *published = issue(k, order, "p256"), *known, *read;

		if (i == 0) {
			known = keeper_ask(k, current_request("p256"));
			read = keeper_ask(k, current_request("p256"));
			json_object_del(known, "id");
			json_object_del(read, "id");
			assert_true(json_equal(known, read));
			assert_non_null(answer_text(read, "stamp"));
			json_decref(read);
		} else {
			FILE *f = fopen(path, "a");

			assert_int_equal(fputs("more\n", f), 1);
			fclose(f);
			known = keeper_ask(k, current_request("p256"));
			assert_non_null(strstr(answer_text(known, "broken"), "cert.pem: does not belong"));
		}
		assert_null(json_object_get(published, "facts"));
		json_decref(known);
		json_decref(published);
	}
	free(path);
}

static size_t entries_of(const char *path)
{
	DIR *d = opendir(path);
	size_t n = 0;

	assert_non_null(d);
	for (struct dirent *entry; (entry = readdir(d));)
		n++;
	closedir(d);
	return n;
}

TEST_WITH(test_place_is_tried, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	char *folder = xasprintf("%s/certs/web.test", k->state), *live = xasprintf("%s/live", folder);
	json_t *answer = keeper_ask(k, tryout_request("ca", "web.test"));

	assert_int_equal(json_object_size(answer), 1);
	json_decref(answer);
	assert_int_equal(entries_of(folder), 2); /* . and .. */
	assert_refused(keeper_ask(k, tryout_request("ca", "other.test")), "not one of this run");
	assert_int_equal(mkdir(live, 0700), 0);
	assert_refused(keeper_ask(k, tryout_request("ca", "web.test")), "live: is not a link");
	assert_int_equal(rmdir(live), 0);
	if (geteuid() != 0) {
		assert_int_equal(chmod(folder, 0500), 0);
		assert_refused(keeper_ask(k, tryout_request("ca", "web.test")), "Permission denied");
		assert_int_equal(chmod(folder, 0700), 0);
	}
	free(live);
	free(folder);
}

/* One certificate's folder is locked by another keeper: others are published and signed for meanwhile. */
TEST_WITH(test_publications_overlap, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *key = keeper_ask(k, key_request("o1", "p256")), *request = key_request("o2", "p256"), *other,
	       *answer;
	char *folder = xasprintf("%s/certs/web.test", k->state), *chain, *chain2;
	int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	json_int_t held, free_one;

	json_object_set_new(request, "cert", json_string("b.test"));
	other = keeper_ask(k, request);
	chain = ca_chain_for_csr(k->ca, answer_text(key, "csr"));
	chain2 = ca_chain_for_csr(k->ca, answer_text(other, "csr"));
	assert_int_equal(flock(lock, LOCK_EX), 0);
	held = keeper_post(k, publish_request("o1", "p256", chain));
	request = publish_request("o2", "p256", chain2);
	json_object_set_new(request, "cert", json_string("b.test"));
	free_one = keeper_post(k, request);
	answer = keeper_get(k);
	assert_int_equal(json_integer_value(json_object_get(answer, "id")), free_one);
	assert_non_null(answer_text(answer, "generation"));
	json_decref(answer);
	answer = keeper_ask(k, sign_request("", "https://ca.test:14000/acct/1"));
	json_decref(answer);
	close(lock);
	answer = keeper_get(k);
	assert_int_equal(json_integer_value(json_object_get(answer, "id")), held);
	assert_non_null(answer_text(answer, "generation"));
	json_decref(answer);
	json_decref(other);
	json_decref(key);
	free(chain);
	free(chain2);
	free(folder);
}

/* A request for a certificate that was published cannot be finalized again. */
TEST_WITH(test_published_request_is_forgotten, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *key = keeper_ask(k, key_request("o1", "p256")), *answer;
	char *payload = xasprintf("{\"csr\":\"%s\"}", answer_text(key, "csr"));
	char *chain = ca_chain_for_csr(k->ca, answer_text(key, "csr"));

	answer = keeper_ask(k, publish_request("o1", "p256", chain));
	assert_non_null(answer_text(answer, "generation"));
	json_decref(answer);
	assert_refused(keeper_ask(k, sign_request(payload, "https://ca.test:14000/acct/1")), "csr");
	json_decref(key);
	free(chain);
	free(payload);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return unit_run(NULL, NULL);
}
