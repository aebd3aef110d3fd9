#include "config.h"

#include "keeper/rollover.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/file.h"
#include "keeper/jws.h"
#include "keeper/key.h"

#define KEY_FILE_MOST 65536

static char *next_file(const char *name)
{
	return xasprintf("%s.pem.next", name);
}

struct account *rollover_next(const struct folder *keys, const char *name, const char *directory,
                              struct err *e)
{
	char *file = next_file(name);
	EVP_PKEY *key = folder_has(keys, file, e) ? account_key(keys, file, e) : NULL;

	free(file);
	return key ? account_new(key, name, directory, e) : NULL;
}

static bool key_save(const struct folder *keys, const char *name, EVP_PKEY *key, struct err *e)
{
	char *file = next_file(name), *pem = key_pem(key);
	bool there = folder_has(keys, file, e);
	bool ok =
	    !there && pem && file_replace(keys, file, 0600, pem, strlen(pem), e) && folder_sync(keys, e);

	if (there)
		err_set(e, "account %s has a next key already; it is to be asked for first", name);
	mem_wipe_free(pem);
	free(file);
	return ok;
}

json_t *rollover_begin(const struct folder *keys, const struct account *now, const char *directory,
                       const char *kid, const char *url, struct err *e)
{
	EVP_PKEY *key = key_make(key_type(now->key), e);
	struct account *next = NULL;
	json_t *payload = json_pack("{s:s, s:O}", "account", kid, "oldKey", now->jwk), *jws = NULL;
	char *text = json_dumps(payload, JSON_COMPACT);

	if (key && key_save(keys, now->name, key, e))
		next = account_new(key, now->name, directory, e);
	else
		EVP_PKEY_free(key);
	if (next)
		jws = jws_sign_inner(next, url, text, e);
	account_free(next);
	json_decref(payload);
	free(text);
	return jws;
}

/* The copy is durable before the original goes. */
static bool move_over(const struct folder *keys, const char *from, const char *to, struct err *e)
{
	size_t n;
	char *pem = file_read(keys, from, KEY_FILE_MOST, &n, e);
	bool ok = pem && file_replace(keys, to, 0600, pem, n, e) && folder_sync(keys, e);

	mem_wipe_free(pem);
	return ok;
}

bool rollover_end(const struct folder *keys, const char *name, bool took_over, struct err *e)
{
	char *next = next_file(name), *now = xasprintf("%s.pem", name), *old = xasprintf("%s.old", now);
	char *unused = xasprintf("%s.unused", now);
	bool there = folder_has(keys, next, e), ok = there || !e->text[0];

	if (there)
		ok = (!took_over || move_over(keys, now, old, e)) &&
		     move_over(keys, next, took_over ? now : unused, e) && file_drop(keys, next, e) &&
		     folder_sync(keys, e);
	free_all(next, now, old, unused);
	return ok;
}
