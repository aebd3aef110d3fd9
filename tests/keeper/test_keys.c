#include "config.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "common/b64.h"
#include "keeper/account.h"
#include "keeper/file.h"
#include "keeper/foreign_key.h"
#include "keeper/jwk.h"
#include "keeper/jws.h"
#include "keeper/key.h"

#define DIRECTORY "https://CA.test/dir"

/* RFC 7515 appendix A.3 */
static const char rfc7515_x[] = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
static const char rfc7515_y[] = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
static const char rfc7515_d[] = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

/* RFC 7638 section 3.1 */
static const char rfc7638_n[] =
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi"
    "FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgn"
    "Yb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqb"
    "w0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

static EVP_PKEY *key_from(const char *kind, OSSL_PARAM_BLD *parts, int selection)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(parts);
	EVP_PKEY *key = NULL;

	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(EVP_PKEY_fromdata(context, &key, selection, params), 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(parts);
	EVP_PKEY_CTX_free(context);
	return key;
}

static BIGNUM *number(const char *text)
{
	size_t n;
	unsigned char *bytes = b64url_decode(text, &n);
	BIGNUM *value = BN_bin2bn(bytes, (int)n, NULL);

	free(bytes);
	return value;
}

static EVP_PKEY *rfc7515_key(void)
{
	OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
	unsigned char point[65] = {4};
	size_t n;
	unsigned char *x = b64url_decode(rfc7515_x, &n), *y = b64url_decode(rfc7515_y, &n);
	BIGNUM *d = number(rfc7515_d);
	EVP_PKEY *key;

	memcpy(point + 1, x, 32);
	memcpy(point + 33, y, 32);
	OSSL_PARAM_BLD_push_utf8_string(parts, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
	OSSL_PARAM_BLD_push_octet_string(parts, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point));
	OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_PRIV_KEY, d);
	key = key_from("EC", parts, EVP_PKEY_KEYPAIR);
	BN_free(d);
	free(x);
	free(y);
	return key;
}

static EVP_PKEY *rfc7638_key(void)
{
	OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
	BIGNUM *n = number(rfc7638_n), *e = number("AQAB");
	EVP_PKEY *key;

	OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_E, e);
	key = key_from("RSA", parts, EVP_PKEY_PUBLIC_KEY);
	BN_free(n);
	BN_free(e);
	return key;
}

TEST(test_ec_vectors)
{
	struct err e;
	struct account *a = account_new(rfc7515_key(), "a", DIRECTORY, &e);
	char *jwk = json_dumps(a->jwk, JSON_COMPACT);
	char *value = account_challenge(a, "DGyRejmCefe7v4NfDGDKfA", &e);

	assert_string_equal(jwk, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":"
	                         "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":"
	                         "\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}");
	assert_string_equal(a->thumbprint, "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
	assert_string_equal(value, "VIhlObU14SszuGiJjYEkSCWza9-X-UFUuzGh1QsiYcU");
	free(jwk);
	free(value);
	account_free(a);
}

TEST(test_rsa_vectors)
{
	struct err e;
	struct account *a = account_new(rfc7638_key(), "a", DIRECTORY, &e);
	char *value = account_challenge(a, "DGyRejmCefe7v4NfDGDKfA", &e);

	assert_string_equal(a->thumbprint, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
	assert_string_equal(value, "Bs72Q7B-BSSQo4oDjA2qBR07GB6sc3hiG9zqaqvHx7U");
	free(value);
	account_free(a);
}

TEST(test_bad_tokens)
{
	static const char *const bad[] = {"", "DGyRejmCefe7v4NfDGDKf", "DGyRejmCefe7v4NfDGDK.A",
	                                  "DGyRejmCefe7v4NfDGDKfA=", "../../../../../../etc/passwd"};
	struct err e;
	struct account *a = account_new(rfc7515_key(), "a", DIRECTORY, &e);
	char longest[130];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_null(account_challenge(a, bad[i], &e));
	memset(longest, 'a', 129);
	longest[129] = '\0';
	assert_null(account_challenge(a, longest, &e));
	account_free(a);
}

/* r||s back to DER, to be verified by OpenSSL */
static unsigned char *der_of(const unsigned char *raw, size_t n, size_t *length)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	unsigned char *der = NULL;
	int half = (int)n / 2;

	ECDSA_SIG_set0(sig, BN_bin2bn(raw, half, NULL), BN_bin2bn(raw + half, half, NULL));
	*length = (size_t)i2d_ECDSA_SIG(sig, &der);
	ECDSA_SIG_free(sig);
	return der;
}

static bool verified(EVP_PKEY *key, const char *input, const unsigned char *raw, size_t n)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ec = EVP_PKEY_is_a(key, "EC"), ok;
	unsigned char *der = ec ? der_of(raw, n, &n) : NULL;

	ok = EVP_DigestVerifyInit(context, NULL, key_hash(key), NULL, key) == 1 &&
	     EVP_DigestVerify(context, ec ? der : raw, n, (const unsigned char *)input, strlen(input)) == 1;
	OPENSSL_free(der);
	EVP_MD_CTX_free(context);
	return ok;
}

