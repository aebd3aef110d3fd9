#include "config.h"

#include "unit.h"

#include "host/policy.h"
#include "common/mem.h"

static struct err e;

static struct policy policy_new(void)
{
	return (struct policy){.account = xstrdup("A")};
}

static void refuses(const struct policy *p, const char *zone, const char *name, const char *words)
{
	e.text[0] = '\0';
	assert_false(policy_allows(p, zone, name, &e));
	if (!strstr(e.text, words))
		fail_msg("'%s' does not say '%s'", e.text, words);
}

static void allows(const struct policy *p, const char *zone, const char *name)
{
	if (!policy_allows(p, zone, name, &e))
		fail_msg("%s", e.text);
}

TEST(test_challenge_names)
{
	struct policy p = policy_new();

	allows(&p, "x.test", "_acme-challenge.x.test");
	allows(&p, "x.test", "_acme-challenge.a.b.x.test");
	allows(&p, "_acme-challenge.x.test", "_acme-challenge.x.test");
	allows(&p, "x.test", NULL);
	refuses(&p, "x.test", "x.test", "add --cname-target 'x.test'");
	refuses(&p, "x.test", "_acme-challengeer.x.test", "add --cname-target");
	refuses(&p, "x.test", "_acme-challenge-x.x.test", "add --cname-target");
	refuses(&p, "x.test", "a._acme-challenge.x.test", "add --cname-target");
	policy_free(&p);
}

TEST(test_message)
{
	struct policy p = policy_new();

	refuses(&p, "val.test", "x.val.test", "");
	assert_string_equal(e.text, "x.val.test: not allowed for account A: only _acme-challenge names are; "
	                            "add --cname-target 'x.val.test'");
	policy_free(&p);
}

TEST(test_targets)
{
	struct policy p = policy_new();

	policy_add_target(&p, "**.Val.test.");
	policy_add_target(&p, "*.one.test");
	policy_add_target(&p, "exact.test");
	allows(&p, "val.test", "a.val.test");
	allows(&p, "val.test", "a.b.val.test");
	allows(&p, "one.test", "a.one.test");
	allows(&p, "exact.test", "exact.test");
	refuses(&p, "val.test", "val.test", "and its targets are; add --cname-target 'val.test'");
	refuses(&p, "one.test", "a.b.one.test", "add --cname-target");
	refuses(&p, "test", "xval.test", "add --cname-target");
	refuses(&p, "exact.test", "a.exact.test", "add --cname-target");
	policy_free(&p);
}

TEST(test_zones)
{
	struct policy p = policy_new();

	policy_add_zone(&p, "A.test.");
	allows(&p, "a.test", "_acme-challenge.a.test");
	refuses(&p, "b.test", "_acme-challenge.b.test", "its zones are a.test; add --zone 'b.test'");
	refuses(&p, "sub.a.test", "_acme-challenge.sub.a.test", "add --zone 'sub.a.test'");
	refuses(&p, "b.test", NULL, "add --zone");
	policy_free(&p);
}

TEST(test_owner_is_in_zone)
{
	struct policy p = policy_new();

	refuses(&p, "x.test", "_acme-challenge.y.test", "is not in the zone x.test");
	refuses(&p, "x.test", "_acme-challenge.yx.test", "is not in the zone x.test");
	policy_free(&p);
}

TEST(test_bad_names)
{
	static const char *const bad[] = {
	    "",
	    ".",
	    "_acme-challenge..test",
	    "_acme-challenge.test.",
	    "_ACME-challenge.test",
	    "a b.test",
	    "a/b.test",
	    "a\nb.test",
	    "*.test",
	    "_acme-challenge.t\"est",
	    "a\\046.test",
	    "a;b.test",
	    "\xc3\xa4.test",
	};
	struct policy p = policy_new();
	char label[80] = "", large[300] = "";

	policy_add_target(&p, "**");
	policy_add_target(&p, "**.test");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refuses(&p, "test", bad[i], "not a name");
		refuses(&p, bad[i], "_acme-challenge.test", "not the name of a zone");
	}
	memset(label, 'a', 64);
	strcat(label, ".test");
	refuses(&p, "test", label, "not a name");
	allows(&p, "test", label + 1);
	while (strlen(large) < 252)
		strcat(large, "a.");
	strcat(large, "test");
	refuses(&p, "test", large, "not a name");
	policy_free(&p);
}

TEST(test_value)
{
	static const char good[] = "-bcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNO0";
	struct policy p = policy_new();
	char bad[] = "-bcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNO=";

	assert_int_equal(strlen(good), 43);
	assert_true(policy_allows_value(&p, good, &e));
	assert_false(policy_allows_value(&p, good + 1, &e));
	assert_false(policy_allows_value(&p, "v=spf1 -all", &e));
	assert_false(policy_allows_value(&p, "", &e));
	for (const char *c = "=+/ \"\n.\x80"; *c; c++) {
		bad[42] = *c;
		assert_false(policy_allows_value(&p, bad, &e));
	}
	policy_free(&p);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
