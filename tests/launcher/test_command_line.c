#include "config.h"

#include "unit.h"

#include "common/mem.h"
#include "launcher/options.h"

#define MOST 40

static struct options options;
static struct err trouble;

static bool parse(enum spec_place command, const char *line)
{
	static char copy[1000];
	char *argv[MOST + 1] = {NULL}, *rest = copy, *one;
	int argc = 0;
	snprintf(copy, sizeof copy, "%s", line);
	while (argc < MOST && (one = strsep(&rest, " ")))
		argv[argc++] = one;
	options_free(&options);
	return options_parse(command, argc, argv, &options, &trouble);
}

#define accepted(line) assert_true(parse(SPEC_ISSUE, "issue " line))

static void refused(const char *line, const char *word)
{
	assert_false(parse(SPEC_ISSUE, line));
	if (!strstr(trouble.text, word))
		fail_msg("'%s' lacks '%s'", trouble.text, word);
}

static void same(const json_t *settings, const char *text)
{
	char *dump = json_dumps(settings, JSON_COMPACT);
	assert_string_equal(dump, text);
	free(dump);
}

TEST(names_and_options_mix)
{
	accepted("a.test --json b.test -v *.b.test -v --ttl=5");
	assert_int_equal(options.names.n, 3);
	assert_string_equal(options.names.at[2], "*.b.test");
	assert_true(spec_yes(options.run, KEY_JSON));
	assert_int_equal(spec_number(options.run, KEY_VERBOSE), 2);
	assert_int_equal(spec_number(options.certificate, KEY_TTL), 5);
	assert_null(json_object_get(options.certificate, "timeout"));
	accepted("-- -a.test");
	assert_string_equal(options.names.at[0], "-a.test");
}

TEST(each_dns_has_its_own)
{
	accepted("a.test --set a=1 --dns one --cname-target x.test --dns two --set a=2 --set b=3 "
	         "--cname-target **.y.test");
	assert_int_equal(options.dnss, 2);
	assert_string_equal(options.dns[0].provider, "one");
	same(options.dns[0].set, "{\"a\":\"1\"}");
	same(options.dns[0].settings, "{\"cname_target\":[\"x.test\"]}");
	assert_string_equal(options.dns[1].provider, "two");
	assert_int_equal(json_object_size(options.dns[1].set), 2);
	same(options.dns[1].settings, "{\"cname_target\":[\"**.y.test\"]}");
	accepted("a.test --cname-target Y.Test.");
	assert_int_equal(options.dnss, 1);
	assert_null(options.dns[0].provider);
	same(options.dns[0].settings, "{\"cname_target\":[\"y.test\"]}");
}

TEST(spellings_of_keys)
{
	accepted("--key-type p384");
	assert_string_equal(spec_text(options.certificate, KEY_KEY_TYPE), "p384");
	refused("issue --key-type rsa1024",
	        "--key-type rsa1024: type p256, p384, rsa2048, rsa3072 or rsa4096");
	refused("issue --key p256", "did you mean --key-type?");
	refused("issue --policy all", "did you mean --wait-for?");
	refused("issue --servers a=b", "did you mean --name-servers?");
	refused("issue --cert x", "did you mean --id?");
	refused("issue --tll 5", "did you mean --ttl?");
	refused("issue --agree", "did you mean --agree-tos?");
	refused("issue --key_type p256", "did you mean --key-type?");
}

TEST(numbers_have_bounds)
{
	accepted("--ttl 86400 --timeout 1 --wait 0");
	assert_int_equal(spec_number(options.run, KEY_WAIT), 0);
	refused("issue --ttl 86401", "--ttl 86401");
	refused("issue --ttl 0", "1 to 86400");
	refused("issue --ttl -1", "--ttl -1");
	refused("issue --ttl 1x", "1x");
	refused("issue --wait 99999999999999999999", "--wait");
	refused("issue --timeout  ", "--timeout");
}

TEST(addresses_are_checked)
{
	accepted("--resolver 192.0.2.1 --resolver 192.0.2.1:53 --resolver 2001:db8::1 --resolver "
	         "[2001:db8::1]:5300");
	assert_int_equal(json_array_size(spec_list(options.certificate, KEY_RESOLVER)), 4);
	refused("issue --resolver 192.0.2.256", "192.0.2.256");
	refused("issue --resolver 192.0.2.1:0", "ADDR:PORT");
	refused("issue --resolver 192.0.2.1:65536", "ADDR:PORT");
	refused("issue --resolver [192.0.2.1]:53", "ADDR:PORT");
	accepted("--name-servers Example.Test.=192.0.2.1,2001:db8::1 --name-servers .=192.0.2.2");
	same(options.certificate,
	     "{\"name_servers\":[\"example.test=192.0.2.1,2001:db8::1\",\".=192.0.2.2\"]}");
	refused("issue --name-servers test", "ZONE=ADDR");
	refused("issue --name-servers test=", "ZONE=ADDR");
	refused("issue --name-servers test=192.0.2.1,", "ZONE=ADDR");
	refused("issue --name-servers a..b=192.0.2.1", "a..b");
}

TEST(secrets_are_not_repeated)
{
	refused("issue --dns x --set Token:hunter2", "KEY=VALUE");
	assert_null(strstr(trouble.text, "hunter2"));
	refused("issue --dns x --set token=hunter2 --set token=hunter3", "given twice");
	assert_null(strstr(trouble.text, "hunter"));
	refused("issue --tokn=hunter2", "unknown option --tokn");
	assert_null(strstr(trouble.text, "hunter2"));
}

TEST(commands_have_their_own)
{
	assert_true(parse(SPEC_CLEAN, "clean --state /s -v --json"));
	assert_string_equal(spec_text(options.run, KEY_STATE), "/s");
	assert_false(parse(SPEC_CLEAN, "clean --force"));
	assert_non_null(strstr(trouble.text, "dnsproof help clean"));
	assert_true(parse(SPEC_PROVIDERS, "providers rfc2136 --help"));
	assert_true(spec_yes(options.run, KEY_HELP));
	assert_false(parse(SPEC_PROVIDERS, "providers -v"));
}

TEST(text_must_be_text)
{
	refused("issue a.test\033[2J", "argument 1");
	refused("issue a.test \xff\xfe", "argument 2");
	refused("issue --email a@b@c", "a@b@c");
	refused("issue --email a", "--email a");
	accepted("--email hostmaster@example.com");
	refused("issue --dns ../x", "../x");
	refused("issue --dns .x", "type the name of a provider");
	accepted("a.test --dns my.account_2"); /* of the configuration */
	refused("issue --state=", "--state needs a value (DIR)");
}

static int tear_down(void **unused)
{
	options_free(&options);
	return 0;
}

int main(void)
{
	return unit_run(NULL, tear_down);
}
