#include "config.h"

#include "unit.h"
#include <sys/stat.h>
#include <unistd.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "launcher/dns_account.h"
#include "launcher/ca_account.h"
#include "launcher/certificate.h"
#include "launcher/limits.h"

static char state_dir[] = "/tmp/dnsproof-account.XXXXXX";
static struct err trouble;

static struct dns_choice choice(const char *provider, const char *set, const char *set2)
{
	struct dns_choice c = {.provider = (char *)provider, .set = json_object(), .settings = json_object()};
	const char *pairs[] = {set, set2};
	for (int i = 0; i < 2 && pairs[i]; i++)
		json_object_set_new(c.set, (char[]){pairs[i][0], 0}, json_string(pairs[i] + 2));
	return c;
}

static void choice_free(struct dns_choice *c)
{
	json_decref(c->set);
	json_decref(c->settings);
}

TEST(names_are_hashes)
{
	json_t *options = json_pack("{s:s}", "server", "127.0.0.1");
	char *name = dns_account_name("rfc2136", options, NULL);
	char *right = xasprintf(
	    "rfc2136-%016llx",
	    (unsigned long long)fnv64("{\"options\":{\"server\":\"127.0.0.1\"},\"provider\":\"rfc2136\"}"));
	assert_string_equal(name, right);
	free(name);
	free(right);
	json_decref(options);
}

TEST(order_of_options_does_not_matter)
{
	struct dns_accounts all = {0};
	struct dns_choice one = choice("x", "a=1", "b=2"), two = choice("x", "b=2", "a=1"),
	                  three = choice("x", "a=1", NULL);
	char *first = xstrdup(dns_accounts_choose(&all, &one, &trouble)->name);
	assert_string_equal(dns_accounts_choose(&all, &two, &trouble)->name, first);
	assert_string_not_equal(dns_accounts_choose(&all, &three, &trouble)->name, first);
	assert_int_equal(all.n, 2);
	json_object_set_new(dns_account_set(dns_accounts_find(&all, first)), "a", json_string("9"));
	assert_null(dns_accounts_choose(&all, &one, &trouble));
	assert_non_null(strstr(trouble.text, "other options"));
	free(first);
	choice_free(&one);
	choice_free(&two);
	choice_free(&three);
	dns_accounts_free(&all);
}

static void extend(struct dns_account *a, const char *target)
{
	json_t *settings = json_pack("{s:[s]}", "cname_target", target);
	dns_account_extend(a, settings);
	json_decref(settings);
}

static bool has(const json_t *settings, const char *key, const char *text)
{
	char *dump = json_dumps(json_object_get(settings, key), JSON_COMPACT);
	bool found = strstr(dump, text);
	free(dump);
	return found;
}

TEST(targets_gather)
{
	struct dns_account a = {.settings = json_object()};
	extend(&a, "a.test");
	extend(&a, "b.test");
	extend(&a, "a.test");
	assert_true(has(a.settings, "cname_target", "[\"a.test\",\"b.test\"]"));
	json_decref(a.settings);
}

/* Other zones, another account: what one may write is not narrowed by another. */
TEST(zones_are_part_of_an_account)
{
	struct dns_accounts all = {0};
	struct dns_choice one = choice("x", "a=1", NULL), two = choice("x", "a=1", NULL);
	json_object_set_new(two.settings, "zone", json_pack("[s]", "a.test"));
	const struct dns_account *a = dns_accounts_choose(&all, &one, &trouble);
	char *first = xstrdup(a->name);
	assert_string_not_equal(dns_accounts_choose(&all, &two, &trouble)->name, first);
	assert_null(spec_list(dns_accounts_find(&all, first)->settings, KEY_ZONE));
	free(first);
	choice_free(&one);
	choice_free(&two);
	dns_accounts_free(&all);
}

