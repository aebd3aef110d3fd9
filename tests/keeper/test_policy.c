#include "config.h"

#include "check.h"
#include "keeper/policy.h"

#define KID   "https://ca.test/acct/1"
#define ORDER "https://ca.test/new-order"
#define AUTHZ "https://ca.test/authz/9"

static const char issue_setup[] = "{\"state\":\"/s\",\"command\":\"issue\"}\n"
                                  "{\"account\":{\"name\":\"ca\",\"directory\":\"https://ca.test/d\"}}\n"
                                  "{\"cert\":{\"id\":\"web.test\",\"names\":[\"web.test\",\"*.web.test\"],"
                                  "\"types\":[\"p256\"],\"profile\":\"shortlived\"}}\n";

static const char clean_setup[] =
    "{\"state\":\"/s\",\"command\":\"clean\"}\n"
    "{\"account\":{\"name\":\"ca\",\"directory\":\"https://ca.test/d\"}}\n"
    "{\"cert\":{\"id\":\"web.test\",\"names\":[\"web.test\"],\"types\":[\"p256\"]}}\n";

#define TASK_SETUP(task)                                                                                     \
	"{\"state\":\"/s\",\"command\":\"ca\",\"task\":\"" task "\"}\n"                                      \
	"{\"account\":{\"name\":\"ca\",\"directory\":\"https://ca.test/d\"}}\n"

#define NAME(n) "{\"type\":\"dns\",\"value\":\"" n "\"}"

struct attempt {
	const char *url, *kid, *payload;
	const char *told; /* NULL = may be sent */
};

