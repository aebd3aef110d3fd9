#include "config.h"

#include "launcher/store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/stamp.h"

/* The ID comes from the engine. */
static bool is_plain(const char *id)
{
	return *id && *id != '.' && !strchr(id, '/');
}

bool store_differs(const char *state, const char *id, const char *stamp)
{
	char *path = xasprintf("%s/certs/%s", state, id), *now = NULL;
	int folder = is_plain(id) ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (folder >= 0) {
		now = stamp_pair(folder);
		close(folder);
	}
	bool differs = !now || strcmp(now, stamp) != 0;
	free(now);
	free(path);
	return differs;
}
