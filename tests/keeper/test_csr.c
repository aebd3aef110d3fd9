#include "config.h"

#include <openssl/x509v3.h>

#include "check.h"
#include "common/b64.h"
#include "keeper/csr.h"
#include "keeper/key.h"
#include "keeper/san.h"

static void names_add(struct strs *names, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		strs_add(names, list[i]);
}

static X509_REQ *parsed(const char *text)
{
	size_t n;
	unsigned char *der = b64url_decode(text, &n);
	const unsigned char *at = der;
	X509_REQ *request = d2i_X509_REQ(NULL, &at, (long)n);

	assert_non_null(request);
	assert_ptr_equal(at, der + n);
	free(der);
	return request;
}

static void assert_common_name(X509_REQ *request, const char *expected)
{
	char text[100] = "";
	int n =
	    X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(request), NID_commonName, text, sizeof(text));

	if (expected)
		assert_string_equal(text, expected);
	else
		assert_int_equal(n, -1);
}

static void check_names(X509_REQ *request, const struct strs *names)
{
	STACK_OF(X509_EXTENSION) *extensions = X509_REQ_get_extensions(request);
	GENERAL_NAMES *list = X509V3_get_d2i(extensions, NID_subject_alt_name, NULL, NULL);
	struct strs found = {0};
	struct err e;

	assert_int_equal(sk_X509_EXTENSION_num(extensions), 1);
	assert_ok(san_read(list, &found, &e), &e);
	assert_int_equal(found.n, names->n);
	assert_int_equal(sk_X509_EXTENSION_num(extensions), 1); /* no key usage, which is the CA's affair */
	assert_ok(san_serves(&found, names, &e), &e);
	strs_free(&found);
	GENERAL_NAMES_free(list);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
}

TEST(test_each_key_type)
{
	static const char *const types[] = {"p256", "p384", "rsa2048", "rsa3072"};
	struct strs names = {0};
	struct err e;

	names_add(&names, (const char *const[]){"*.web.test", "web.test", "a.web.test", NULL});
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		EVP_PKEY *key = key_make(types[i], &e);
		char *text = csr_make(key, &(struct csr_names){&names, NULL}, &e);
		X509_REQ *request = parsed(text);

		assert_int_equal(X509_REQ_get_version(request), X509_REQ_VERSION_1);
		assert_int_equal(X509_REQ_verify(request, key), 1);
		assert_common_name(request, NULL);
		check_names(request, &names);
		assert_true(csr_matches(text, key, &(struct csr_names){&names, NULL}));
		X509_REQ_free(request);
		EVP_PKEY_free(key);
		free(text);
	}
	strs_free(&names);
}

/* Only where it is asked for, and then one of the names that fits; and a request with another subject is another. */
TEST(test_common_name)
{
	const char *most = "a-label-of-thirty-two-characters.a-label-of-26-characters-xx.test";
	struct strs names = {0};
	struct err e;
	EVP_PKEY *key = key_make("p256", &e);
	X509_REQ *request;
	char *text;

	assert_int_equal(strlen(most), 65);
	names_add(&names, (const char *const[]){"web.test", "*.web.test", most, most + 1, NULL});
	for (size_t i = 0; i < names.n; i++) {
		const struct csr_names wanted = {&names, names.at[i]};

		text = csr_make(key, &wanted, &e);
		if (i == 2) {
			assert_null(text);
			assert_non_null(strstr(e.text, "longer than 64 octets"));
			continue;
		}
		request = parsed(text);
		assert_common_name(request, names.at[i]);
		assert_int_equal(X509_NAME_entry_count(X509_REQ_get_subject_name(request)), 1);
		check_names(request, &names);
		assert_true(csr_matches(text, key, &wanted));
		assert_false(csr_matches(text, key, &(struct csr_names){&names, names.at[i ? 0 : 1]}));
		assert_false(csr_matches(text, key, &(struct csr_names){&names, NULL}));
		X509_REQ_free(request);
		free(text);
	}
	text = csr_make(key, &(struct csr_names){&names, NULL}, &e);
	assert_false(csr_matches(text, key, &(struct csr_names){&names, "web.test"}));
	free(text);
	assert_null(csr_make(key, &(struct csr_names){&names, "other.test"}, &e));
	assert_non_null(strstr(e.text, "'other.test' is none of the certificate's names"));
	EVP_PKEY_free(key);
	strs_free(&names);
}

TEST(test_hundred_names)
{
	struct strs names = {0};
	struct err e;
	EVP_PKEY *key = key_make("p256", &e);
	X509_REQ *request;
	char *text;

	for (int i = 0; i < 100; i++) {
		text = xasprintf("n%d.web.test", i);
		strs_add(&names, text);
		free(text);
	}
	text = csr_make(key, &(struct csr_names){&names, NULL}, &e);
	request = parsed(text);
	check_names(request, &names);
	X509_REQ_free(request);
	EVP_PKEY_free(key);
	strs_free(&names);
	free(text);
}

TEST(test_other_requests_do_not_match)
{
	struct strs names = {0}, others = {0};
	struct err e;
	EVP_PKEY *key = key_make("p256", &e), *other = key_make("p256", &e);
	char *text;

	names_add(&names, (const char *const[]){"web.test", "*.web.test", NULL});
	names_add(&others, (const char *const[]){"web.test", NULL});
	text = csr_make(key, &(struct csr_names){&names, NULL}, &e);
	assert_true(csr_matches(text, key, &(struct csr_names){&names, NULL}));
	assert_false(csr_matches(text, other, &(struct csr_names){&names, NULL}));
	assert_false(csr_matches(text, key, &(struct csr_names){&others, NULL}));
	text[strlen(text) - 6] ^= 1;
	assert_false(csr_matches(text, key, &(struct csr_names){&names, NULL}));
	text[50] = '\0';
	assert_false(csr_matches(text, key, &(struct csr_names){&names, NULL}));
	assert_false(csr_matches("", key, &(struct csr_names){&names, NULL}));
	free(text);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	strs_free(&names);
	strs_free(&others);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
