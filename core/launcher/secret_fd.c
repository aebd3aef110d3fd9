#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/mem.h"
#include "launcher/secret.h"
#include "launcher/secret_kinds.h"

/* The number; -1 when it is none that can be meant. */
static int number_of(const char *text)
{
	size_t n = strspn(text, "0123456789");
	int fd = n > 0 && n < 6 && !text[n] ? atoi(text) : -1;
	return fd == STDOUT_FILENO || fd == STDERR_FILENO ? -1 : fd;
}

bool secret_fd_check(const char *number, struct err *e)
{
	return number_of(number) >= 0 ||
	       err_set(e, "fd:%.20s names no descriptor to read from; type fd:N", number);
}

/* All that we open ourselves is closed on exec, what we were started with is not. */
static bool is_given(int fd)
{
	int flags = fcntl(fd, F_GETFD);
	return flags >= 0 && !(flags & FD_CLOEXEC);
}

static bool may_be_read(int fd, const char *what, struct err *e)
{
	struct stat st;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return secret_file_is_fine(fd, what, false, e);
	return true;
}

static bool read_value(int fd, struct buf *b, const char *what, struct err *e)
{
	if (io_read(fd, b))
		return true;
	if (errno == EFBIG)
		return err_set(e, "%s gives more than %d octets", what, SECRET_MOST);
	return err_set(e, "%s: %s", what, strerror(errno));
}

char *secret_fd_read(const char *number, struct err *e)
{
	int fd = number_of(number);
	char *what = xasprintf("descriptor %s", number), *value = NULL;
	struct buf b;
	buf_init(&b, SECRET_MOST);
	if (!secret_fd_check(number, e))
		;
	else if (!is_given(fd))
		err_set(e, "%s is not open; start dnsproof with it, such as %s</PATH", what, number);
	else if (may_be_read(fd, what, e) && read_value(fd, &b, what, e))
		value = secret_text(&b, what, e);
	buf_wipe(&b);
	free(what);
	return value;
}
