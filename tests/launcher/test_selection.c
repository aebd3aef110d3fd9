/* WHICH certificates a command is for. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "launcher/selection.h"

/* Sorted by ID. One has the ID of a name of the other. */
static struct known_certificate known[] = {
    {.id = (char[]){"all.test"}}, {.id = (char[]){"web.test"}}, {.id = (char[]){"www.all.test"}}};

/* One as `issue` has it, two of the configuration, one of them called like a provider. */
static struct dns_account dns[] = {
    {.name = (char[]){"desec-0011223344556677"}, .provider = (char[]){"desec"}},
    {.name = (char[]){"main-0011223344556677"}, .provider = (char[]){"desec"}},
    {.name = (char[]){"ovh-0011223344556677"}, .provider = (char[]){"desec"}},
};

static struct ca_account cas[] = {
    {.name = (char[]){"letsencrypt"},
     .directory = (char[]){"https://acme-v02.api.letsencrypt.org/directory"}},
    {.name = (char[]){"mine"}, .directory = (char[]){"https://acme-v02.api.letsencrypt.org/directory"}},
    {.name = (char[]){"zerossl"}, .directory = (char[]){"https://ca.example/dir"}},
};

static struct inventory inventory = {.all = {known, 3}, .accounts = {dns, 3}, .ca_accounts = {cas, 3}};

static int set_up(void **state)
{
	static const char *const names[3][3] = {
	    {"all.test", "www.all.test", NULL}, {"web.test", "*.web.test", NULL}, {"www.all.test", NULL}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		for (size_t n = 0; names[i][n]; n++)
			strs_add(&known[i].cert.names, names[i][n]);
		strs_add(&known[i].cert.dns, dns[i].name);
		known[i].cert.settings = json_pack("{s:s}", "ca", cas[i].name);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		certificate_free(&known[i].cert);
	return 0;
}

/* The chosen as "0 2 ", or the error. Static. */
static const char *made(const struct options *o)
{
	static char text[256];
	const struct selection s = {.options = o, .i = &inventory, .state = "/nowhere"};
	size_t *at, n;
	struct err e;

	text[0] = '\0';
	if (!selection_make(&s, &at, &n, &e))
		snprintf(text, sizeof(text), "%.200s", e.text);
	else
		for (size_t i = 0; i < n; i++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%zu ", at[i]);
	free(at);
	return text;
}

static const char *chosen(const char *const *words)
{
	struct options o = {0};

	for (; *words; words++)
		strs_add(&o.names, *words);
	const char *text = made(&o);
	strs_free(&o.names);
	return text;
}

static const char *of_dns(const char *word)
{
	struct dns_choice choice = {.provider = (char *)word};
	struct options o = {.dns = &choice, .dnss = 1};

	return made(&o);
}

static const char *of_ca(const char *word)
{
	struct options o = {.certificate = json_pack("{s:s}", "ca", word)};
	const char *text = made(&o);

	json_decref(o.certificate);
	return text;
}

#define CHOSEN(...) chosen((const char *const[]){__VA_ARGS__, NULL})

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(CHOSEN("web.test"), "1 ");
	assert_string_equal(CHOSEN("*.WEB.test"), "1 ");
	assert_string_equal(CHOSEN("w*"), "1 2 ");
	assert_string_equal(CHOSEN("web.test", "all.test"), "0 1 ");
	assert_non_null(strstr(CHOSEN("web.test", "nosuch"), "no certificate has the ID or name nosuch"));
}

/* What is an ID is that certificate, not the others that have such a name besides. */
static void test_id_before_name(void **state)
{
	(void)state;
	assert_string_equal(CHOSEN("www.all.test"), "2 ");
	assert_string_equal(CHOSEN("WWW.all.test"), "2 ");
	assert_string_equal(CHOSEN("all.test"), "0 ");
}

/* The account of that name if the configuration has one, else those of that provider. */
static void test_dns_account(void **state)
{
	struct config_dns section[] = {{.name = (char[]){"main"}}, {.name = (char[]){"ovh"}}};

	(void)state;
	assert_string_equal(of_dns("main"), "1 ");
	assert_string_equal(of_dns("main-0011223344556677"), "1 ");
	assert_string_equal(of_dns("desec"), "0 1 2 ");
	assert_non_null(strstr(of_dns("nosuch"), "no certificate uses the DNS account nosuch"));
	section[1].name = (char[]){"desec"};
	inventory.conf.dns = section;
	inventory.conf.dnss = 2;
	assert_string_equal(of_dns("desec"), "0 ");
	inventory.conf.dnss = 0;
}

static void test_ca_account(void **state)
{
	(void)state;
	assert_string_equal(of_ca("mine"), "1 ");
	assert_string_equal(of_ca("letsencrypt"), "0 1 ");
	assert_string_equal(of_ca("https://ca.example/dir"), "2 ");
	assert_non_null(strstr(of_ca("google"), "no certificate uses the CA account google"));
	inventory.conf.ca = (struct ca_accounts){cas, 1};
	assert_string_equal(of_ca("letsencrypt"), "0 ");
	inventory.conf.ca = (struct ca_accounts){0};
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_id_before_name),
	    cmocka_unit_test(test_dns_account),
	    cmocka_unit_test(test_ca_account),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
