#include "config.h"

#include <jansson.h>
#include <signal.h>

#include "ca.h"
#include "check.h"
#include "keeper_side.h"

/* Key, request and publication of a certificate by an account; the answer. */
static json_t *publish_by(struct keeper *k, const char *account, const char *cert, const char *order)
{
	json_t *request = key_request(order, "p256"), *key, *answer;
	char *chain;

	json_object_set_new(request, "cert", json_string(cert));
	key = keeper_ask(k, request);
	chain = ca_chain_for_csr(k->ca, answer_text(key, "csr"));
	request = publish_request(order, "p256", chain);
	json_object_set_new(request, "cert", json_string(cert));
	json_object_set_new(request, "account", json_string(account));
	answer = keeper_ask(k, request);
	json_decref(key);
	free(chain);
	return answer;
}

static void assert_published(json_t *answer)
{
	assert_non_null(answer_text(answer, "generation"));
	json_decref(answer);
}

/* A test CA's pair replaces a trusted CA's only where that is wanted: told before an order, and again at the end. */
TEST_WITH(test_trusted_pair_stays, keeper_set_up, keeper_tear_down)
{
	struct keeper *k = *state;
	json_t *answer, *before, *after;

	assert_published(publish_by(k, "staging", "web.test", "o1"));
	assert_published(publish_by(k, "staging", "web.test", "o2"));
	assert_published(publish_by(k, "ca", "web.test", "o3"));
	before = keeper_ask(k, current_request("p256"));
	answer = keeper_ask(k, tryout_request("staging", "web.test"));
	assert_true(json_is_true(json_object_get(answer, "usage")));
	assert_refused(answer, "--replace-trusted");
	assert_refused(publish_by(k, "staging", "web.test", "o4"), "https://ca.test:14000/dir");
	after = keeper_ask(k, current_request("p256"));
	assert_string_equal(answer_text(before, "generation"), answer_text(after, "generation"));
	json_decref(before);
	json_decref(after);
	json_decref(
	    keeper_ask(k, json_pack("{s:s, s:s, s:s}", "op", "discard", "cert", "web.test", "order", "o4")));
	assert_published(publish_by(k, "plain", "web.test", "o5"));

	assert_published(publish_by(k, "ca", "b.test", "o6"));
	answer = keeper_ask(k, tryout_request("staging", "b.test"));
	assert_null(json_object_get(answer, "error"));
	json_decref(answer);
	assert_published(publish_by(k, "staging", "b.test", "o7"));
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return unit_run(NULL, NULL);
}
