#include "keyfile.h"

#include "unit.h"

#define SECRET "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

struct good {
	const char *text, *name, *algorithm;
};

static const struct good goods[] = {
    {"key \"acme-key\" {\n\talgorithm hmac-sha256;\n\tsecret \"" SECRET "\";\n};\n", "acme-key",
     "hmac-sha256"},
    {"key acme-key. { secret \"" SECRET "\"; algorithm \"HMAC-SHA512\"; };", "acme-key", "hmac-sha512"},
    {"# made by hand\n// twice\n/* and\n * so */ key /* x */ Acme.Example.COM { secret " SECRET
     "; // it\n algorithm hmac-md5.sig-alg.reg.int; # end\n}",
     "acme.example.com", "hmac-md5"},
    {"key k{secret \"" SECRET "\";};", "k", "hmac-sha256"},
    {"hmac-sha384:acme-key:" SECRET "\n", "acme-key", "hmac-sha384"},
    {"# hmac-sha224:acme:" SECRET "\nhmac-sha224:acme:" SECRET, "acme", "hmac-sha224"},
    {"Acme-Key:" SECRET, "acme-key", "hmac-sha256"},
    {" key:" SECRET "\r\n", "key", "hmac-sha256"},
    {"k:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "k", "hmac-sha256"},
    {"\xef\xbb\xbfkey \"k\" {\r\n\tsecret \"" SECRET "\";\r\n};\r\n", "k", "hmac-sha256"},
    {"# Start of rndc.conf\nkey \"rndc-key\" {\n algorithm hmac-sha256;\n secret \"" SECRET
     "\";\n};\n\noptions {\n default-key \"rndc-key\";\n default-server 127.0.0.1;\n default-port 953;\n};\n"
     "# End of rndc.conf\n",
     "rndc-key", "hmac-sha256"},
    {"options { default-key b; };\nkey a { secret AAAA; };\nkey b { secret " SECRET "; };\n", "b",
     "hmac-sha256"},
    {"key \"a\" { secret " SECRET "; };\nzone \"x\" { type primary; update-policy { grant a name y; }; };\n",
     "a", "hmac-sha256"},
    {"# hmac-sha512:acme:" SECRET "\nkey:\n  - id: acme\n    algorithm: hmac-sha512\n    secret: " SECRET
     "\n",
     "acme", "hmac-sha512"},
    {"key:\r\n- id: \"acme.example.\"\r\n  secret: '" SECRET "'\r\n", "acme.example", "hmac-sha256"},
    {"acme.example. IN KEY 512 3 163 " SECRET "\n", "acme.example", "hmac-sha256"},
    {"acme. 3600 IN KEY 512 3 165 AAECAwQFBgcICQoLDA0ODxAR EhMUFRYXGBkaGxwdHh8=\r\n", "acme", "hmac-sha512"},
};

struct bad {
	const char *text, *says;
};

static const struct bad bads[] = {
    {"", "holds no TSIG key"},
    {"# only a comment", "holds no TSIG key"},
    {"/* no end", "holds no TSIG key"},
    {"/etc/dnsproof/acme.key", "name of a file"},
    {"hello", "not a TSIG key"},
    {"two words:" SECRET, "not a TSIG key"},
    {"k:" SECRET " more", "not a TSIG key"},
    {"hmac-sha3:k:" SECRET, "algorithm"},
    {"k:", "base64"},
    {"k:====", "base64"},
    {"k:A", "base64"},
    {"k:AAAAA", "base64"},
    {"k:AA=A", "base64"},
    {"k:AAA==", "base64"},
    {"k:AAA*", "base64"},
    {"k:AAA-", "base64"},
    {":" SECRET, "name"},
    {"a..b:" SECRET, "name"},
    {"key", "no name"},
    {"key {", "no name"},
    {"key a", "{ is missing"},
    {"key a {", "does not end"},
    {"key a { }", "no secret"},
    {"key a { secret }", "no value"},
    {"key a { secret \"x }", "no value"},
    {"key a { secret AAAA }", "; is missing"},
    {"key a { secret AAAA; secret AAAA; };", "twice"},
    {"key a { secret AAAA; file AAAA; };", "other than"},
    {"key a { secret AAAA; }; key b { secret AAAA; };", "several keys"},
    {"key a { secret AAAA; }; zone x", "after the key"},
    {"key a { secret AAAA; }; zone x {", "after the key"},
    {"key a { secret AAAA; }; options { default-key c; }; key b { secret AAAA; };", "several keys"},
    {"options { directory \"/var\"; };", "no key statement"},
    {"Private-key-format: v1.3\nAlgorithm: 163 (HMAC_SHA256)\nKey: " SECRET "\n", "ends in .key"},
    {"key:\n  - id: a\n    secret: AAAA\n  - id: b\n    secret: AAAA\n", "several keys"},
    {"key:\n  - id: a\n", "lacks id or secret"},
    {"a. IN KEY 512 3 163", "lacks its secret"},
    {"a. IN KEY 512 3 8 " SECRET, "algorithm"},
    {"key a { secret AAAA; }; /*", "after the key"},
    {"key a { algorithm hmac-sha9; secret AAAA; };", "algorithm"},
    {"key \"a b\" { secret AAAA; };", "name"},
    {"key \"\" { secret AAAA; };", "name"},
};

/* Parses an exact copy, so that a checker sees any octet read beside it. */
static const char *parse(struct tsig_key *key, const char *text, size_t n)
{
	char *copy = malloc(n ? n : 1);

	memcpy(copy, text, n);
	const char *wrong = keyfile_parse(key, copy, n, NULL);
	free(copy);
	return wrong;
}

TEST(test_good)
{
	for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++) {
		struct tsig_key key;
		const char *wrong = parse(&key, goods[i].text, strlen(goods[i].text));
		if (wrong)
			fail_msg("%s: %s", goods[i].text, wrong);
		assert_string_equal(key.name, goods[i].name);
		assert_string_equal(key.algorithm->name, goods[i].algorithm);
		assert_int_equal(key.secret_length, 32);
		for (uint8_t j = 0; j < 32; j++)
			assert_int_equal(key.secret[j], j);
	}
}

