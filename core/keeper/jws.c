#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/b64.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/url.h"
#include "keeper/jws.h"
#include "keeper/key.h"

#define NONCE_MOST 512

bool jws_url_ok(const struct account *a, const char *what, const char *url, struct err *e)
{
	char *origin = url_authority(url), *text = str_printable(url, 200);
	bool ok = origin && strcmp(origin, a->origin) == 0 && url_path_plain(url);

	if (!origin)
		err_set(e, "not signed: %s '%s' is not a plain https URL", what, text);
	else if (strcmp(origin, a->origin) != 0)
		err_set(e, "not signed: %s '%s' is not at %s, the CA of account %s", what, text, a->origin,
		        a->name);
	else if (!ok)
		err_set(e, "not signed: %s '%s' has a path that servers may read in more than one way", what,
		        text);
	free(text);
	free(origin);
	return ok;
}

static json_t *header_of(const struct account *a, const struct jws *j)
{
	json_t *header =
	    json_pack("{s:s, s:s*, s:s}", "alg", key_alg(a->key), "nonce", j->nonce, "url", j->url);

	if (j->kid)
		json_object_set_new(header, "kid", json_string(j->kid));
	else
		json_object_set(header, "jwk", a->jwk);
	return header;
}

static char *encoded(const json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT), *out = b64url_encode(text, strlen(text));

	free(text);
	return out;
}

/* The URLs have been looked at. */
static json_t *flattened(const struct account *a, const struct jws *j, struct err *e)
{
	json_t *out = NULL, *object = header_of(a, j);
	char *header = encoded(object), *payload = b64url_encode(j->payload, strlen(j->payload));
	char *input = xasprintf("%s.%s", header, payload), *signature;
	size_t n;
	unsigned char *bytes = key_sign(a->key, input, strlen(input), &n, e);

	if (bytes) {
		signature = b64url_encode(bytes, n);
		out = json_pack("{s:s, s:s, s:s}", "protected", header, "payload", payload, "signature",
		                signature);
		free(signature);
	}
	json_decref(object);
	free_all(bytes, input, payload, header);
	return out;
}

json_t *jws_sign(const struct account *a, const struct jws *j, struct err *e)
{
	if (!str_is_b64url(j->nonce, 1, NONCE_MOST)) {
		err_set(e, "the nonce is not 1 to %d characters of base64url", NONCE_MOST);
		return NULL;
	}
	if (!jws_url_ok(a, "url", j->url, e) || (j->kid && !jws_url_ok(a, "kid", j->kid, e)))
		return NULL;
	return flattened(a, j, e);
}

json_t *jws_sign_inner(const struct account *a, const char *url, const char *payload, struct err *e)
{
	return jws_url_ok(a, "url", url, e) ? flattened(a, &(struct jws){.url = url, .payload = payload}, e)
	                                    : NULL;
}
