#include "key.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

enum { P256_HALF = 32, RSA_LEAST_BITS = 1024 };

struct key {
	EVP_PKEY *pkey;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static int passphrase_give(char *to, int room, int writing, void *arg)
{
	const char *passphrase = arg;
	size_t n = passphrase ? strlen(passphrase) : 0;

	if (!passphrase || n > (size_t)room)
		return -1;
	memcpy(to, passphrase, n);
	return (int)n;
}

static const char *trouble(EVP_PKEY *pkey, bool encrypted, const char *passphrase)
{
	if (!pkey && encrypted)
		return passphrase ? "cannot be decrypted with the passphrase given"
		                  : "is encrypted and no passphrase was given";
	if (!pkey)
		return "holds no private key in PEM (-----BEGIN PRIVATE KEY-----)";
	if (EVP_PKEY_is_a(pkey, "RSA"))
		return EVP_PKEY_get_bits(pkey) < RSA_LEAST_BITS ? "is an RSA key that is too short" : NULL;
	return EVP_PKEY_is_a(pkey, "EC") && EVP_PKEY_get_bits(pkey) == 8 * P256_HALF
	           ? NULL
	           : "is neither an RSA key nor one on the curve P-256";
}

struct key *key_parse(const char *pem, const char *passphrase, const char **why)
{
	BIO *bio = must(BIO_new_mem_buf(pem, -1));
	EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, passphrase_give, (void *)(size_t)passphrase);
	struct key *key = NULL;

	*why = trouble(pkey, strstr(pem, "ENCRYPTED") != NULL, passphrase);
	if (*why) {
		EVP_PKEY_free(pkey);
	} else {
		key = must(malloc(sizeof(*key)));
		key->pkey = pkey;
	}
	BIO_free(bio);
	ERR_clear_error();
	return key;
}

void key_free(struct key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

bool key_is_rsa(const struct key *key)
{
	return EVP_PKEY_is_a(key->pkey, "RSA");
}

/* RFC 7518 section 3.4: r and s, each 32 octets. */
static unsigned char *raw_of(const unsigned char *der, size_t n, size_t *length)
{
	ECDSA_SIG *pair = must(d2i_ECDSA_SIG(NULL, &der, (long)n));
	unsigned char *raw = must(malloc(2 * P256_HALF));

	if (BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, P256_HALF) < 0 ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + P256_HALF, P256_HALF) < 0)
		abort();
	ECDSA_SIG_free(pair);
	*length = 2 * P256_HALF;
	return raw;
}

static unsigned char *signature_make(EVP_MD_CTX *md, const void *bytes, size_t n, size_t *length)
{
	unsigned char *signature;

	if (EVP_DigestSign(md, NULL, length, bytes, n) != 1)
		return NULL;
	signature = must(malloc(*length));
	if (EVP_DigestSign(md, signature, length, bytes, n) == 1)
		return signature;
	free(signature);
	return NULL;
}

unsigned char *key_sign(const struct key *key, enum key_scheme scheme, const void *bytes, size_t n,
                        size_t *length)
{
	const EVP_MD *hash = scheme == KEY_RS512 ? EVP_sha512() : EVP_sha256();
	EVP_MD_CTX *md = must(EVP_MD_CTX_new());
	unsigned char *signature = NULL, *der;
	EVP_PKEY_CTX *context;

	if (key_is_rsa(key) != (scheme != KEY_ES256) ||
	    EVP_DigestSignInit(md, &context, hash, NULL, key->pkey) != 1)
		goto out;
	if (scheme == KEY_PS256 && (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
	                            EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1))
		goto out;
	signature = signature_make(md, bytes, n, length);
	if (signature && scheme == KEY_ES256) {
		der = signature;
		signature = raw_of(der, *length, length);
		free(der);
	}
out:
	EVP_MD_CTX_free(md);
	ERR_clear_error();
	return signature;
}

unsigned char *key_public(const struct key *key, size_t *length)
{
	unsigned char *der = NULL, *copy;
	int n = i2d_PUBKEY(key->pkey, &der);

	if (n <= 0)
		abort();
	copy = must(malloc((size_t)n));
	memcpy(copy, der, (size_t)n);
	OPENSSL_free(der);
	*length = (size_t)n;
	return copy;
}

static unsigned char *der_of(X509 *certificate, size_t *length)
{
	unsigned char *der = NULL, *copy;
	int n = i2d_X509(certificate, &der);

	if (n <= 0)
		return NULL;
	copy = must(malloc((size_t)n));
	memcpy(copy, der, (size_t)n);
	OPENSSL_free(der);
	*length = (size_t)n;
	return copy;
}

unsigned char *key_certificate(const struct key *key, const char *pem, size_t *length)
{
	BIO *bio = must(BIO_new_mem_buf(pem, -1));
	unsigned char *der = NULL;
	X509 *certificate;

	while (!der && (certificate = PEM_read_bio_X509(bio, NULL, passphrase_give, NULL))) {
		if (X509_check_private_key(certificate, key->pkey) == 1)
			der = der_of(certificate, length);
		X509_free(certificate);
	}
	BIO_free(bio);
	ERR_clear_error();
	return der;
}