TEST(test_ec_signatures_have_fixed_length)
{
	EVP_PKEY *key = rfc7515_key();
	unsigned zeros = 0;
	struct err e;
	size_t n;

	for (int i = 0; i < 4096; i++) {
		char *input = xasprintf("round %d", i);
		unsigned char *raw = key_sign(key, input, strlen(input), &n, &e);

		assert_int_equal(n, 64);
		assert_true(verified(key, input, raw, n));
		zeros += raw[0] == 0 || raw[32] == 0;
		free(raw);
		free(input);
	}
	assert_true(zeros > 0); /* 32 expected: the padding was exercised */
	EVP_PKEY_free(key);
}

TEST(test_each_type_signs_and_is_read_back)
{
	static const struct {
		const char *type, *alg;
		size_t length;
	} kinds[] = {{"p256", "ES256", 64}, {"p384", "ES384", 96}, {"rsa2048", "RS256", 256}};
	struct err e;
	size_t n;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		EVP_PKEY *key = key_make(kinds[i].type, &e), *again;
		char *pem = key_pem(key);
		unsigned char *raw;

		assert_non_null(strstr(pem, "-----BEGIN PRIVATE KEY-----"));
		assert_string_equal(key_type(key), kinds[i].type);
		assert_string_equal(key_alg(key), kinds[i].alg);
		again = key_parse(pem, strlen(pem), &e);
		assert_int_equal(EVP_PKEY_eq(key, again), 1);
		raw = key_sign(again, "text", 4, &n, &e);
		assert_int_equal(n, kinds[i].length);
		assert_true(verified(key, "text", raw, n));
		free(raw);
		mem_wipe_free(pem);
		EVP_PKEY_free(key);
		EVP_PKEY_free(again);
	}
	assert_null(key_make("dsa", &e));
	assert_told(&e, "p256 p384");
}

TEST(test_foreign_keys_are_refused)
{
	EVP_PKEY *p521 = EVP_EC_gen("P-521"), *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	EVP_PKEY *keys[] = {p521, ed};
	struct err e;

	for (size_t i = 0; i < 2; i++) {
		char *pem = key_pem(keys[i]);

		assert_null(key_parse(pem, strlen(pem), &e));
		assert_told(&e, "neither P-256");
		mem_wipe_free(pem);
		EVP_PKEY_free(keys[i]);
	}
	assert_null(key_parse("garbage", 7, &e));
	assert_told(&e, "no private key");
}

static char *text_of(BIO *out)
{
	char *data, *text;
	long n = BIO_get_mem_data(out, &data);

	text = xstrndup(data, (size_t)n);
	BIO_free(out);
	return text;
}

static char *encrypted_pem(const EVP_PKEY *key)
{
	BIO *out = BIO_new(BIO_s_mem());

	assert_int_equal(PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_128_cbc(), "word", 4, NULL, NULL),
	                 1);
	return text_of(out);
}

