#include "config.h"

#include "keeper/bind.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "common/b64.h"
#include "common/mem.h"
#include "keeper/jws.h"

/* What CAs hand out is base64url; some portals show it padded or in the other alphabet. */
static uint8_t *key_octets(const char *text, size_t *n)
{
	char *plain = xstrdup(text);
	size_t length = strlen(plain);
	uint8_t *octets;

	while (length > 0 && plain[length - 1] == '=')
		plain[--length] = '\0';
	for (char *c = plain; *c; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	octets = b64url_decode(plain, n);
	mem_wipe_free(plain);
	return octets;
}

static char *encoded(json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT), *out = b64url_encode(text, strlen(text));

	free(text);
	return out;
}

json_t *bind_sign(const struct account *a, const char *kid, const char *key, const char *url, struct err *e)
{
	json_t *header, *jws;
	unsigned char mac[EVP_MAX_MD_SIZE];
	char *protected, *payload, *input, *signature;
	unsigned mac_length;
	uint8_t *octets;
	size_t n;

	if (!jws_url_ok(a, "url", url, e))
		return NULL;
	octets = key_octets(key, &n);
	if (!octets || n == 0) {
		free(octets);
		err_set(e, "eab_key of account %s is not base64url; copy it from the CA's page once more",
		        a->name);
		return NULL;
	}
	header = json_pack("{s:s, s:s, s:s}", "alg", "HS256", "kid", kid, "url", url);
	protected = encoded(header);
	payload = encoded(a->jwk);
	input = xasprintf("%s.%s", protected, payload);
	HMAC(EVP_sha256(), octets, (int)n, (unsigned char *)input, strlen(input), mac, &mac_length);
	signature = b64url_encode(mac, mac_length);
	jws =
	    json_pack("{s:s, s:s, s:s}", "protected", protected, "payload", payload, "signature", signature);
	mem_wipe(octets, n);
	free(octets);
	free(signature);
	free(input);
	free(payload);
	free(protected);
	json_decref(header);
	return jws;
}
