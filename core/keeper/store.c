#include "config.h"

#include "keeper/store.h"

#define ID_MOST 253

bool store_keys(const char *state, struct folder *keys, struct err *e)
{
	struct folder top;
	bool ok;

	*keys = (struct folder)FOLDER_NONE;
	if (!folder_open(&top, NULL, state, e))
		return false;
	ok = folder_make(keys, &top, "keys", 0700, e);
	folder_close(&top);
	return ok;
}

static bool lock(struct folder *cert, struct err *e)
{
	if (folder_lock(cert, e))
		return true;
	folder_close(cert);
	return false;
}

bool store_cert(const char *state, const char *id, struct folder *cert, struct err *e)
{
	struct folder top = FOLDER_NONE, certs = FOLDER_NONE;
	bool ok;

	*cert = (struct folder)FOLDER_NONE;
	if (!folder_plain(id, ID_MOST))
		return err_set(e, "the certificate's ID is not a plain name");
	ok = folder_open(&top, NULL, state, e) && folder_make(&certs, &top, "certs", 0711, e) &&
	     folder_make(cert, &certs, id, 0711, e) && lock(cert, e);
	folder_close(&certs);
	folder_close(&top);
	return ok;
}

static bool open_if_any(struct folder *f, const struct folder *at, const char *name, struct err *e)
{
	if (!folder_has(at, name, e))
		return e->text[0] == '\0';
	return folder_open(f, at, name, e);
}

bool store_cert_if_any(const char *state, const char *id, struct folder *cert, struct err *e)
{
	struct folder top = FOLDER_NONE, certs = FOLDER_NONE;
	bool ok;

	*cert = (struct folder)FOLDER_NONE;
	if (!folder_plain(id, ID_MOST))
		return err_set(e, "the certificate's ID is not a plain name");
	ok = folder_open(&top, NULL, state, e) && open_if_any(&certs, &top, "certs", e);
	if (ok && certs.fd >= 0)
		ok = open_if_any(cert, &certs, id, e);
	if (ok && cert->fd >= 0)
		ok = lock(cert, e);
	folder_close(&certs);
	folder_close(&top);
	return ok;
}