TEST(two_runs_write_one_account)
{
	struct dns_accounts mine = {0}, yours = {0}, read = {0};
	struct strs damaged = {0};
	struct dns_choice c = choice("x", "a=1", NULL);
	struct dns_account *a = dns_accounts_choose(&mine, &c, &trouble),
	                   *b = dns_accounts_choose(&yours, &c, &trouble);
	extend(a, "a.test");
	extend(b, "b.test");
	assert_true(dns_account_write(a, state_dir, &trouble));
	assert_true(dns_account_write(b, state_dir, &trouble));
	assert_true(dns_accounts_load(&read, state_dir, &damaged, &trouble));
	assert_int_equal(damaged.n, 0);
	assert_int_equal(read.n, 1);
	assert_true(has(read.at[0].settings, "cname_target", "a.test") &&
	            has(read.at[0].settings, "cname_target", "b.test"));
	dns_accounts_free(&mine);
	dns_accounts_free(&yours);
	dns_accounts_free(&read);
	choice_free(&c);
}

TEST(ca_account_names)
{
	char *name, *directory;
	const char *fine[][2] = {
	    {"letsencrypt", "letsencrypt"},
	    {"https://acme-v02.api.letsencrypt.org/directory", "letsencrypt"},
	    {"letsencrypt-staging", "letsencrypt-staging"},
	    {"https://CA.Test:14000/dir", "ca.test-14000-"},
	    {"https://[::1]:14000/dir", "ca---1--14000-"},
	};
	const char *wrong[] = {"http://ca.test/", "ca.test",
	                       "https://",        "https:///dir",
	                       "https://a b/",    "https://u:p@ca.test/",
	                       "ftp://x/",        "https://ca.test/\x01"};
	for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
		assert_true(ca_account_name(fine[i][0], &name, &directory, &trouble));
		assert_memory_equal(name, fine[i][1], strlen(fine[i][1]));
		assert_memory_equal(directory, "https://", 8);
		free(name);
		free(directory);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(ca_account_name(wrong[i], &name, &directory, &trouble));
}

