#include "config.h"

#include "launcher/accounts_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/mem.h"

bool accounts_lock(const char *state, bool alone, int *lock, struct err *e)
{
	char *folder = xasprintf("%s/ca", state);
	*lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = *lock < 0 || flock(*lock, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0;
	if (!ok && errno != EWOULDBLOCK)
		err_set(e, "%s: %s", folder, strerror(errno));
	else if (!ok)
		err_set(e, alone ? "another dnsproof command is at work with the accounts; type this again "
		                   "when it has ended"
		                 : "another dnsproof command renames an account; type this again when it has "
		                   "ended");
	if (!ok) {
		close(*lock);
		*lock = -1;
	}
	free(folder);
	return ok;
}
