#include "config.h"

#include <assert.h>
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/key.h"

static const struct key_kind {
	const char *type, *curve, *alg;
	int bits;
} kinds[] = {
    {"p256", "P-256", "ES256", 256},  {"p384", "P-384", "ES384", 384},  {"rsa2048", NULL, "RS256", 2048},
    {"rsa3072", NULL, "RS256", 3072}, {"rsa4096", NULL, "RS256", 4096},
};

static const struct key_kind *kind_named(const char *type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return &kinds[i];
	return NULL;
}

static bool curve_is(const EVP_PKEY *key, int bits)
{
	char name[64];
	size_t n;

	return EVP_PKEY_get_group_name((EVP_PKEY *)key, name, sizeof(name), &n) == 1 &&
	       strcmp(name, bits == 256 ? "prime256v1" : "secp384r1") == 0;
}

static const struct key_kind *kind_of(const EVP_PKEY *key)
{
	bool ec = EVP_PKEY_is_a(key, "EC");

	if (!ec && !EVP_PKEY_is_a(key, "RSA"))
		return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (ec == (kinds[i].curve != NULL) && EVP_PKEY_get_bits(key) == kinds[i].bits &&
		    (!ec || curve_is(key, kinds[i].bits)))
			return &kinds[i];
	return NULL;
}

/* Of a key that key_make() or key_parse() gave. */
static const struct key_kind *kind_of_ours(const EVP_PKEY *key)
{
	const struct key_kind *kind = kind_of(key);

	assert(kind);
	return kind;
}

bool key_type_known(const char *type)
{
	return kind_named(type) != NULL;
}

bool key_type_slow(const char *type)
{
	const struct key_kind *kind = kind_named(type);

	return kind && !kind->curve;
}

const char *key_type(const EVP_PKEY *key)
{
	const struct key_kind *kind = kind_of(key);

	return kind ? kind->type : NULL;
}

EVP_PKEY *key_make(const char *type, struct err *e)
{
	const struct key_kind *kind = kind_named(type);
	EVP_PKEY *key = NULL;

	if (!kind)
		err_set(e, "unknown key type '%.50s'; known: p256 p384 rsa2048 rsa3072 rsa4096", type);
	else if (kind->curve)
		key = EVP_EC_gen(kind->curve);
	else
		key = EVP_RSA_gen((unsigned)kind->bits);
	if (kind && !key)
		err_set(e, "OpenSSL could not make a %s key", type);
	return key;
}

char *key_pem(const EVP_PKEY *key)
{
	BIO *out = BIO_new(BIO_s_secmem());
	char *text = NULL, *data;
	long n;

	if (out && PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1) {
		n = BIO_get_mem_data(out, &data);
		text = xstrndup(data, (size_t)n);
	}
	BIO_free(out);
	return text;
}

static int no_password(char *text, int size, int writing, void *arg)
{
	return -1;
}

/* Made once a process: to make one asks every provider of OpenSSL for every decoder it has, which takes six times as
 * long as to read a key. What it has read last lies in `decoded` until it is taken. */
static EVP_PKEY *decoded;
static OSSL_DECODER_CTX *decoder;

static bool decoder_made(void)
{
	if (!decoder)
		decoder =
		    OSSL_DECODER_CTX_new_for_pkey(&decoded, "PEM", NULL, NULL, EVP_PKEY_KEYPAIR, NULL, NULL);
	return decoder && OSSL_DECODER_CTX_set_pem_password_cb(decoder, no_password, NULL) == 1;
}

/* The first block of `in`, if it is a key: all there is in each file of our own. */
static EVP_PKEY *decode(BIO *in)
{
	EVP_PKEY *key;

	if (!decoder_made())
		return NULL;
	OSSL_DECODER_from_bio(decoder, in);
	key = decoded;
	decoded = NULL;
	return key;
}

EVP_PKEY *key_parse(const char *pem, size_t n, struct err *e)
{
	BIO *in = n <= INT_MAX ? BIO_new_mem_buf(pem, (int)n) : NULL;
	EVP_PKEY *key = in ? decode(in) : NULL;

	/* Keys of others may stand behind another block, such as the parameters that openssl-ecparam writes. */
	if (in && !key && BIO_reset(in) == 1)
		key = PEM_read_bio_PrivateKey(in, NULL, no_password, NULL);
	BIO_free(in);
	ERR_clear_error();
	if (key && kind_of(key))
		return key;
	err_set(e, key ? "the key is neither P-256, P-384 nor RSA of 2048, 3072 or 4096 bits"
	               : "holds no private key in PEM form without password");
	EVP_PKEY_free(key);
	return NULL;
}

const char *key_alg(const EVP_PKEY *key)
{
	return kind_of_ours(key)->alg;
}

const EVP_MD *key_hash(const EVP_PKEY *key)
{
	return strcmp(key_alg(key), "ES384") == 0 ? EVP_sha384() : EVP_sha256();
}

static unsigned char *fixed_length(const unsigned char *der, size_t n, int half, size_t *length)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	unsigned char *out = NULL;

	if (!sig)
		return NULL;
	out = xcalloc(2, (size_t)half);
	*length = 2 * (size_t)half;
	if (BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, half) != half ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + half, half) != half) {
		free(out);
		out = NULL;
	}
	ECDSA_SIG_free(sig);
	return out;
}

static unsigned char *sign_plain(EVP_PKEY *key, const void *bytes, size_t n, size_t *length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char *out = xcalloc(1, (size_t)EVP_PKEY_get_size(key));

	*length = (size_t)EVP_PKEY_get_size(key);
	if (EVP_DigestSignInit(context, NULL, key_hash(key), NULL, key) != 1 ||
	    EVP_DigestSign(context, out, length, bytes, n) != 1) {
		free(out);
		out = NULL;
	}
	EVP_MD_CTX_free(context);
	return out;
}

unsigned char *key_sign(EVP_PKEY *key, const void *bytes, size_t n, size_t *length, struct err *e)
{
	const struct key_kind *kind = kind_of_ours(key);
	unsigned char *plain = sign_plain(key, bytes, n, length), *out = plain;

	if (plain && kind->curve) {
		out = fixed_length(plain, *length, kind->bits / 8, length);
		free(plain);
	}
	if (!out)
		err_set(e, "OpenSSL could not sign with a %s key", kind->type);
	return out;
}
