#include "common/machine.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"

#define ID_MOST 256

/* The first line of the file; new, NULL when there is none. */
static char *first_line(const char *path)
{
	struct buf b;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *line = NULL;

	buf_init(&b, ID_MOST);
	if (fd >= 0 && io_read(fd, &b) && b.len)
		line = xstrndup(b.data, strcspn(b.data, "\n"));
	if (fd >= 0)
		close(fd);
	buf_free(&b);
	if (line && *line)
		return line;
	free(line);
	return NULL;
}

char *machine_id(void)
{
	static const char *const paths[] = {"/etc/machine-id", "/etc/hostid"};
	char host[ID_MOST] = "", *id = NULL;

	for (size_t i = 0; !id && i < sizeof(paths) / sizeof(paths[0]); i++)
		id = first_line(paths[i]);
	if (!id && gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	return id ? id : xstrdup(host);
}
