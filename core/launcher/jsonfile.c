#include "config.h"

#include "launcher/jsonfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/mem.h"

#define FILE_MOST (1024 * 1024)

json_t *jsonfile_read(const char *folder, const char *name, struct err *e)
{
	char *path = xasprintf("%s/%s", folder, name);
	struct buf text;
	json_t *json = NULL;
	json_error_t trouble;
	buf_init(&text, FILE_MOST);
	err_set(e, "%s", "");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		goto out;
	if (fd < 0 || !io_read(fd, &text)) {
		err_set(e, "%s: %s", path, strerror(errno));
		goto out;
	}
	json = json_loadb(text.data ? text.data : "", text.len, JSON_REJECT_DUPLICATES, &trouble);
	if (!json_is_object(json)) {
		err_set(e, "%s is damaged (%s); move it away", path, json ? "no object" : trouble.text);
		json_decref(json);
		json = NULL;
	}
out:
	if (fd >= 0)
		close(fd);
	buf_free(&text);
	free(path);
	return json;
}

bool jsonfile_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool ok = fsync(fd) == 0;
	close(fd);
	return ok;
}

static bool replace(const char *folder, const char *path, const char *temporary, const char *text)
{
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	bool ok = io_write(fd, text, strlen(text)) && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	if (ok && rename(temporary, path) == 0)
		return jsonfile_sync(folder);
	int trouble = errno;
	unlink(temporary);
	errno = trouble;
	return false;
}

bool jsonfile_write(const char *folder, const char *name, const json_t *json, struct err *e)
{
	struct err ignored;
	json_t *old = jsonfile_read(folder, name, &ignored);
	bool same = old && json_equal(old, (json_t *)json);
	json_decref(old);
	if (same)
		return true;
	char *path = xasprintf("%s/%s", folder, name);
	char *temporary = xasprintf("%s/.%s.%ld", folder, name, (long)getpid());
	char *text = json_dumps(json, JSON_INDENT(2) | JSON_SORT_KEYS);
	bool ok = text && replace(folder, path, temporary, text);
	if (!ok)
		err_set(e, "cannot write %s: %s", path, text ? strerror(errno) : "not UTF-8");
	free(text);
	free(temporary);
	free(path);
	return ok;
}

bool jsonfile_list(const char *folder, struct strs *names, struct err *e)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	if (!d)
		return errno == ENOENT || err_set(e, "%s: %s", folder, strerror(errno));
	while ((entry = readdir(d))) {
		size_t n = strlen(entry->d_name);
		if (entry->d_name[0] == '.' || n < 6 || !str_ends(entry->d_name, ".json"))
			continue;
		char *name = xstrndup(entry->d_name, n - 5);
		strs_add(names, name);
		free(name);
	}
	closedir(d);
	strs_sort(names);
	return true;
}
