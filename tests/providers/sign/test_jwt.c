/* The openssl program, which knows nothing of our code, verifies what our code signs; and Oracle's published
 * signatures: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm ("Test Values"). */
#define _GNU_SOURCE
#include "sign/base64.h"
#include "sign/jwt.h"
#include "sign/key.h"
#include "sign/message.h"

#include "unit.h"

#include <openssl/evp.h>
#include <unistd.h>

#define NOW 1800000000

static char folder[] = "/tmp/test_jwt.XXXXXX";

static bool run(const char *format, ...)
{
	char *command, *whole;
	va_list args;
	int status;

	va_start(args, format);
	assert_true(vasprintf(&command, format, args) > 0);
	va_end(args);
	assert_true(asprintf(&whole, "cd %s && { %s; } >log 2>&1", folder, command) > 0);
	status = system(whole);
	free(command);
	free(whole);
	return status == 0;
}

static void put(const char *name, const void *bytes, size_t n)
{
	char path[100];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static char *get(const char *name)
{
	static char text[16384];
	char path[100];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

/* Of base64 or base64url. */
static size_t decode(const char *text, size_t n, unsigned char *out)
{
	char padded[8192];
	size_t pad = (4 - n % 4) % 4, equals = 0;

	assert_true(n + 4 < sizeof(padded));
	for (size_t i = 0; i < n; i++) {
		padded[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
		equals += text[i] == '=';
	}
	memcpy(padded + n, "====", pad);
	n = (size_t)EVP_DecodeBlock(out, (unsigned char *)padded, (int)(n + pad));
	return n - pad - equals;
}

static struct key *key_of(const char *name, const char *passphrase)
{
	const char *why = NULL;
	struct key *key = key_parse(get(name), passphrase, &why);

	if (!key)
		fail_msg("%s: %s", name, why);
	return key;
}

static int keys_make(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	return !run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem && "
	            "openssl pkey -in rsa.pem -pubout -out rsa.pub && openssl rsa -traditional -in rsa.pem "
	            "-out pkcs1.pem && "
	            "openssl pkey -in rsa.pem -aes256 -passout pass:open -out locked.pem && "
	            "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem && "
	            "openssl pkey -in ec.pem -pubout -out ec.pub && openssl ec -in ec.pem -out sec1.pem && "
	            "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.pem && "
	            "openssl genpkey -algorithm ED25519 -out ed.pem && "
	            "openssl req -x509 -key ec.pem -subj /CN=other -days 2 -out other.crt && "
	            "openssl req -x509 -key rsa.pem -subj /CN=client -days 2 -out client.crt && "
	            "cat other.crt client.crt rsa.pem >bundle.pem");
}

static int keys_drop(void **state)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

/* r and s as a DER sequence, as openssl wants it. */
static size_t der_of(const unsigned char *raw, unsigned char *der)
{
	size_t n = 2;

	for (int half = 0; half < 2; half++) {
		const unsigned char *from = raw + 32 * half;
		size_t length = 32;

		while (length > 1 && !*from) {
			from++;
			length--;
		}
		der[n++] = 2;
		der[n++] = (unsigned char)(length + (*from >> 7));
		if (*from >> 7)
			der[n++] = 0;
		memcpy(der + n, from, length);
		n += length;
	}
	der[0] = 0x30;
	der[1] = (unsigned char)(n - 2);
	return n;
}

static bool verified(const char *options, const char *public, const char *text, size_t n,
                     const unsigned char *signature, size_t length)
{
	put("text", text, n);
	put("signature", signature, length);
	return run("openssl dgst %s -verify %s -signature signature text", options, public);
}

static json_t *part_json(const char *text, size_t n)
{
	unsigned char out[8192];
	json_t *json = json_loadb((char *)out, decode(text, n, out), 0, NULL);

	assert_non_null(json);
	return json;
}

static void parts_check(const char *token, size_t body, const char *algorithm)
{
	size_t head = strcspn(token, ".");
	json_t *header = part_json(token, head);
	json_t *claims = part_json(token + head + 1, body - head - 1);
	json_t *want = json_pack("{s:s,s:s,s:s}", "alg", algorithm, "typ", "JWT", "kid", "k1");
	json_t *said = json_pack("{s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:i}", "iss", "who@example.test", "sub",
	                         "whom", "aud", "https://token.example.test/", "scope", "a b", "jti", "17-ü",
	                         "iat", NOW, "nbf", NOW, "exp", NOW + 600);

	assert_true(json_equal(header, want));
	assert_true(json_equal(claims, said));
	json_decref(header);
	json_decref(claims);
	json_decref(want);
	json_decref(said);
}

static void assertion_check(const char *file, enum key_scheme scheme, const char *algorithm,
                            const char *options, const char *public)
{
	static const struct jwt_claims claims = {.issuer = "who@example.test",
	                                         .subject = "whom",
	                                         .audience = "https://token.example.test/",
	                                         .scope = "a b",
	                                         .id = "17-ü",
	                                         .now = NOW,
	                                         .seconds = 600,
	                                         .not_before = 1};
	struct key *key = key_of(file, NULL);
	json_t *header = json_pack("{s:s}", "kid", "k1");
	char *token = jwt_sign(key, scheme, header, &claims);
	unsigned char signature[1024], der[80];
	size_t length, body;

	assert_non_null(token);
	assert_int_equal(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
	                 strlen(token));
	body = (size_t)(strrchr(token, '.') - token);
	parts_check(token, body, algorithm);
	length = decode(token + body + 1, strlen(token + body + 1), signature);
	if (scheme == KEY_ES256) {
		assert_int_equal(length, 64);
		length = der_of(signature, der);
		memcpy(signature, der, length);
	}
	assert_true(verified(options, public, token, body, signature, length));
	token[body - 1] ^= 1;
	assert_false(verified(options, public, token, body, signature, length));
	free(token);
	json_decref(header);
	key_free(key);
}

#define PSS "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32"

TEST(openssl_verifies_assertions)
{
	assertion_check("rsa.pem", KEY_RS256, "RS256", "-sha256", "rsa.pub");
	assertion_check("pkcs1.pem", KEY_RS256, "RS256", "-sha256", "rsa.pub");
	assertion_check("bundle.pem", KEY_RS256, "RS256", "-sha256", "rsa.pub");
	assertion_check("rsa.pem", KEY_RS512, "RS512", "-sha512", "rsa.pub");
	assertion_check("rsa.pem", KEY_PS256, "PS256", PSS, "rsa.pub");
	for (int i = 0; i < 20; i++) /* r and s of many lengths */
		assertion_check(i % 2 ? "ec.pem" : "sec1.pem", KEY_ES256, "ES256", "-sha256", "ec.pub");
}

TEST(keys_are_told_apart)
{
	struct key *rsa = key_of("rsa.pem", NULL), *ec = key_of("ec.pem", NULL);
	struct jwt_claims claims = {.now = NOW};
	size_t length;

	assert_null(key_sign(rsa, KEY_ES256, "x", 1, &length));
	assert_null(key_sign(ec, KEY_RS256, "x", 1, &length));
	assert_null(jwt_sign(ec, KEY_PS256, NULL, &claims));
	assert_true(key_is_rsa(rsa) && !key_is_rsa(ec));
	key_free(rsa);
	key_free(ec);
	key_free(NULL);
}

static void refused(const char *text, const char *passphrase, const char *words)
{
	const char *why = NULL;

	assert_null(key_parse(text, passphrase, &why));
	assert_non_null(strstr(why, words));
}

TEST(bad_keys_are_refused)
{
	char *rsa;

	refused("", NULL, "no private key");
	refused("secret", NULL, "no private key");
	refused(get("rsa.pub"), NULL, "no private key");
	refused(get("other.crt"), NULL, "no private key");
	refused(get("p384.pem"), NULL, "neither");
	refused(get("ed.pem"), NULL, "neither");
	refused(get("locked.pem"), NULL, "no passphrase");
	refused(get("locked.pem"), "shut", "decrypted");
	key_free(key_of("locked.pem", "open"));
	rsa = strdup(get("rsa.pem"));
	rsa[strlen(rsa) / 2] = '\0';
	refused(rsa, NULL, "no private key");
	free(rsa);
	assert_true(run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:512 -out short.pem"));
	refused(get("short.pem"), NULL, "too short");
}

TEST(certificate_of_the_key_is_found)
{
	struct key *key = key_of("rsa.pem", NULL);
	size_t n = 0;
	unsigned char *der = key_certificate(key, get("bundle.pem"), &n);

	assert_non_null(der);
	put("got.der", der, n);
	free(der);
	assert_true(run("openssl x509 -in client.crt -outform DER | cmp - got.der"));
	assert_null(key_certificate(key, get("other.crt"), &n));
	assert_null(key_certificate(key, get("rsa.pem"), &n));
	der = key_public(key, &n);
	put("got.der", der, n);
	free(der);
	assert_true(run("openssl pkey -pubin -in rsa.pub -pubout -outform DER | cmp - got.der"));
	key_free(key);
}

/* The body of a login, as TransIP wants it signed. */
TEST(openssl_verifies_a_body)
{
	static const char body[] = "{\"login\":\"x\",\"nonce\":\"y\"}";
	struct key *key = key_of("rsa.pem", NULL);
	unsigned char *signature, decoded[1024];
	size_t length;
	char *text;

	signature = key_sign(key, KEY_RS512, body, strlen(body), &length);
	assert_non_null(signature);
	text = base64_text(signature, length);
	assert_int_equal(decode(text, strlen(text), decoded), length);
	assert_true(verified("-sha512", "rsa.pub", body, strlen(body), decoded, length));
	assert_false(verified("-sha256", "rsa.pub", body, strlen(body), decoded, length));
	free(text);
	free(signature);
	key_free(key);
}

TEST(base64_known)
{
	static const struct {
		const char *in, *text, *url;
	} known[] = {/* RFC 4648 section 10 */
	             {"", "", ""},
	             {"f", "Zg==", "Zg"},
	             {"fo", "Zm8=", "Zm8"},
	             {"foo", "Zm9v", "Zm9v"},
	             {"foob", "Zm9vYg==", "Zm9vYg"},
	             {"\xfb\xff\xfe", "+//+", "-__-"}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		char *text = base64_text(known[i].in, strlen(known[i].in));
		char *url = base64_url(known[i].in, strlen(known[i].in));

		assert_string_equal(text, known[i].text);
		assert_string_equal(url, known[i].url);
		free(text);
		free(url);
	}
}

/* The key that the page publishes for its test values. */
static const char oracle_key[] = "-----BEGIN RSA PRIVATE KEY-----\n"
                                 "MIICXgIBAAKBgQDCFENGw33yGihy92pDjZQhl0C36rPJj+CvfSC8+q28hxA161QF\n"
                                 "NUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6Z4UMR7EOcpfdUE9Hf3m/hs+F\n"
                                 "UR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJwoYi+1hqp1fIekaxsyQIDAQAB\n"
                                 "AoGBAJR8ZkCUvx5kzv+utdl7T5MnordT1TvoXXJGXK7ZZ+UuvMNUCdN2QPc4sBiA\n"
                                 "QWvLw1cSKt5DsKZ8UETpYPy8pPYnnDEz2dDYiaew9+xEpubyeW2oH4Zx71wqBtOK\n"
                                 "kqwrXa/pzdpiucRRjk6vE6YY7EBBs/g7uanVpGibOVAEsqH1AkEA7DkjVH28WDUg\n"
                                 "f1nqvfn2Kj6CT7nIcE3jGJsZZ7zlZmBmHFDONMLUrXR/Zm3pR5m0tCmBqa5RK95u\n"
                                 "412jt1dPIwJBANJT3v8pnkth48bQo/fKel6uEYyboRtA5/uHuHkZ6FQF7OUkGogc\n"
                                 "mSJluOdc5t6hI1VsLn0QZEjQZMEOWr+wKSMCQQCC4kXJEsHAve77oP6HtG/IiEn7\n"
                                 "kpyUXRNvFsDE0czpJJBvL/aRFUJxuRK91jhjC68sA7NsKMGg5OXb5I5Jj36xAkEA\n"
                                 "gIT7aFOYBFwGgQAQkWNKLvySgKbAZRTeLBacpHMuQdl1DfdntvAyqpAZ0lY0RKmW\n"
                                 "G6aFKaqQfOXKCyWoUiVknQJAXrlgySFci/2ueKlIE1QqIiLSZ8V8OlpFLRnb1pzI\n"
                                 "7U1yQXnTAEFYM560yJlzUpOb1V4cScGd365tiSMvxLOvTA==\n"
                                 "-----END RSA PRIVATE KEY-----\n";

static void signed_as_published(const struct message_field *field, size_t n, const char *headers,
                                const char *signature)
{
	const char *why;
	struct key *key = key_parse(oracle_key, NULL, &why);
	char *value = message_authorization(key, "T/U/F", field, n), *want;

	assert_true(
	    asprintf(&want,
	             "Signature version=\"1\",headers=\"%s\",keyId=\"T/U/F\",algorithm=\"rsa-sha256\","
	             "signature=\"%s\"",
	             headers, signature) > 0);
	assert_string_equal(value, want);
	free(value);
	free(want);
	key_free(key);
}

TEST(oracle_published)
{
	static const char date[] = "Thu, 05 Jan 2014 21:31:40 GMT"; /* it was a Sunday */
	static const char host[] = "iaas.us-phoenix-1.oraclecloud.com";
	const struct message_field get_fields[] = {
	    {"date", date},
	    {"(request-target)",
	     "get "
	     "/20160918/instances?availabilityDomain=Pjwf%3A%20PHX-AD-1&compartmentId=ocid1.compartment.oc1.."
	     "aaaaaaaam3we6vgnherjq5q2idnccdflvjsnog7mlr6rtdb25gilchfeyjxa&displayName=TeamXInstances&"
	     "volumeId="
	     "ocid1.volume.oc1.phx.abyhqljrgvttnlx73nmrwfaux7kcvzfs3s66izvxf2h4lgvyndsdsnoiwr5q"},
	    {"host", host}};
	const struct message_field post_fields[] = {
	    {"date", date},
	    {"(request-target)", "post /20160918/volumeAttachments"},
	    {"host", host},
	    {"content-length", "316"},
	    {"content-type", "application/json"},
	    {"x-content-sha256", "V9Z20UJTvkvpJ50flBzKE32+6m2zJjweHpDMX/U4Uy0="}};

	signed_as_published(
	    get_fields, 3, "date (request-target) host",
	    "GBas7grhyrhSKHP6AVIj/h5/Vp8bd/peM79H9Wv8kjoaCivujVXlpbKLjMPeDUhxkFIWtTtLBj3sUzaFj34XE6YZAHc9"
	    "r2DmE4pMwOAy/kiITcZxa1oHPOeRheC0jP2dqbTll8fmTZVwKZOKHYPtrLJIJQHJjNvxFWeHQjMaR7M=");
	signed_as_published(
	    post_fields, 6, "date (request-target) host content-length content-type x-content-sha256",
	    "Mje8vIDPlwIHmD/cTDwRxE7HaAvBg16JnVcsuqaNRim23fFPgQfLoOOxae6WqKb1uPjYEl0qIdazWaBy/"
	    "Ml8DRhqlocMwoSXv0fbukP8"
	    "J5N80LCmzT/FFBvIvTB91XuXI3hYfP9Zt1l7S6ieVadHUfqBedWH0itrtPJBgKmrWso=");
}

TEST(dates)
{
	char text[32];

	message_date(text, 784111777); /* RFC 9110 section 5.6.7 */
	assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
	message_date(text, NOW);
	assert_string_equal(text, "Fri, 15 Jan 2027 08:00:00 GMT");
}

int main(void)
{
	return unit_run(keys_make, keys_drop);
}
