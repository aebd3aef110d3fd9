#include "config.h"

#include "keeper/foreign_key.h"

#include <jansson.h>
#include <openssl/err.h>
#include <string.h>

#include "keeper/jwk.h"
#include "keeper/key.h"

#define TEXT_MOST 65536

/* A broken key would be refused by the CA only after it has been put in the place of a good one. */
static bool is_sound(EVP_PKEY *key, struct err *e)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	bool sound = context && EVP_PKEY_check(context) == 1;

	EVP_PKEY_CTX_free(context);
	ERR_clear_error();
	return sound || err_set(e, "the key is broken: its private and public half do not belong together");
}

static EVP_PKEY *parse_jwk(const char *text, size_t n, struct err *e)
{
	json_t *jwk = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	EVP_PKEY *key = jwk ? jwk_private(jwk, e) : NULL;

	if (!jwk)
		err_set(e, "holds neither a private key in PEM form without password nor a JWK");
	json_decref(jwk);
	if (!key || key_type(key))
		return key;
	EVP_PKEY_free(key);
	err_set(e, "the key is neither P-256, P-384 nor RSA of 2048, 3072 or 4096 bits");
	return NULL;
}

EVP_PKEY *foreign_key_parse(const char *text, size_t n, struct err *e)
{
	size_t blank = strspn(text, " \t\r\n");
	EVP_PKEY *key = NULL;

	if (n > TEXT_MOST)
		err_set(e, "is longer than %d octets; is it a key?", TEXT_MOST);
	else
		key = text[blank] == '{' ? parse_jwk(text, n, e) : key_parse(text, n, e);
	if (!key || is_sound(key, e))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}