static char *public_pem(const EVP_PKEY *key)
{
	BIO *out = BIO_new(BIO_s_mem());

	assert_int_equal(PEM_write_bio_PUBKEY(out, key), 1);
	return text_of(out);
}

static void assert_read(const char *pem, const EVP_PKEY *key)
{
	struct err e;
	EVP_PKEY *found = key_parse(pem, strlen(pem), &e);

	assert_non_null(found);
	assert_int_equal(EVP_PKEY_eq(found, key), 1);
	EVP_PKEY_free(found);
}

/* Whatever was read before, and in which order. */
TEST(test_a_key_is_read_for_itself)
{
	struct err e;
	EVP_PKEY *first = key_make("p256", &e), *second = key_make("rsa2048", &e);
	EVP_PKEY *keys[] = {first, second, first};

	for (size_t i = 0; i < 3; i++) {
		char *pem = key_pem(keys[i]), *public = public_pem(keys[i]), *locked = encrypted_pem(keys[i]);
		char *cut = xstrndup(pem, strlen(pem) / 2), *behind = xasprintf("%s%s", public, pem);
		const char *const no_key[] = {public, locked, cut, ""};

		for (size_t j = 0; j < 4; j++) {
			assert_read(pem, keys[i]);
			assert_null(key_parse(no_key[j], strlen(no_key[j]), &e));
			assert_told(&e, "no private key in PEM form without password");
			assert_read(behind, keys[i]);
		}
		free(behind);
		mem_wipe_free(cut);
		free(locked);
		free(public);
		mem_wipe_free(pem);
	}
	EVP_PKEY_free(first);
	EVP_PKEY_free(second);
}

static void put_number(json_t *jwk, const char *name, const EVP_PKEY *key, const char *parameter, int width)
{
	unsigned char bytes[512];
	BIGNUM *value = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(key, parameter, &value), 1);
	width = width ? width : BN_num_bytes(value);
	assert_int_equal(BN_bn2binpad(value, bytes, width), width);
	char *text = b64url_encode(bytes, (size_t)width);
	json_object_set_new(jwk, name, json_string(text));
	BN_free(value);
	free(text);
}

/* As certbot writes it. */
static json_t *private_jwk(const EVP_PKEY *key)
{
	static const char *const rsa[][2] = {
	    {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
	    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
	    {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};
	json_t *jwk = jwk_of(key);

	if (EVP_PKEY_is_a(key, "EC"))
		put_number(jwk, "d", key, OSSL_PKEY_PARAM_PRIV_KEY, (EVP_PKEY_get_bits(key) + 7) / 8);
	else
		for (size_t i = 0; i < 6; i++)
			put_number(jwk, rsa[i][0], key, rsa[i][1], 0);
	return jwk;
}

static EVP_PKEY *foreign(const json_t *jwk, struct err *e)
{
	char *text = json_dumps(jwk, JSON_INDENT(2));
	EVP_PKEY *key = foreign_key_parse(text, strlen(text), e);

	mem_wipe_free(text);
	return key;
}

TEST(test_private_jwks_are_read)
{
	static const char *const types[] = {"p256", "p384", "rsa2048"};
	struct err e = {""};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		EVP_PKEY *key = key_make(types[i], &e);
		json_t *jwk = private_jwk(key);
		EVP_PKEY *again = foreign(jwk, &e);
		char *pem = key_pem(key), *pem_again;

		assert_ok(again, &e);
		pem_again = key_pem(again);
		assert_string_equal(pem_again, pem);
		EVP_PKEY_free(again);
		again = foreign_key_parse(pem, strlen(pem), &e);
		assert_ok(again, &e);
		EVP_PKEY_free(again);
		EVP_PKEY_free(key);
		mem_wipe_free(pem);
		mem_wipe_free(pem_again);
		json_decref(jwk);
	}
}

/* Every member in turn is away, no text, not base64url, too long, zero, or that of another key. */
TEST(test_broken_jwks_are_refused)
{
	static const char *const types[] = {"p256", "rsa2048"};
	char longer[701];

	memset(longer, 'A', 700);
	longer[700] = '\0';
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct err e = {""};
		EVP_PKEY *key = key_make(types[i], &e), *other = key_make(types[i], &e);
		json_t *jwk = private_jwk(key), *foreign_jwk = private_jwk(other), *value;
		const char *member;

		json_object_foreach(jwk, member, value)
		{
			json_t *bad[] = {NULL,
			                 json_integer(3),
			                 json_string(""),
			                 json_string("a+b/"),
			                 json_string("AA"),
			                 json_string(longer),
			                 json_incref(json_object_get(foreign_jwk, member))};

			for (size_t j = 0; j < sizeof(bad) / sizeof(*bad); j++) {
				json_t *copy = json_copy(jwk);
				bool same = json_equal(bad[j], value); /* kty, crv, e */

				json_object_del(copy, member);
				if (bad[j])
					json_object_set_new(copy, member, bad[j]);
				e.text[0] = '\0';
				EVP_PKEY *made = foreign(copy, &e);
				if (!same && made)
					fail_msg("%s with wrong %s (%zu) is taken", types[i], member, j);
				if (!made)
					assert_true(e.text[0] != '\0');
				EVP_PKEY_free(made);
				json_decref(copy);
			}
		}
		EVP_PKEY_free(key);
		EVP_PKEY_free(other);
		json_decref(jwk);
		json_decref(foreign_jwk);
	}
}