static void assert_limits(const struct ca_account *a, const char *want)
{
	json_t *limits = limits_of(a);
	char *text = json_dumps(limits, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(text, want);
	free(text);
	json_decref(limits);
}

/* Those of the configuration stand over those that the CA publishes. */
TEST(limits_of_ca_accounts)
{
	struct ca_accounts all = {0};
	json_t *limits = json_pack("{s:s}", "new_orders", "3000/3h");
	ca_accounts_configured(&all, "le", "https://acme-v02.api.letsencrypt.org/directory", json_object(),
	                       limits);
	assert_limits(&all.at[0], "{\"exact_sets\":[5,604800],\"failed_validations\":[5,3600],"
	                          "\"new_orders\":[3000,10800],\"registrations\":[10,10800]}");
	ca_accounts_configured(&all, "own", "https://ca.test/dir", json_object(), NULL);
	assert_limits(&all.at[1], "{}");
	json_decref(limits);
	ca_accounts_free(&all);
	const char *const none[] = {"", "3", "3/", "/3h", "0/3h", "3/0", "3/3x", "-3/3h", "123456789/3h"};
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_null(limit_pair(none[i]));
}

TEST(ca_accounts_are_remembered)
{
	struct ca_accounts all = {0}, read = {0};
	struct strs damaged = {0};
	struct options o = {.certificate = json_pack("{s:s}", "ca", "https://ca.test/dir"),
	                    .ca = json_object()};
	struct options later = {.certificate = json_object(), .ca = json_object()};
	assert_null(ca_accounts_choose(&all, &o, NULL, &trouble));
	assert_non_null(strstr(trouble.text, "--agree-tos"));
	json_object_set_new(o.ca, "agree_tos", json_true());
	json_object_set_new(o.ca, "email", json_string("a@b.test"));
	struct ca_account *a = ca_accounts_choose(&all, &o, NULL, &trouble);
	assert_non_null(a);
	assert_true(a->tried);
	assert_true(ca_account_write(a, state_dir, &trouble));
	assert_true(ca_accounts_load(&read, state_dir, &damaged, &trouble));
	assert_int_equal(read.n, 1);
	/* no run has worked: nothing of it binds the next command */
	assert_null(ca_accounts_choose(&read, &later, read.at[0].name, &trouble));
	ca_accounts_free(&read);
	a->tried = false;
	assert_true(ca_account_write(a, state_dir, &trouble));
	assert_true(ca_accounts_load(&read, state_dir, &damaged, &trouble));
	assert_string_equal(spec_text(read.at[0].settings, KEY_EMAIL), "a@b.test");
	assert_null(spec_text(read.at[0].settings, KEY_CA_BUNDLE));
	assert_ptr_equal(ca_accounts_choose(&read, &later, read.at[0].name, &trouble), &read.at[0]);
	json_object_set_new(later.ca, "eab_kid", json_string("k"));
	assert_null(ca_accounts_choose(&read, &later, read.at[0].name, &trouble));
	assert_non_null(strstr(trouble.text, "--eab-key SOURCE"));
	json_object_clear(later.ca);
	json_object_set_new(later.certificate, "ca", json_string("letsencrypt"));
	assert_null(ca_accounts_choose(&read, &later, read.at[0].name, &trouble));
	options_free(&o);
	options_free(&later);
	ca_accounts_free(&all);
	ca_accounts_free(&read);
}

static void write_text(const char *folder, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s/%s", state_dir, folder, name);
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
	free(path);
}

TEST(certificates_are_remembered)
{
	struct certificate read,
	    c = {.settings = json_pack("{s:s, s:s, s:i}", "ca", "ca", "wait_for", "all", "ttl", 5)};
	strs_add(&c.names, "a.test");
	strs_add(&c.dns, "x-1");
	assert_false(certificate_load(&read, state_dir, "a.test", &trouble));
	assert_string_equal(trouble.text, "");
	assert_true(certificate_write(&c, state_dir, "a.test", &trouble));
	assert_true(certificate_load(&read, state_dir, "a.test", &trouble));
	assert_true(json_equal(read.settings, c.settings));
	certificate_free(&read);
	certificate_free(&c);
	write_text("issued", "b.test.json",
	           "{\"names\":[\"b.test\"],\"dns\":[],\"ca\":\"ca\",\"ttl\":\"x\"}");
	assert_false(certificate_load(&read, state_dir, "b.test", &trouble));
	assert_non_null(strstr(trouble.text, "damaged: ttl"));
	write_text("issued", "c.test.json",
	           "{\"names\":[\"c.test\"],\"dns\":[],\"ca\":\"ca\",\"common_name\":\"b.test\"}");
	assert_false(certificate_load(&read, state_dir, "c.test", &trouble));
	assert_non_null(strstr(trouble.text, "damaged: common_name: b.test is none of"));
}

/* As f450f8e wrote them. */
TEST(accounts_of_before_are_read)
{
	struct ca_accounts cas = {0};
	struct dns_accounts dnss = {0};
	struct strs damaged = {0};
	write_text(
	    "ca", "acme.zerossl.com-81144a3ae18c7c98.json",
	    "{\"directory\":\"https://acme.zerossl.com/v2/DV90\",\"agree_tos\":true}"); /* a preset by now */
	write_text("dns", "rfc2136-b8f0fd1d8974c440.json",
	           "{\"options\":{\"key\":\"file:/k\",\"server\":\"192.0.2.1\"},\"provider\":\"rfc2136\","
	           "\"resolvers\":[],\"servers\":[],\"targets\":[\"t.test\"],\"zones\":[]}");
	assert_true(ca_accounts_load(&cas, state_dir, &damaged, &trouble));
	assert_true(dns_accounts_load(&dnss, state_dir, &damaged, &trouble));
	assert_int_equal(damaged.n, 0);
	assert_non_null(ca_accounts_find(&cas, "acme.zerossl.com-81144a3ae18c7c98"));
	struct dns_account *a = dns_accounts_find(&dnss, "rfc2136-b8f0fd1d8974c440");
	assert_non_null(a);
	assert_string_equal(json_string_value(json_object_get(dns_account_set(a), "key")), "file:/k");
	assert_true(has(a->settings, "cname_target", "t.test"));
	ca_accounts_free(&cas);
	dns_accounts_free(&dnss);
}

/* As f450f8e wrote it. */
TEST(files_of_before_are_read)
{
	struct certificate read;
	write_text("issued", "c.test.json",
	           "{\"ca\":\"letsencrypt\",\"dns\":[\"x-1\"],\"key\":\"p384\",\"names\":[\"c.test\"],"
	           "\"pending\":true,\"policy\":\"all\",\"timeout\":7,\"ttl\":5}");
	assert_false(certificate_load(&read, state_dir, "c.test", &trouble)); /* never made */
	assert_string_equal(trouble.text, "");
	char *folder = xasprintf("%s/certs/c.test", state_dir);
	mkdir(folder, 0700);
	char *live = xasprintf("%s/live", folder);
	assert_int_equal(mkdir(live, 0700), 0);
	assert_true(certificate_load(&read, state_dir, "c.test", &trouble));
	assert_string_equal(spec_text(read.settings, KEY_KEY_TYPE), "p384");
	assert_string_equal(spec_text(read.settings, KEY_WAIT_FOR), "all");
	assert_int_equal(spec_number(read.settings, KEY_TIMEOUT), 7);
	certificate_free(&read);
	free(live);
	free(folder);
}

/* The digest tells what it is, whatever it is called: also that of an account which got its targets later. */
TEST(an_account_may_have_been_renamed)
{
	struct dns_accounts all = {0}, read = {0};
	struct strs damaged = {0};
	struct dns_choice c = choice("x", "renamed=1", NULL);
	struct dns_account *a = dns_accounts_choose(&all, &c, &trouble);
	extend(a, "a.test");
	char *name = xasprintf("own%s", strrchr(a->name, '-'));
	free(a->name);
	a->name = name;
	char *path = xasprintf("%s/dns/%s.json", state_dir, name);
	assert_true(dns_account_write(a, state_dir, &trouble));
	assert_true(dns_accounts_load(&read, state_dir, &damaged, &trouble));
	assert_int_equal(damaged.n, 0);
	assert_non_null(dns_accounts_find(&read, name));
	unlink(path);
	free(path);
	dns_accounts_free(&all);
	dns_accounts_free(&read);
	choice_free(&c);
}

TEST(damaged_files_are_left_out)
{
	struct dns_accounts read = {0};
	struct strs damaged = {0};
	char *path = xasprintf("%s/dns/x-0000000000000000.json", state_dir);
	FILE *f = fopen(path, "w");
	fputs("{\"provider\":\"x\",\"options\":{}}", f);
	fclose(f);
	assert_true(dns_accounts_load(&read, state_dir, &damaged, &trouble));
	assert_int_equal(damaged.n, 1);
	assert_non_null(strstr(damaged.at[0], "x-0000000000000000.json"));
	dns_accounts_free(&read);
	strs_free(&damaged);
	unlink(path);
	free(path);
}

static int set_up(void **unused)
{
	static const char *const folders[] = {"dns", "ca", "issued", "certs", "certs/a.test"};
	if (!mkdtemp(state_dir))
		return -1;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		char *path = xasprintf("%s/%s", state_dir, folders[i]);
		mkdir(path, 0700);
		free(path);
	}
	return 0;
}

static int tear_down(void **unused)
{
	char *command = xasprintf("rm -rf '%s'", state_dir);
	int rc = system(command);
	free(command);
	return rc;
}

int main(void)
{
	return unit_run(set_up, tear_down);
}
