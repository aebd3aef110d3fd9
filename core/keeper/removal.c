#include "config.h"

#include "keeper/removal.h"

#include <fcntl.h>
#include <unistd.h>

#include "keeper/file.h"
#include "keeper/folder.h"
#include "keeper/store.h"

struct emptying {
	const struct folder *folder;
	bool ok;
	struct err *e;
};

static void remove_entry(void *arg, const char *name)
{
	struct emptying *r = arg;
	struct err ignored;

	r->ok = r->ok && (file_drop(r->folder, name, &ignored) || folder_remove(r->folder, name, r->e));
}

/* Readers lose the link first, so that none sees half a pair. */
static bool delete_all(const struct folder *certs, const char *id, const struct folder *cert, struct err *e)
{
	struct emptying r = {.folder = cert, .ok = true, .e = e};

	return file_drop(cert, "live", e) && folder_each(cert, remove_entry, &r, e) && r.ok &&
	       (unlinkat(certs->fd, id, AT_REMOVEDIR) == 0 || folder_error(certs, id, e));
}

static bool archive_all(const struct folder *top, const struct folder *certs, const char *id,
                        const char *name, struct err *e)
{
	struct folder archive = FOLDER_NONE;
	bool ok = folder_make(&archive, top, "archive", 0700, e) &&
	          folder_move_to(certs, id, &archive, name, e) && folder_sync(&archive, e);

	folder_close(&archive);
	return ok;
}

bool removal_run(const char *state, const char *id, const char *archive, struct err *e)
{
	struct folder top = FOLDER_NONE, certs = FOLDER_NONE, cert = FOLDER_NONE;
	bool ok = store_cert_if_any(state, id, &cert, e);

	if (ok && cert.fd >= 0)
		ok = folder_open(&top, NULL, state, e) && folder_open(&certs, &top, "certs", e) &&
		     (archive ? archive_all(&top, &certs, id, archive, e)
		              : delete_all(&certs, id, &cert, e)) &&
		     folder_sync(&certs, e);
	folder_close(&cert);
	folder_close(&certs);
	folder_close(&top);
	return ok;
}
