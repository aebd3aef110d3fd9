#include "config.h"

#include "launcher/indexed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "launcher/configuration/accepted.h"
#include "launcher/jsonfile.h"

#define FILE_NAME "indexed.json"

/* Files there are replaced by rename, which changes the folder. */
static bool add_folder(uint64_t *h, const char *state, const char *name)
{
	char *path = xasprintf("%s/%s", state, name);
	struct stat st;
	bool ok = stat(path, &st) == 0;
	struct file_stamp s = ok ? file_stamp_of(&st) : (struct file_stamp){0};
	free(path);
	char text[100];
	snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %" PRIu64, s.modified, s.changed, s.inode);
	*h = fnv_text(*h, text);
	return ok && !file_stamp_is_racy(&s, file_stamp_now());
}

char *indexed_stamp(const char *state, const char *path)
{
	char *configuration = configuration_unchanged(state, path);
	uint64_t h = fnv_text(fnv_text(FNV_START, path), configuration);
	bool ok = configuration && add_folder(&h, state, "issued") && add_folder(&h, state, "ca");
	free(configuration);
	return ok ? xasprintf("%016" PRIx64, h) : NULL;
}

char *indexed_digest(const char *state, const char *stamp)
{
	struct err e;
	json_t *note = jsonfile_read(state, FILE_NAME, &e);
	const char *of = json_string_value(json_object_get(note, "stamp"));
	const char *digest = json_string_value(json_object_get(note, "digest"));
	char *found = of && digest && strcmp(of, stamp) == 0 ? xstrdup(digest) : NULL;
	json_decref(note);
	return found;
}

void indexed_note(const char *state, const char *stamp, const char *digest)
{
	struct err e;
	json_t *note = json_pack("{s:s, s:s}", "stamp", stamp, "digest", digest);
	jsonfile_write(state, FILE_NAME, note, &e);
	json_decref(note);
}