static const struct attempt attempts[] = {
    {ORDER, KID, "", NULL},
    {ORDER, NULL, "", "without kid"},
    {AUTHZ, KID, "{}", NULL},
    {ORDER, KID, "{\"identifiers\":[" NAME("web.test") "," NAME("*.web.test") "]}", NULL},
    {ORDER, KID,
     "{\"identifiers\":[" NAME("web.test") "],\"profile\":\"shortlived\","
                                           "\"replaces\":\"aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE\"}",
     NULL},
    {ORDER, KID, "{\"identifiers\":[" NAME("web.test") "," NAME("bank.test") "]}",
     "'bank.test' is in no certificate"},
    {ORDER, KID, "{\"identifiers\":[" NAME("a.web.test") "]}", "in no certificate"},
    {ORDER, KID, "{\"identifiers\":[{\"type\":\"ip\",\"value\":\"192.0.2.1\"}]}", "identifier"},
    {ORDER, KID, "{\"identifiers\":[{\"type\":\"dns\",\"value\":\"web.test\",\"x\":1}]}", "identifier"},
    {ORDER, KID, "{\"identifiers\":[]}", "list of names"},
    {ORDER, KID, "{\"identifiers\":{}}", "list of names"},
    {ORDER, KID, "{\"identifiers\":[" NAME("web.test") "],\"profile\":7}", "profile"},
    {ORDER, KID, "{\"identifiers\":[" NAME("web.test") "],\"profile\":\"classic\"}", "profile"},
    {ORDER, KID, "{\"identifiers\":[" NAME("web.test") "],\"notAfter\":\"x\"}", "none that"},
    {ORDER, NULL, "{\"identifiers\":[" NAME("web.test") "]}", "none that"},
    {ORDER, KID, "{\"csr\":\"MIIB\"}", NULL},
    {ORDER, KID, "{\"csr\":\"MIIC\"}", "request that this keeper made"},
    {ORDER, KID, "{\"csr\":\"MIIB\",\"csr\":\"MIIC\"}", "not a JSON object"},
    {ORDER, KID, "{\"csr\":\"MIIB\",\"x\":1}", "none that"},
    {ORDER, KID, "{\"csr\":1}", "request"},
    {AUTHZ, KID, "{\"status\":\"deactivated\"}", NULL},
    {KID, KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {KID "/", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {KID "?a=b", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {"https://CA.test:443/acct/1", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {"https://ca.test/acct/%31", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {"https://ca.test/x/../acct/1", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {KID ";x=1", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {"https://ca.test//acct/1", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {"https://ca.test/acct//1", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {"https://ca.test/acct/./1", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {"https://ca.test/acct/2", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {"https://ca.test/ACCT/x", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {KID "/orders", KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {KID, KID "/orders", "{\"status\":\"deactivated\"}", "deactivate the account"},
    {KID, KID ";x=1", "{\"status\":\"deactivated\"}", "deactivate the account"},
    {KID, "https://ca.test/", "{\"status\":\"deactivated\"}", "deactivate the account"},
    {AUTHZ "/2", KID, "{\"status\":\"deactivated\"}", NULL},
    {AUTHZ, "https://ca.test/a/1", "{\"status\":\"deactivated\"}", NULL},
    {AUTHZ, KID, "{\"status\":\"revoked\"}", "only \"status\""},
    {AUTHZ, NULL, "{\"status\":\"deactivated\"}", "none that"},
    {ORDER, NULL, "{\"termsOfServiceAgreed\":true,\"contact\":[\"mailto:a@b.test\"]}", NULL},
    {ORDER, NULL, "{\"onlyReturnExisting\":true}", NULL},
    {ORDER, NULL, "{}", NULL},
    {ORDER, KID, "{\"termsOfServiceAgreed\":true}", "none that"},
    {ORDER, KID, "{\"contact\":[\"mailto:evil@x.test\"]}", "may not change the account"},
    {KID, KID, "{\"contact\":[\"mailto:evil@x.test\"]}", "may not change the account"},
    {ORDER, NULL, "{\"contact\":[\"tel:1\"]}", "mailto:"},
    {ORDER, NULL, "{\"contact\":\"mailto:a@b.test\"}", "contact"},
    {ORDER, NULL, "{\"termsOfServiceAgreed\":\"yes\"}", "true or false"},
    {ORDER, NULL, "{\"externalAccountBinding\":{}}", "one that this keeper made"},
    {ORDER, NULL, "{\"externalAccountBinding\":{\"signature\":\"AAAB\"}}", "one that this keeper made"},
    {ORDER, NULL, "{\"termsOfServiceAgreed\":true,\"externalAccountBinding\":{\"signature\":\"AAAA\"}}",
     NULL},
    {ORDER, KID, "{\"externalAccountBinding\":{\"signature\":\"AAAA\"}}", "none that"},
    {ORDER, KID, "{\"certificate\":\"MIIB\",\"reason\":1}", "may revoke"},
    {ORDER, NULL, "{\"certificate\":\"MIIB\"}", "may revoke"},
    {ORDER, KID, "{\"protected\":\"e30\",\"payload\":\"e30\",\"signature\":\"AA\"}", "no change of keys"},
    {ORDER, KID, "[]", "not a JSON object"},
    {ORDER, KID, "true", "not a JSON object"},
    {ORDER, KID, "{} {}", "not a JSON object"},
    {ORDER, KID, " ", "not a JSON object"},
    {ORDER, KID, "{\"status\":\"deactivated\"", "not a JSON object"},
};

static const struct attempt cleaning[] = {
    {ORDER, KID, "", NULL},
    {AUTHZ, KID, "{\"status\":\"deactivated\"}", NULL},
    {ORDER, NULL, "{\"onlyReturnExisting\":true}", NULL},
    {ORDER, KID, "{\"identifiers\":[" NAME("web.test") "]}", "new order in a run that makes no certificates"},
    {ORDER, KID, "{\"csr\":\"MIIB\"}", "finalize in a run that makes no certificates"},
};

static const struct attempt updating[] = {
    {KID, KID, "", NULL},
    {KID, KID, "{\"contact\":[\"mailto:a@b.test\"]}", NULL},
    {KID, KID, "{\"contact\":[]}", NULL},
    {KID, KID, "{\"contact\":[\"tel:1\"]}", "mailto:"},
    {AUTHZ, KID, "{\"contact\":[\"mailto:a@b.test\"]}", "may not change the account"},
    {KID, KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
    {ORDER, KID, "{\"identifiers\":[" NAME("web.test") "]}", "new order in a run that makes no certificates"},
};

static const struct attempt deactivating[] = {
    {KID, KID, "{\"status\":\"deactivated\"}", NULL},
    {KID "/orders", KID, "{\"status\":\"deactivated\"}", "the account alone"},
    {AUTHZ, KID, "{\"status\":\"deactivated\"}", "the account alone"},
    {KID, KID, "{\"contact\":[\"mailto:a@b.test\"]}", "may not change the account"},
};

static const struct attempt revoking[] = {
    {ORDER, KID, "{\"certificate\":\"AAAA\",\"reason\":4}", NULL},
    {ORDER, NULL, "{\"certificate\":\"OOOO\",\"reason\":1}", NULL},
    {ORDER, NULL, "{\"certificate\":\"AAAA\",\"reason\":4}", "another key"},
    {ORDER, KID, "{\"certificate\":\"OOOO\",\"reason\":1}", "another key"},
    {ORDER, KID, "{\"certificate\":\"AAAA\",\"reason\":1}", "not the one that was given"},
    {ORDER, KID, "{\"certificate\":\"AAAA\"}", "not the one that was given"},
    {ORDER, KID, "{\"certificate\":\"AAAA\",\"reason\":4,\"x\":1}", "none that"},
    {ORDER, KID, "{\"certificate\":\"BBBB\",\"reason\":4}", "may revoke"},
    {ORDER, KID, "{\"identifiers\":[" NAME("web.test") "]}", "new order in a run that makes no certificates"},
    {KID, KID, "{\"status\":\"deactivated\"}", "deactivate the account"},
};

static const char revoke_setup[] = "{\"state\":\"/s\",\"command\":\"revoke\"}\n"
                                   "{\"account\":{\"name\":\"ca\",\"directory\":\"https://ca.test/d\"}}\n";

static void try_all(const char *document, const struct attempt *all, size_t n)
{
	struct err e = {""};
	struct setup *setup = setup_parse(document, strlen(document), &e);
	json_t *csrs = json_pack("{s:b}", "MIIB", true), *bindings = json_pack("{s:b}", "AAAA", true);
	json_t *revocations = json_pack("{s:{s:i, s:b}, s:{s:i, s:b}}", "AAAA", "reason", 4, "own_key", false,
	                                "OOOO", "reason", 1, "own_key", true);
	const json_t *revocation = NULL;
	bool revokes = document == revoke_setup;

	if (!setup)
		fail_msg("%s", e.text);
	for (size_t i = 0; i < n; i++) {
		const struct attempt *a = &all[i];
		struct policy p = {.setup = setup,
		                   .csrs = csrs,
		                   .bindings = bindings,
		                   .revocations = revokes ? revocations : NULL,
		                   .revocation = &revocation,
		                   .url = a->url,
		                   .kid = a->kid,
		                   .payload = a->payload};
		bool ok = policy_check(&p, &e);

		if (ok != !a->told)
			fail_msg("%s to %s: %s", a->payload, a->url, ok ? "signed" : e.text);
		if (!ok)
			assert_told(&e, a->told);
	}
	json_decref(csrs);
	json_decref(bindings);
	json_decref(revocations);
	setup_free(setup);
}

TEST(test_what_may_be_sent)
{
	try_all(issue_setup, attempts, sizeof(attempts) / sizeof(*attempts));
}

/* Each task of `ca` signs that alone. */
TEST(test_tasks_at_the_account)
{
	try_all(TASK_SETUP("update"), updating, sizeof(updating) / sizeof(*updating));
	try_all(TASK_SETUP("deactivate"), deactivating, sizeof(deactivating) / sizeof(*deactivating));
}

/* A certificate that the launcher named, its reason, by the key that was said. */
TEST(test_revocations)
{
	try_all(revoke_setup, revoking, sizeof(revoking) / sizeof(*revoking));
}

TEST(test_cleaning_orders_nothing)
{
	try_all(clean_setup, cleaning, sizeof(cleaning) / sizeof(*cleaning));
}

TEST(test_length_has_a_cap)
{
	char *payload = xcalloc(1, 50003);
	struct err e;
	struct policy p = {.url = ORDER, .kid = KID, .payload = payload};

	memset(payload, ' ', 50002);
	payload[0] = '{';
	payload[50001] = '}';
	assert_false(policy_check(&p, &e));
	assert_told(&e, "longer than");
	free(payload);
}

TEST(test_setup_document)
{
	static const char *const bad[] = {
	    "",
	    "[]",
	    "{\"state\":\"s\",\"command\":\"issue\"}",
	    "{\"state\":\"/s\"}",
	    "{\"account\":{\"name\":\"a\",\"directory\":\"https://a/\"}}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"account\":{\"name\":\"../x\",\"directory\":\"https://a/\"}}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"account\":{\"name\":\"a\"}}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"account\":{\"name\":\"a\",\"directory\":\"http://a/\"}}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"cert\":{\"id\":\".live\",\"names\":[\"a.test\"],\"types\":[\"p256\"]}}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"cert\":{\"id\":\"a\",\"names\":[],\"types\":[\"p256\"]}}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"cert\":{\"id\":\"a\",\"names\":[\"A.test\"],\"types\":[\"p256\"]}}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"cert\":{\"id\":\"a\",\"names\":[\"a.test\"],\"types\":[\"dsa\"]}}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"revoke\":{\"pem\":\"x\",\"reason\":1}}",
	    "{\"state\":\"/s\",\"command\":\"revoke\"}\n"
	    "{\"revoke\":{\"reason\":1}}",
	    "{\"state\":\"/s\",\"command\":\"revoke\"}\n"
	    "{\"revoke\":{\"id\":\"../x\",\"generation\":\"g\",\"reason\":1}}",
	    "{\"state\":\"/s\",\"command\":\"remove\"}",
	    "{\"state\":\"/s\",\"command\":\"remove\",\"remove\":\"../x\"}",
	    "{\"state\":\"/s\",\"command\":\"remove\",\"remove\":\"x\",\"archive\":\"../x\"}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"other\":1}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"cert\":",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"account\":{\"name\":\"a\",\"directory\":\"https://a/\",\"eab_kid\":\"k\"}}",
	    "{\"state\":\"/s\",\"command\":\"issue\"}\n"
	    "{\"account\":{\"name\":\"a\",\"directory\":\"https://a/x;y/\"}}",
	};
	struct err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_null(setup_parse(bad[i], strlen(bad[i]), &e));
		assert_told(&e, "setup document: ");
	}
}

int main(void)
{
	return unit_run(NULL, NULL);
}