TEST(test_bad)
{
	static const struct tsig_key wiped;

	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		struct tsig_key key;
		const char *wrong = parse(&key, bads[i].text, strlen(bads[i].text));
		if (!wrong || !strstr(wrong, bads[i].says))
			fail_msg("%s: %s", bads[i].text, wrong ? wrong : "taken");
		assert_memory_equal(&key, &wiped, sizeof(key));
	}
}

/* dnssec-keygen's private half, which alone is enough: its own name has the key's. */
TEST(test_private_half)
{
	static const char text[] = "Private-key-format: v1.3\nAlgorithm: 163 (HMAC_SHA256)\nKey: " SECRET
	                           "\nBits: AAA=\nCreated: 20261128000000\n";
	static const char *const nameless[] = {"file:/etc/acme.key", "file:/K.+163+1.private", "env:K",
	                                       "fd:3", "Kx.+1"};
	struct tsig_key key;

	assert_null(
	    keyfile_parse(&key, text, strlen(text), "file:/etc/bind/Kacme.example.test.+163+04711.private"));
	assert_string_equal(key.name, "acme.example.test");
	assert_string_equal(key.algorithm->name, "hmac-sha256");
	assert_int_equal(key.secret_length, 32);
	for (size_t i = 0; i < sizeof(nameless) / sizeof(nameless[0]); i++)
		assert_non_null(strstr(keyfile_parse(&key, text, strlen(text), nameless[i]), "ends in .key"));
	assert_non_null(strstr(keyfile_parse(&key, text, 50, "file:/Ka.+163+1.private"), "no line Key:"));
}

/* As lego's users have it, a variable for each part. */
TEST(test_parts)
{
	struct tsig_key key;

	assert_null(keyfile_parts(&key, "Lab-Key.", "hmac-sha512.", SECRET));
	assert_string_equal(key.name, "lab-key");
	assert_string_equal(key.algorithm->name, "hmac-sha512");
	assert_int_equal(key.secret_length, 32);
	assert_null(keyfile_parts(&key, "k", NULL, SECRET));
	assert_string_equal(key.algorithm->name, "hmac-sha256");
	assert_non_null(strstr(keyfile_parts(&key, "k", "sha9", SECRET), "algorithm"));
	assert_non_null(strstr(keyfile_parts(&key, "k", NULL, "*"), "base64"));
	assert_non_null(strstr(keyfile_parts(&key, "", NULL, SECRET), "name"));
	assert_int_equal(key.secret_length, 0);
}

TEST(test_long)
{
	struct tsig_key key;
	size_t n = 70000;
	char *text = malloc(n);

	memset(text, ' ', n);
	assert_non_null(parse(&key, text, n));
	memset(text, 'A', n);
	memcpy(text, "k:", 2);
	assert_null(parse(&key, text, 2 + 1368 - 4));
	assert_non_null(parse(&key, text, 2 + 1368));
	assert_non_null(parse(&key, text, n));
	memset(text, 'a', n);
	text[300] = ':';
	assert_non_null(parse(&key, text, 400));
	free(text);
}

/* Every cut of a good file, and every octet of it replaced by each sign: no crash, and what is taken
 * has a name, an algorithm and a secret. */
TEST(test_mangled)
{
	static const char signs[] = "{};:\"/*#\n \0\xff"
	                            "A.";
	char text[256];
	struct tsig_key key;

	for (size_t g = 0; g < sizeof(goods) / sizeof(goods[0]); g++) {
		size_t n = strlen(goods[g].text);
		for (size_t i = 0; i < n; i++) {
			parse(&key, goods[g].text, i);
			for (size_t s = 0; s < sizeof(signs) - 1; s++) {
				memcpy(text, goods[g].text, n);
				text[i] = signs[s];
				if (parse(&key, text, n) != NULL)
					continue;
				assert_non_null(key.algorithm);
				assert_true(key.name[0] != '\0' && key.secret_length > 0);
			}
		}
	}
}

int main(void)
{
	return unit_run(NULL, NULL);
}
