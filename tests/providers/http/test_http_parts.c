#include "config.h"

#include "unit.h"

#include "common/b64.h"
#include "common/mem.h"
#include "http/digest.h"
#include "http/text.h"
#include "http/url.h"
#include "http/words.h"

static void is_hex(const unsigned char *bytes, size_t n, const char *want)
{
	char *got = hex_encode(bytes, n);

	assert_string_equal(got, want);
	free(got);
}

/* RFC 1321, FIPS 180-4 examples. */
TEST(test_digests)
{
	static const char *const table[][2] = {
	    {"md5", "900150983cd24fb0d6963f7d28e17f72"},
	    {"sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"},
	    {"sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {"SHA256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {"sha384", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	               "8086072ba1e7cc2358baeca134c825a7"},
	    {"sha512", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
	};
	unsigned char out[64];

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		is_hex(out, http_digest(table[i][0], "abc", 3, out), table[i][1]);
	is_hex(out, http_digest("md5", NULL, 0, out), "d41d8cd98f00b204e9800998ecf8427e");
	assert_int_equal(http_digest("sha3", "abc", 3, out), 0);
	assert_int_equal(http_digest(NULL, "abc", 3, out), 0);
}

struct hmac_case {
	const char *algorithm;
	const char *key;
	size_t key_len;
	const char *data;
	size_t n;
	const char *want;
};

/* RFC 2202 (md5, sha1), RFC 4231 cases 1, 2, 3 and 6. */
TEST(test_hmacs)
{
	static const char b[] =
	    "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b";
	static const char question[] = "what do ya want for nothing?";
	static const char large[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	static char a[131], d[50];
	const struct hmac_case table[] = {
	    {"md5", b, 16, "Hi There", 8, "9294727a3638bb1c13f48ef8158bfc9d"},
	    {"md5", "Jefe", 4, question, 28, "750c783e6ab0b503eaa86e310a5db738"},
	    {"sha1", b, 20, "Hi There", 8, "b617318655057264e28bc0b6fb378c8ef146be00"},
	    {"sha1", "Jefe", 4, question, 28, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
	    {"sha256", b, 20, "Hi There", 8,
	     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
	    {"sha384", b, 20, "Hi There", 8,
	     "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
	     "faea9ea9076ede7f4af152e8b2fa9cb6"},
	    {"sha512", b, 20, "Hi There", 8,
	     "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
	     "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
	    {"sha256", "Jefe", 4, question, 28,
	     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
	    {"sha256", a, 20, d, 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
	    {"sha256", a, 131, large, 54, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	};
	unsigned char out[64];

	memset(a, 0xaa, sizeof(a));
	memset(d, 0xdd, sizeof(d));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct hmac_case *c = &table[i];

		is_hex(out, http_hmac(c->algorithm, c->key, c->key_len, c->data, c->n, out), c->want);
	}
	is_hex(out, http_hmac("sha256", NULL, 0, NULL, 0, out),
	       "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
	assert_int_equal(http_hmac("sha224", "k", 1, "d", 1, out), 0);
}

TEST(test_encode)
{
	static const char *const table[][3] = {
	    {"hex", "\xff\x0a", "ff0a"},
	    {"hex", "", ""},
	    {"base64", "f", "Zg=="},
	    {"base64", "\xfb\xff", "+/8="},
	    {"base64url", "\xfb\xff", "-_8"},
	    {"path", "a b/c?d+e%f~g-h.i_j*", "a%20b%2Fc%3Fd%2Be%25f~g-h.i_j%2A"},
	    {"path", "\xc3\xbc", "%C3%BC"},
	    {"form", "a b+c&d=e", "a+b%2Bc%26d%3De"},
	    {"xml", "<a b=\"c\">&'</a>", "&lt;a b=&quot;c&quot;&gt;&amp;&apos;&lt;/a&gt;"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(http_encode(table[i][0], table[i][1], strlen(table[i][1])), table[i][2]);
	assert_string_equal(http_encode("path", "\0x", 2), "%00x");
	assert_string_equal(http_encode("hex", NULL, 0), "");
	assert_null(http_encode("rot13", "x", 1));
	http_text_end();
}

static bool allowed(const char *url, const char *named, bool link_local)
{
	struct strs list = {0};
	struct http_url u;
	struct err e;
	bool ok;

	if (named)
		strs_add(&list, named);
	assert_true(http_url_parse(&u, url, &e));
	ok = http_url_allowed(&u, &list, link_local, &e);
	http_url_free(&u);
	strs_free(&list);
	return ok;
}

TEST(test_url_rules)
{
	static const char *const near[] = {
	    "http://127.0.0.1/",      "http://127.9.9.9:8080/x", "http://10.0.0.1/",     "http://172.16.0.1/",
	    "http://172.31.255.255/", "http://192.168.1.1/",     "http://localhost:81/", "http://[::1]:81/",
	    "http://[fd00::1]/",      "http://LOCALHOST/"};
	static const char *const far[] = {"http://128.0.0.1/",         "http://172.15.0.1/",
	                                  "http://172.32.0.1/",        "http://192.167.1.1/",
	                                  "http://[fe80::1]/",         "http://[::2]/",
	                                  "http://0.0.0.0/",           "http://a.localhost/",
	                                  "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/"};

	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
		assert_true(allowed(near[i], near[i], false));
		assert_false(allowed(near[i], NULL, true));
	}
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		assert_false(allowed(far[i], far[i], false));
	assert_true(allowed("https://anything.example/", NULL, false));
	assert_true(allowed("http://127.0.0.1:80/x", "http://127.0.0.1/y", false));
	assert_false(allowed("http://127.0.0.1:81/", "http://127.0.0.1/", false));
	assert_false(allowed("http://127.0.0.1/", "https://127.0.0.1:80/", false));
	assert_false(allowed("http://127.0.0.2/", "http://127.0.0.1/", false));
	assert_true(allowed("http://169.254.169.254/latest", NULL, true));
	assert_false(allowed("http://169.255.169.254/", NULL, true));
	assert_true(allowed("http://0x7f.1/", "http://127.0.0.1/", false));
}

static void words_are(const char *body, const char *want)
{
	json_t *json = json_loads(body, JSON_DECODE_ANY, NULL);
	char *got = http_words(json, body, strlen(body));

	assert_string_equal(got, want);
	free(got);
	json_decref(json);
}

TEST(test_words)
{
	words_are("", "");
	words_are("   \n ", "");
	words_are("plain  text\n", "plain text");
	words_are("\"just a string\"", "just a string");
	words_are("[]", "[]");
	words_are("{\"Message\":\"capital\"}", "capital");
	words_are("{\"error\":{\"errors\":[{\"reason\":\"deep\"}]}}", "deep");
	words_are("{\"message\":\"same\",\"detail\":\"same\"}", "same");
	words_are("{\"errors\":{\"a\":{\"b\":{\"c\":{\"d\":{\"message\":\"x\"}}}}}}",
	          "{\"errors\":{\"a\":{\"b\":{\"c\":{\"d\":{\"message\":\"x\"}}}}}}");
	words_are("<Error><Code>Bad</Code><Message>xml words</Message></Error>", "xml words");
	words_are("<r><Error Number=\"1\">namecheap like</Error></r>", "namecheap like");
	words_are("<html><body><p>no  title</p></body></html>", "no title");
	words_are("<html><title", "");
	words_are("{\"code\":\"InvalidKey\"}", "InvalidKey");
	words_are("{\"errors\":[\"1\",\"2\",\"3\",\"4\"]}", "1 (2; 3)");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
