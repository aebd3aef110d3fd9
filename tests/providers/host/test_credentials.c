/* Secrets of the wrong form, and what is said when a service refuses the right one. */
#include "config.h"

#include "unit.h"

#include "common/mem.h"
#include "host/credentials.h"
#include "host/secret_form.h"

static const struct dnsproof_option options[] = {
    {"user", 0, NULL, NULL, "name of the user"},
    {"token", DNSPROOF_SECRET, "X_Token", NULL, "API token with the right dns:edit alone"},
    {"password", DNSPROOF_SECRET, NULL, NULL, "password of the user"},
    {"key", DNSPROOF_SECRET, NULL, NULL, "private key"},
    {"config", DNSPROOF_SECRET, NULL, NULL, "a whole file"},
    {0},
};
static const struct dnsproof_provider web = {.name = "web", .options = options, .uses_http = 1};
static const struct dnsproof_provider plain = {.name = "plain", .options = options};

static bool form_ok(const struct dnsproof_provider *p, const char *key, const char *value, struct err *e)
{
	struct givens g = {0};
	bool ok;

	e->text[0] = '\0';
	givens_add(&g, "user", xstrdup("A_B=c"), NULL);
	givens_add(&g, key, xstrdup(value), "file:/root/cf.ini");
	ok = secret_forms_ok(p, &g, e);
	givens_free(&g);
	return ok;
}

TEST(test_good_forms)
{
	static const char *const words[] = {
	    "abc",
	    "abcd==",
	    "a=b",
	    "AKIA0123456789",
	    "A_B=",
	    "dns_x=",
	    "key=1x",
	    "\"",
	    "''x",
	    "a\"b\"",
	    "ns_x=y",
	    "{\"token\": \"x y\",\n \"A_B\": 1}",
	    "hmac-sha256:A_B:c3VwZXI=",
	    "-----BEGIN PRIVATE KEY-----\nMIIB A=\n-----END PRIVATE KEY-----\n",
	};
	struct err e;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!form_ok(&web, "token", words[i], &e) || !form_ok(&web, "key", words[i], &e))
			fail_msg("'%s': %s", words[i], e.text);
	assert_true(form_ok(&web, "key", "Apikey 01234", &e));
	assert_true(form_ok(&web, "password", "correct horse battery", &e));
	assert_true(form_ok(&web, "password", "\"quoted\"", &e));
	assert_true(form_ok(&web, "password", "A_B=c", &e));
	assert_true(form_ok(&web, "password", "two = 2", &e));
	assert_true(form_ok(&web, "password", "example.org one\nexample.net two\n", &e));
	assert_true(form_ok(&web, "config", "[DEFAULT]\nkey_file = ~/x\nA_B=c\n", &e));
	assert_true(form_ok(&plain, "key", "key \"acme\" {\n\talgorithm hmac-sha256;\n};", &e));
}

TEST(test_assignments)
{
	static const char *const texts[] = {
	    "dns_cloudflare_api_token = hush",
	    "dns_cloudflare_api_token=hush",
	    "# Cloudflare API token used by Certbot\n\ndns_cloudflare_api_token = hush\n",
	    "[default]\naws_secret_access_key = hush\n",
	    "CF_DNS_API_TOKEN=hush",
	    "export token=hush",
	    "X_Token='hush'",
	    "SAVED_CF_Token='hush'\nSAVED_CF_Zone_ID=''\n",
	    "\r\n; x\r\n  CF_DNS_API_TOKEN=hush\r\n",
	};
	static const char *const keys[] = {"token", "password", "key"};
	struct err e;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			bool others = strstr(texts[i], "dns_") || strstr(texts[i], "SAVED_");

			if (strstr(texts[i], "X_Token") && strcmp(keys[k], "token") != 0)
				continue; /* the environment name of that option */
			if (!others && strcmp(keys[k], "password") == 0)
				continue; /* may well be a password */
			assert_false(form_ok(&plain, keys[k], texts[i], &e));
			assert_non_null(strstr(e.text, "file:/root/cf.ini holds NAME = value lines"));
			assert_null(strstr(e.text, "hush"));
		}
	}
}

TEST(test_word_forms)
{
	static const char *const table[][2] = {
	    {"\"hush\"", "is in quotes"},        {"'hush'", "is in quotes"},
	    {"Bearer hush", "the word Bearer"},  {" hush", "blanks or empty lines around it"},
	    {"hush\t", "blanks or empty lines"}, {"\nhush", "blanks or empty lines"},
	    {"hush\n", "blanks or empty lines"}, {"hush\nhush", "has several lines"},
	    {"hush hush", "has a blank in it"},
	};
	struct err e;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_false(form_ok(&web, "token", table[i][0], &e));
		assert_non_null(strstr(e.text, "option token: the token from file:/root/cf.ini "));
		assert_non_null(strstr(e.text, table[i][1]));
		assert_null(strstr(e.text, "hush"));
		assert_true(form_ok(&plain, "token", table[i][0], &e)); /* the module reads it its own way */
	}
}

static void words_are(const struct givens *g, const struct dnsproof_provider *p, const char *message,
                      const char *expected)
{
	char *words = credentials_words(p, g, "z.test", message);

	assert_string_equal(words, expected);
	free(words);
}

TEST(test_refused)
{
	struct givens g = {0};

	givens_add(&g, "user", xstrdup("me"), NULL);
	words_are(&g, &web, "web: z.test: api.test: HTTP 401: no", "web: z.test: api.test: HTTP 401: no");
	givens_add(&g, "token", xstrdup("hush"), "file:/root/cf.tok");
	words_are(&g, &web, "web: z.test: api.test: HTTP 403: Authentication error",
	          "web refused the token from /root/cf.tok for z.test (api.test: HTTP 403: Authentication "
	          "error); needed: API token with the right dns:edit alone");
	words_are(&g, &web, "web: z.test: no such account",
	          "web: z.test: no such account (with the token from /root/cf.tok)");
	words_are(&g, &plain, "NOTAUTH (BADKEY)", "NOTAUTH (BADKEY) (with the token from /root/cf.tok)");
	givens_add(&g, "password", xstrdup("hush"), "env:PASS");
	givens_add(&g, "key", xstrdup("hush"), "cmd:pass\nshow x");
	words_are(
	    &g, &web, "api.test: HTTP 403",
	    "web refused the token from /root/cf.tok and the password from environment variable PASS and "
	    "the key from the command pass?show x for z.test (api.test: HTTP 403); \"dnsproof providers "
	    "web\" says what is needed");
	givens_free(&g);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
