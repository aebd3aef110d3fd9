#include "config.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
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
