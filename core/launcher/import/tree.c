#include "config.h"

#include "launcher/import/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"

#define NAMES_MOST 100000

int tree_open(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		err_set(e, "%s: %s", path, strerror(errno));
	return fd;
}

static int open_beneath(int tree, const char *path, int flags)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY),
	                       .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	return (int)syscall(SYS_openat2, tree, path, &how, sizeof how);
}

bool tree_has(int tree, const char *path)
{
	int fd = open_beneath(tree, path, 0);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

char *tree_text(int tree, const char *path, struct err *e)
{
	struct stat st;
	struct buf b;
	char *text = NULL;
	int fd = open_beneath(tree, path, 0);
	buf_init(&b, TREE_TEXT_MOST);
	if (fd < 0 && errno == EXDEV)
		err_set(e, "%s: leads out of the folder", path);
	else if (fd < 0 || fstat(fd, &st) < 0)
		err_set(e, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		err_set(e, "%s: is not a regular file", path);
	else if (!io_read(fd, &b))
		err_set(e, "%s: %s", path, strerror(errno));
	else if (!b.len || memchr(b.data, '\0', b.len))
		err_set(e, "%s: %s", path, b.len ? "is not text" : "is empty");
	else
		text = xstrndup(b.data, b.len);
	buf_wipe(&b);
	if (fd >= 0)
		close(fd);
	return text;
}

void tree_list(int tree, const char *path, struct strs *names)
{
	int fd = open_beneath(tree, path, O_DIRECTORY);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	while (d && names->n < NAMES_MOST && (entry = readdir(d)))
		if (entry->d_name[0] != '.')
			strs_add(names, entry->d_name);
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	strs_sort(names);
}

/* Behind the sign, up to the end of the line. */
static char *value_of(const char *at, size_t n)
{
	while (n && strchr(" \t", *at)) {
		at++;
		n--;
	}
	while (n && strchr(" \t\r", at[n - 1]))
		n--;
	if (n >= 2 && strchr("'\"", *at) && at[n - 1] == *at) {
		at++;
		n -= 2;
	}
	char *value = xstrndup(at, n);
	if (n && !strpbrk(value, "'\"`$\\"))
		return value;
	free(value);
	return NULL;
}

char *tree_setting(const char *text, const char *key)
{
	char *value = NULL;
	size_t length = strlen(key);
	while (*text) {
		size_t n = strcspn(text, "\n"), blank = strspn(text, " \t");
		const char *at = text + blank;
		if (blank < n && strncmp(at, key, length) == 0) {
			at += length;
			at += strspn(at, " \t");
			if (*at == '=') {
				free(value);
				value = value_of(at + 1, (size_t)(text + n - at) - 1);
			}
		}
		text += n + (text[n] == '\n');
	}
	return value;
}
