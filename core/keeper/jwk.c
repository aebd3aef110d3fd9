#include "config.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <stdlib.h>
#include <string.h>

#include "common/b64.h"
#include "common/mem.h"
#include "keeper/jwk.h"

/* width 0: as many octets as the number needs */
static json_t *number_json(const EVP_PKEY *key, const char *parameter, int width)
{
	BIGNUM *number = NULL;
	unsigned char *bytes;
	json_t *json = NULL;
	char *text;

	if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1)
		return NULL;
	if (width == 0)
		width = BN_num_bytes(number);
	bytes = xcalloc(1, (size_t)width);
	if (BN_bn2binpad(number, bytes, width) == width) {
		text = b64url_encode(bytes, (size_t)width);
		json = json_string(text);
		free(text);
	}
	free(bytes);
	BN_free(number);
	return json;
}

json_t *jwk_of(const EVP_PKEY *key)
{
	int width = (EVP_PKEY_get_bits(key) + 7) / 8;

	if (EVP_PKEY_is_a(key, "RSA"))
		return json_pack("{s:o, s:s, s:o}", "e", number_json(key, OSSL_PKEY_PARAM_RSA_E, 0), "kty",
		                 "RSA", "n", number_json(key, OSSL_PKEY_PARAM_RSA_N, 0));
	return json_pack("{s:s, s:s, s:o, s:o}", "crv", width == 32 ? "P-256" : "P-384", "kty", "EC", "x",
	                 number_json(key, OSSL_PKEY_PARAM_EC_PUB_X, width), "y",
	                 number_json(key, OSSL_PKEY_PARAM_EC_PUB_Y, width));
}

char *jwk_digest(const char *text)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (EVP_Digest(text, strlen(text), digest, &n, EVP_sha256(), NULL) != 1)
		return xstrdup("");
	return b64url_encode(digest, n);
}

char *jwk_thumbprint(const json_t *jwk)
{
	char *text = json_dumps(jwk, JSON_COMPACT);
	char *thumbprint = jwk_digest(text);

	free(text);
	return thumbprint;
}

#define NUMBER_MOST 512 /* octets: RSA of 4096 bits */

struct member {
	const char *name, *parameter;
};

static const struct member rsa_members[] = {
    {"n", OSSL_PKEY_PARAM_RSA_N},          {"e", OSSL_PKEY_PARAM_RSA_E},
    {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};

/* New memory of *n octets; NULL with e. */
static unsigned char *octets(const json_t *jwk, const char *name, size_t *n, struct err *e)
{
	const char *text = json_string_value(json_object_get(jwk, name));
	unsigned char *bytes = NULL;

	*n = 0;
	if (text && strlen(text) <= (size_t)NUMBER_MOST * 4 / 3 + 3)
		bytes = b64url_decode(text, n);
	if (bytes && *n && *n <= NUMBER_MOST)
		return bytes;
	mem_wipe_free((char *)bytes);
	err_set(e, "the JWK has no \"%s\" that is a number in base64url", name);
	return NULL;
}

/* The parameters keep the number: it is freed with `numbers`, after the key was made. */
static bool push_number(OSSL_PARAM_BLD *to, BIGNUM **number, const json_t *jwk, const struct member *m,
                        struct err *e)
{
	size_t n;
	unsigned char *bytes = octets(jwk, m->name, &n, e);

	if (!bytes)
		return false;
	*number = BN_bin2bn(bytes, (int)n, NULL);
	mem_wipe(bytes, n);
	free(bytes);
	return (*number && OSSL_PARAM_BLD_push_BN(to, m->parameter, *number) == 1) ||
	       err_set(e, "OpenSSL does not take \"%s\" of the JWK", m->name);
}

static EVP_PKEY *made_of(OSSL_PARAM_BLD *from, const char *type, struct err *e)
{
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(from);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (!parameters || !context || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters) != 1)
		err_set(e, "the JWK is not a private key");
	ERR_clear_error();
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(parameters);
	return key;
}

static EVP_PKEY *rsa_private(const json_t *jwk, struct err *e)
{
	enum { MEMBERS = sizeof(rsa_members) / sizeof(*rsa_members) };
	BIGNUM *numbers[MEMBERS] = {NULL};
	OSSL_PARAM_BLD *parameters = OSSL_PARAM_BLD_new();
	bool ok = parameters != NULL;

	for (size_t i = 0; ok && i < MEMBERS; i++)
		ok = push_number(parameters, &numbers[i], jwk, &rsa_members[i], e);
	EVP_PKEY *key = ok ? made_of(parameters, "RSA", e) : NULL;

	OSSL_PARAM_BLD_free(parameters);
	for (size_t i = 0; i < MEMBERS; i++)
		BN_clear_free(numbers[i]);
	return key;
}

/* 4, x, y, each of as many octets as the curve's numbers have; false with e. */
static bool point_read(const json_t *jwk, size_t width, unsigned char *point, struct err *e)
{
	static const char *const names[] = {"x", "y"};
	bool ok = true;

	point[0] = 4;
	for (size_t i = 0; ok && i < 2; i++) {
		size_t n;
		unsigned char *bytes = octets(jwk, names[i], &n, e);

		if (bytes && n == width)
			memcpy(point + 1 + i * width, bytes, width);
		else if (bytes)
			err_set(e, "\"%s\" of the JWK is not of its curve", names[i]);
		ok = bytes && n == width;
		free(bytes);
	}
	return ok;
}

static EVP_PKEY *ec_private(const json_t *jwk, struct err *e)
{
	static const struct member d = {"d", OSSL_PKEY_PARAM_PRIV_KEY};
	const char *curve = json_string_value(json_object_get(jwk, "crv"));
	bool p384 = curve && strcmp(curve, "P-384") == 0;
	size_t width = p384 ? 48 : 32;
	unsigned char point[1 + 2 * 48];
	BIGNUM *number = NULL;
	EVP_PKEY *key = NULL;

	if (!curve || (!p384 && strcmp(curve, "P-256") != 0)) {
		err_set(e, "the JWK is of curve %.20s; known are P-256 and P-384", curve ? curve : "none");
		return NULL;
	}
	OSSL_PARAM_BLD *to = OSSL_PARAM_BLD_new();
	if (to && point_read(jwk, width, point, e) &&
	    OSSL_PARAM_BLD_push_utf8_string(to, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(to, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * width) == 1 &&
	    push_number(to, &number, jwk, &d, e))
		key = made_of(to, "EC", e);
	OSSL_PARAM_BLD_free(to);
	BN_clear_free(number);
	return key;
}

EVP_PKEY *jwk_private(const json_t *jwk, struct err *e)
{
	const char *type = json_string_value(json_object_get(jwk, "kty"));

	if (type && strcmp(type, "RSA") == 0)
		return rsa_private(jwk, e);
	if (type && strcmp(type, "EC") == 0)
		return ec_private(jwk, e);
	err_set(e, "the JWK is of type %.20s; known are RSA and EC", type ? type : "none");
	return NULL;
}
