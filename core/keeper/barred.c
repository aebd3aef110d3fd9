#include "config.h"

#include "keeper/barred.h"

#include <openssl/x509.h>
#include <stdlib.h>

#include "common/b64.h"
#include "common/mem.h"
#include "keeper/file.h"
#include "keeper/store.h"

/* New string; NULL with e. */
static char *name_of(EVP_PKEY *key, struct err *e)
{
	unsigned char digest[EVP_MAX_MD_SIZE], *der = NULL;
	int n = i2d_PUBKEY(key, &der);
	unsigned length = 0;
	char *name = NULL;

	if (n > 0 && EVP_Digest(der, (size_t)n, digest, &length, EVP_sha256(), NULL) == 1)
		name = hex_encode(digest, length);
	else
		err_set(e, "OpenSSL could not write the public key");
	OPENSSL_free(der);
	return name;
}

bool barred_add(const char *state, EVP_PKEY *key, struct err *e)
{
	struct folder keys = FOLDER_NONE, barred = FOLDER_NONE;
	char *name = name_of(key, e);
	bool ok = name && store_keys(state, &keys, e) && folder_make(&barred, &keys, "barred", 0700, e) &&
	          file_replace(&barred, name, 0600, "", 0, e) && folder_sync(&barred, e);

	folder_close(&barred);
	folder_close(&keys);
	free(name);
	return ok;
}

bool barred_check(const char *state, EVP_PKEY *key, struct err *e)
{
	struct folder keys = FOLDER_NONE, barred = FOLDER_NONE;
	char *name = name_of(key, e);
	bool ok = name && store_keys(state, &keys, e), there = false;

	if (ok && folder_has(&keys, "barred", e))
		there = folder_open(&barred, &keys, "barred", e) && folder_has(&barred, name, e);
	ok = ok && !there && !e->text[0];
	if (there)
		err_set(e, "the key was revoked as compromised and is not used again");
	folder_close(&barred);
	folder_close(&keys);
	free(name);
	return ok;
}
