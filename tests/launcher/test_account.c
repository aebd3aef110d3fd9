#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "launcher/dns_account.h"
#include "launcher/ca_account.h"
#include "launcher/certificate.h"

static char state[] = "/tmp/dnsproof-account.XXXXXX";
static struct err trouble;

static struct dns_choice choice(const char *provider, const char *set, const char *set2)
{
	struct dns_choice c = {.provider = (char *)provider};
	strs_add(&c.set, set);
	if (set2)
		strs_add(&c.set, set2);
	return c;
}

static void names_are_hashes(void **unused)
{
	json_t *options = json_pack("{s:s}", "server", "127.0.0.1");
	char *name = dns_account_name("rfc2136", options);
	char *right = xasprintf(
	    "rfc2136-%016llx",
	    (unsigned long long)fnv64("{\"options\":{\"server\":\"127.0.0.1\"},\"provider\":\"rfc2136\"}"));
	assert_string_equal(name, right);
	free(name);
	free(right);
	json_decref(options);
}

static void order_of_options_does_not_matter(void **unused)
{
	struct dns_accounts all = {0};
	struct dns_choice one = choice("x", "a=1", "b=2"), two = choice("x", "b=2", "a=1"),
	                  three = choice("x", "a=1", NULL);
	char *first = xstrdup(dns_accounts_choose(&all, &one, &trouble)->name);
	assert_string_equal(dns_accounts_choose(&all, &two, &trouble)->name, first);
	assert_string_not_equal(dns_accounts_choose(&all, &three, &trouble)->name, first);
	assert_int_equal(all.n, 2);
	json_object_set_new(dns_accounts_find(&all, first)->options, "a", json_string("9"));
	assert_null(dns_accounts_choose(&all, &one, &trouble));
	assert_non_null(strstr(trouble.text, "other options"));
	free(first);
	strs_free(&one.set);
	strs_free(&two.set);
	strs_free(&three.set);
	dns_accounts_free(&all);
}

static void extend(struct dns_account *a, const char *target, const char *servers, const char *resolver)
{
	struct strs t = {0}, s = {0}, r = {0};
	strs_add(&t, target);
	if (servers)
		strs_add(&s, servers);
	if (resolver)
		strs_add(&r, resolver);
	dns_account_extend(a, &t, &s, &r);
	strs_free(&t);
	strs_free(&s);
	strs_free(&r);
}

static void targets_gather_servers_replace(void **unused)
{
	struct dns_account a = {0};
	extend(&a, "a.test", "z.test=192.0.2.1", "192.0.2.9");
	extend(&a, "b.test", "y.test=192.0.2.2", NULL);
	extend(&a, "a.test", "z.test=192.0.2.3", "192.0.2.8");
	char *targets = strs_join(&a.targets, " "), *servers = strs_join(&a.servers, " ");
	assert_string_equal(targets, "a.test b.test");
	assert_string_equal(servers, "z.test=192.0.2.3 y.test=192.0.2.2");
	assert_int_equal(a.resolvers.n, 1);
	assert_string_equal(a.resolvers.at[0], "192.0.2.8");
	free(targets);
	free(servers);
	strs_free(&a.targets);
	strs_free(&a.servers);
	strs_free(&a.resolvers);
}

static void two_runs_write_one_account(void **unused)
{
	struct dns_accounts mine = {0}, yours = {0}, read = {0};
	struct strs damaged = {0};
	struct dns_choice c = choice("x", "a=1", NULL);
	struct dns_account *a = dns_accounts_choose(&mine, &c, &trouble),
	                   *b = dns_accounts_choose(&yours, &c, &trouble);
	extend(a, "a.test", NULL, NULL);
	extend(b, "b.test", NULL, NULL);
	assert_true(dns_account_write(a, state, &trouble));
	assert_true(dns_account_write(b, state, &trouble));
	assert_true(dns_accounts_load(&read, state, &damaged, &trouble));
	assert_int_equal(damaged.n, 0);
	assert_int_equal(read.n, 1);
	assert_true(strs_has(&read.at[0].targets, "a.test") && strs_has(&read.at[0].targets, "b.test"));
	dns_accounts_free(&mine);
	dns_accounts_free(&yours);
	dns_accounts_free(&read);
	strs_free(&c.set);
}

