#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/url.h"
#include "keeper/account.h"
#include "keeper/file.h"
#include "keeper/foreign_key.h"
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

static bool key_write(const struct folder *keys, const char *file, const EVP_PKEY *key, struct err *e)
{
	char *pem = key_pem(key);
	bool ok = pem && file_replace(keys, file, 0600, pem, strlen(pem), e) && folder_sync(keys, e);

	mem_wipe_free(pem);
	return ok;
}

static EVP_PKEY *key_create(const struct folder *keys, const char *file, struct err *e)
{
	EVP_PKEY *key = key_make("p256", e);

	if (key && key_write(keys, file, key, e))
		return key;
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

typedef EVP_PKEY *key_fn(const struct folder *keys, const char *file, struct err *e);

static struct account *account_by(key_fn *key_of, const struct folder *keys, const char *name,
                                  const char *directory, struct err *e)
{
	char *file = xasprintf("%s.pem", name);
	EVP_PKEY *key = key_of(keys, file, e);

	free(file);
	return key ? account_new(key, name, directory, e) : NULL;
}

struct account *account_open(const struct folder *keys, const char *name, const char *directory,
                             struct err *e)
{
	return account_by(key_load_or_create, keys, name, directory, e);
}

struct account *account_load(const struct folder *keys, const char *name, const char *directory,
                             struct err *e)
{
	return account_by(account_key, keys, name, directory, e);
}

/* Is the account's key, if it has one, this one? *there: it has. */
static bool key_is_free(const struct folder *keys, const char *name, const EVP_PKEY *key, bool *there,
                        struct err *e)
{
	char *file = xasprintf("%s.pem", name);

	*there = folder_has(keys, file, e);
	EVP_PKEY *now = *there ? account_key(keys, file, e) : NULL;
	bool ok = *there ? now && EVP_PKEY_eq(now, key) == 1 : !e->text[0];
	if (now && !ok)
		err_set(e,
		        "the account has another key already. To put this one in its place, end that account "
		        "first: dnsproof ca deactivate %s; to have both, give this one another name in the "
		        "configuration",
		        name);
	EVP_PKEY_free(now);
	free(file);
	return ok;
}

struct account *account_import(const struct folder *keys, const char *name, const char *directory,
                               const char *text, struct err *e)
{
	EVP_PKEY *key = foreign_key_parse(text, strlen(text), e);
	bool there;

	if (key && folder_lock(keys, e) && key_is_free(keys, name, key, &there, e))
		return account_new(key, name, directory, e);
	EVP_PKEY_free(key);
	return NULL;
}

bool account_keep(const struct folder *keys, const struct account *a, struct err *e)
{
	char *file = xasprintf("%s.pem", a->name);
	bool there = false, ok = folder_lock(keys, e) && key_is_free(keys, a->name, a->key, &there, e) &&
	                         (there ? folder_sync(keys, e) : key_write(keys, file, a->key, e));

	free(file);
	return ok;
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