TEST(test_what_is_no_key_is_refused)
{
	static const struct {
		const char *text, *told;
	} bad[] = {
	    {"", "no private key"},
	    {"{", "neither a private key in PEM form without password nor a JWK"},
	    {"[]", "no private key"},
	    {"{}", "of type none"},
	    {"{\"kty\":\"oct\",\"k\":\"AAAA\"}", "of type oct"},
	    {"{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"AA\",\"y\":\"AA\",\"d\":\"AA\"}", "of curve P-521"},
	    {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key"},
	};
	struct err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_null(foreign_key_parse(bad[i].text, strlen(bad[i].text), &e));
		assert_told(&e, bad[i].told);
	}
	char *most = xcalloc(1, 70000);
	memset(most, '{', 69999);
	assert_null(foreign_key_parse(most, 69999, &e));
	assert_told(&e, "is longer than");
	free(most);
}

static struct folder keys_in(const char *path)
{
	struct folder top;
	struct err e;

	assert_ok(folder_open(&top, NULL, path, &e), &e);
	return top;
}

TEST(test_account_key_is_made_once)
{
	char *path = temp_make();
	struct folder keys = keys_in(path), again = keys_in(path);
	struct err e;
	struct account *a = account_open(&keys, "le", DIRECTORY, &e), *b;
	struct stat st;

	assert_non_null(a);
	assert_int_equal(fstatat(keys.fd, "le.pem", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	folder_close(&keys); /* drops the lock */
	b = account_open(&again, "le", DIRECTORY, &e);
	assert_string_equal(a->thumbprint, b->thumbprint);
	assert_string_equal(b->origin, "ca.test:443");
	account_free(a);
	account_free(b);
	folder_close(&again);
	temp_drop(path);
}

/* Nothing is written before it is to be kept, and no other key is replaced. */
TEST(test_imported_key_is_kept)
{
	char *path = temp_make();
	struct folder keys = keys_in(path);
	struct err e = {""};
	EVP_PKEY *key = key_make("p384", &e), *other = key_make("p256", &e);
	char *pem = key_pem(key), *other_pem = key_pem(other);
	struct account *a = account_import(&keys, "le", DIRECTORY, pem, &e), *b;

	assert_ok(a, &e);
	assert_false(folder_has(&keys, "le.pem", &e));
	for (int i = 0; i < 2; i++) /* as after a kill */
		assert_ok(account_keep(&keys, a, &e), &e);
	b = account_open(&keys, "le", DIRECTORY, &e);
	assert_ok(b, &e);
	assert_string_equal(b->thumbprint, a->thumbprint);
	account_free(b);
	b = account_import(&keys, "le", DIRECTORY, pem, &e);
	assert_ok(b, &e);
	account_free(b);
	assert_null(account_import(&keys, "le", DIRECTORY, other_pem, &e));
	assert_told(&e, "has another key already");
	account_free(a);
	folder_close(&keys);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	mem_wipe_free(pem);
	mem_wipe_free(other_pem);
	temp_drop(path);
}

TEST(test_damaged_account_key_is_not_replaced)
{
	char *path = temp_make();
	struct folder keys = keys_in(path);
	struct err e;
	size_t n;
	char *text;

	assert_ok(file_write(&keys, "le.pem", 0600, "damaged", 7, &e), &e);
	assert_null(account_open(&keys, "le", DIRECTORY, &e));
	assert_told(&e, "le.pem: holds no private key");
	text = file_read(&keys, "le.pem", 100, &n, &e);
	assert_string_equal(text, "damaged");
	free(text);
	assert_int_equal(unlinkat(keys.fd, "le.pem", 0), 0);
	assert_int_equal(symlinkat("/etc/passwd", keys.fd, "le.pem"), 0);
	assert_null(account_open(&keys, "le", DIRECTORY, &e));
	folder_close(&keys);
	temp_drop(path);
}

static json_t *sign_at(const struct account *a, const char *url, const char *nonce, const char *kid,
                       struct err *e)
{
	return jws_sign(a, &(struct jws){.url = url, .nonce = nonce, .payload = "{}", .kid = kid}, e);
}

TEST(test_signature_covers_header_and_payload)
{
	struct err e;
	struct account *a = account_new(rfc7515_key(), "a", DIRECTORY, &e);
	json_t *jws = sign_at(a, "https://ca.test/x?y=1", "n0nce", NULL, &e);
	const char *header, *payload, *signature;
	unsigned char *raw;
	char *input;
	size_t n;

	assert_non_null(jws);
	assert_int_equal(json_object_size(jws), 3);
	assert_int_equal(json_unpack(jws, "{s:s, s:s, s:s}", "protected", &header, "payload", &payload,
	                             "signature", &signature),
	                 0);
	assert_string_equal(payload, "e30");
	input = xasprintf("%s.%s", header, payload);
	raw = b64url_decode(signature, &n);
	assert_true(verified(a->key, input, raw, n));
	free(raw);
	free(input);
	json_decref(jws);
	account_free(a);
}

TEST(test_signatures_stay_at_their_ca)
{
	static const struct {
		const char *url, *nonce, *kid;
	} bad[] = {
	    {"http://ca.test/x", "n", NULL},
	    {"https://ca.test:444/x", "n", NULL},
	    {"https://ca.test.evil.test/x", "n", NULL},
	    {"https://ca.test@evil.test/x", "n", NULL},
	    {"https://evil.test/https://ca.test/", "n", NULL},
	    {"https://ca.test\\@evil.test/x", "n", NULL},
	    {"https://ca.test/x y", "n", NULL},
	    {"https://ca.test/x\n", "n", NULL},
	    {"https://", "n", NULL},
	    {"https://ca.test/x", "", NULL},
	    {"https://ca.test/x", "a\"b", NULL},
	    {"https://ca.test/x", "n", "https://evil.test/acct/1"},
	    {"https://ca.test/x", "n", "1"},
	};
	struct err e;
	struct account *a = account_new(rfc7515_key(), "a", DIRECTORY, &e);
	json_t *good = sign_at(a, "https://ca.test:443/x", "n", "https://Ca.test/acct/1", &e);

	assert_non_null(good);
	json_decref(good);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (sign_at(a, bad[i].url, bad[i].nonce, bad[i].kid, &e))
			fail_msg("signed for %s", bad[i].url);
	account_free(a);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
