#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/url.h"
#include "keeper/account.h"
#include "keeper/file.h"
#include "keeper/jwk.h"
#include "keeper/key.h"

#define KEY_FILE_MOST 65536

EVP_PKEY *account_key(const struct folder *keys, const char *file, struct err *e)
{
	EVP_PKEY *key = NULL;
	size_t n;
	char *pem = file_read(keys, file, KEY_FILE_MOST, &n, e);

	if (!pem)
		return NULL;
	key = key_parse(pem, n, e);
	if (!key)
		err_prefix(e, "%s/%s", keys->path, file);
	mem_wipe_free(pem);
	return key;
}

static EVP_PKEY *key_create(const struct folder *keys, const char *file, struct err *e)
{
	EVP_PKEY *key = key_make("p256", e);
	char *pem = key ? key_pem(key) : NULL;

	if (pem && file_replace(keys, file, 0600, pem, strlen(pem), e) && folder_sync(keys, e)) {
		mem_wipe_free(pem);
		return key;
	}
	mem_wipe_free(pem);
	EVP_PKEY_free(key);
	return NULL;
}

static EVP_PKEY *key_load_or_create(const struct folder *keys, const char *file, struct err *e)
{
	if (!folder_lock(keys, e))
		return NULL;
	if (folder_has(keys, file, e)) /* its maker may have died before it synced */
		return folder_sync(keys, e) ? account_key(keys, file, e) : NULL;
	return e->text[0] ? NULL : key_create(keys, file, e);
}

struct account *account_open(const struct folder *keys, const char *name, const char *directory,
                             struct err *e)
{
	char *file = xasprintf("%s.pem", name);
	EVP_PKEY *key = key_load_or_create(keys, file, e);

	free(file);
	return key ? account_new(key, name, directory, e) : NULL;
}

struct account *account_new(EVP_PKEY *key, const char *name, const char *directory, struct err *e)
{
	struct account *a = xcalloc(1, sizeof(*a));

	a->name = xstrdup(name);
	a->key = key;
	a->origin = url_authority(directory);
	a->jwk = jwk_of(key);
	if (a->origin && a->jwk) {
		a->thumbprint = jwk_thumbprint(a->jwk);
		return a;
	}
	err_set(e, a->origin ? "account %s: the key has no public part" : "account %s: bad directory URL",
	        name);
	account_free(a);
	return NULL;
}

void account_free(struct account *a)
{
	if (!a)
		return;
	EVP_PKEY_free(a->key);
	json_decref(a->jwk);
	free(a->thumbprint);
	free(a->origin);
	free(a->name);
	free(a);
}

char *account_challenge(const struct account *a, const char *token, struct err *e)
{
	char *authorization, *value;

	if (!str_is_b64url(token, 22, 128)) {
		err_set(e, "the token is not 22 to 128 characters of base64url");
		return NULL;
	}
	authorization = xasprintf("%s.%s", token, a->thumbprint);
	value = jwk_digest(authorization);
	free(authorization);
	return value;
}