static void ca_account_names(void **unused)
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

static void ca_accounts_are_remembered(void **unused)
{
	struct ca_accounts all = {0}, read = {0};
	struct strs damaged = {0};
	struct options o = {.ca = "https://ca.test/dir"};
	assert_null(ca_accounts_choose(&all, &o, NULL, &trouble));
	assert_non_null(strstr(trouble.text, "--agree-tos"));
	o.agree_tos = true;
	o.email = "a@b.test";
	struct ca_account *a = ca_accounts_choose(&all, &o, NULL, &trouble);
	assert_non_null(a);
	assert_true(ca_account_write(a, state, &trouble));
	assert_true(ca_accounts_load(&read, state, &damaged, &trouble));
	assert_int_equal(read.n, 1);
	assert_string_equal(read.at[0].email, "a@b.test");
	assert_null(read.at[0].bundle);
	struct options later = {0};
	assert_ptr_equal(ca_accounts_choose(&read, &later, read.at[0].name, &trouble), &read.at[0]);
	later.ca = "letsencrypt";
	assert_null(ca_accounts_choose(&read, &later, read.at[0].name, &trouble));
	ca_accounts_free(&all);
	ca_accounts_free(&read);
}

static void pending_ends_with_a_certificate(void **unused)
{
	struct certificate read, i = {.ca = (char *)"ca",
	                              .key = (char *)"p256",
	                              .policy = (char *)"all",
	                              .ttl = 5,
	                              .timeout = 7,
	                              .pending = true};
	strs_add(&i.names, "a.test");
	strs_add(&i.dns, "x-1");
	assert_false(certificate_load(&read, state, "a.test", &trouble));
	assert_string_equal(trouble.text, "");
	assert_true(certificate_write(&i, state, "a.test", &trouble));
	assert_true(certificate_load(&read, state, "a.test", &trouble));
	assert_true(read.pending);
	assert_int_equal(read.ttl, 5);
	assert_int_equal(read.timeout, 7);
	assert_string_equal(read.policy, "all");
	certificate_free(&read);
	char *folder = xasprintf("%s/certs/a.test/live", state);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_true(certificate_load(&read, state, "a.test", &trouble));
	assert_false(read.pending);
	certificate_free(&read);
	free(folder);
	strs_free(&i.names);
	strs_free(&i.dns);
}

static void damaged_files_are_left_out(void **unused)
{
	struct dns_accounts read = {0};
	struct strs damaged = {0};
	char *path = xasprintf("%s/dns/x-0000000000000000.json", state);
	FILE *f = fopen(path, "w");
	fputs("{\"provider\":\"x\",\"options\":{}}", f);
	fclose(f);
	assert_true(dns_accounts_load(&read, state, &damaged, &trouble));
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
	if (!mkdtemp(state))
		return -1;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		char *path = xasprintf("%s/%s", state, folders[i]);
		mkdir(path, 0700);
		free(path);
	}
	return 0;
}

static int tear_down(void **unused)
{
	char *command = xasprintf("rm -rf '%s'", state);
	int rc = system(command);
	free(command);
	return rc;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_hashes),
	    cmocka_unit_test(order_of_options_does_not_matter),
	    cmocka_unit_test(targets_gather_servers_replace),
	    cmocka_unit_test(two_runs_write_one_account),
	    cmocka_unit_test(ca_account_names),
	    cmocka_unit_test(ca_accounts_are_remembered),
	    cmocka_unit_test(pending_ends_with_a_certificate),
	    cmocka_unit_test(damaged_files_are_left_out),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
