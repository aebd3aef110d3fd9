#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/csr.h"
#include "keeper/file.h"
#include "keeper/key.h"
#include "keeper/stage.h"

#define KEY_FILE_MOST 16384
#define CSR_FILE_MOST 262144

bool stage_tag_ok(const char *text)
{
	size_t n = strlen(text);

	return n >= 1 && n <= 64 && strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz-") == n;
}

char *stage_name(const char *order)
{
	return xasprintf(".new-%s", order);
}

EVP_PKEY *stage_key(const struct folder *stage, char **pem, struct err *e)
{
	size_t n;
	char *text = file_read(stage, "privkey.pem", KEY_FILE_MOST, &n, e);
	EVP_PKEY *key = text ? key_parse(text, n, e) : NULL;

	if (text && !key)
		err_prefix(e, "%s/privkey.pem", stage->path);
	if (key && pem)
		*pem = text;
	else
		mem_wipe_free(text);
	return key;
}

bool stage_key_lost(const struct folder *stage)
{
	struct err e;

	return !folder_has(stage, "privkey.pem", &e) && !e.text[0];
}

static bool save_request(const struct folder *stage, EVP_PKEY *key, const struct csr_names *names, char **csr,
                         struct err *e)
{
	char *text = csr_make(key, names, e);

	if (text && file_replace(stage, "request.csr", 0600, text, strlen(text), e) &&
	    folder_sync(stage, e)) {
		*csr = text;
		return true;
	}
	free(text);
	return false;
}

static bool find_request(const struct folder *stage, EVP_PKEY *key, const struct csr_names *names, char **csr,
                         struct err *e)
{
	char *text = NULL;
	size_t n;

	if (folder_has(stage, "request.csr", e))
		text = file_read(stage, "request.csr", CSR_FILE_MOST, &n, e);
	if (text && csr_matches(text, key, names)) {
		*csr = text;
		return true;
	}
	free(text);
	return save_request(stage, key, names, csr, e);
}

static bool find_in(const struct folder *stage, const char *type, const struct csr_names *names, char **csr,
                    struct err *e)
{
	EVP_PKEY *key;
	bool ok;

	if (!folder_has(stage, "privkey.pem", e))
		return e->text[0] == '\0';
	key = stage_key(stage, NULL, e);
	if (!key)
		return false;
	if (strcmp(key_type(key), type) != 0)
		ok = err_set(e, "%s: has a key of type %s already", stage->path, key_type(key));
	else
		ok = find_request(stage, key, names, csr, e);
	EVP_PKEY_free(key);
	return ok;
}

bool stage_find(const struct folder *cert, const char *order, const char *type, const struct csr_names *names,
                char **csr, struct err *e)
{
	char *name = stage_name(order);
	struct folder stage = FOLDER_NONE;
	bool ok;

	*csr = NULL;
	if (!folder_has(cert, name, e))
		ok = e->text[0] == '\0';
	else
		ok = folder_open(&stage, cert, name, e) && folder_sync(&stage, e) && folder_sync(cert, e) &&
		     find_in(&stage, type, names, csr, e);
	folder_close(&stage);
	free(name);
	return ok;
}

bool stage_save(const struct folder *cert, const char *order, EVP_PKEY *key, const struct csr_names *names,
                char **csr, struct err *e)
{
	char *name = stage_name(order), *pem = key_pem(key);
	struct folder stage = FOLDER_NONE;
	bool ok = pem && folder_make(&stage, cert, name, 0711, e) &&
	          file_replace(&stage, "privkey.pem", 0600, pem, strlen(pem), e) &&
	          save_request(&stage, key, names, csr, e);

	if (!pem)
		err_set(e, "OpenSSL could not write the key as text");
	folder_close(&stage);
	mem_wipe_free(pem);
	free(name);
	return ok;
}
