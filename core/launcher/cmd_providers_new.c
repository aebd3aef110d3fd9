#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/io.h"
#include "common/mem.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/exit_code.h"

#define TEMPLATE_MOST (64 * 1024)
#define HOLE          "@NAME@"

/* What is made: from which template, with what behind the provider's name. */
struct piece {
	const char *template, *ending;
};

enum { PIECES = 2 };

static const struct piece descriptor[PIECES] = {
    {"descriptor.yaml", ".yaml"},
    {"case.yaml", ".case.yaml"},
};
static const struct piece module[PIECES] = {
    {"module.c", ".c"},
    {"case.yaml", ".case.yaml"},
};

static bool name_is_good(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");

	return n > 0 && n < 40 && name[n] == '\0';
}

static const char *template_folder(void)
{
#ifdef TEST_HOOKS
	const char *folder = getenv("DNSPROOF_TEMPLATES");
	if (folder)
		return folder;
#endif
	return DATADIR "/dnsproof/templates";
}

static bool template_read(const char *template, struct buf *text, struct err *e)
{
	char *path = xasprintf("%s/%s", template_folder(), template);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = (fd >= 0 && io_read(fd, text)) ||
	          err_set(e, "%s: %s; install dnsproof again", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	free(path);
	return ok;
}

/* Puts the name where the template has a hole. */
static void template_fill(struct buf *out, const char *text, const char *name)
{
	const char *hole;

	while ((hole = strstr(text, HOLE))) {
		buf_add(out, text, (size_t)(hole - text));
		buf_add_str(out, name);
		text = hole + strlen(HOLE);
	}
	buf_add_str(out, text);
}

/* A file that is there already is never overwritten. */
static bool file_make(const char *path, const struct buf *text, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0)
		return err_set(e, "%s: %s", path, strerror(errno));
	fchmod(fd, 0644); /* descriptors and modules hold no secrets */
	bool ok = io_write(fd, text->data, text->len);
	return (close(fd) == 0 && ok) || err_set(e, "%s: cannot be written: %s", path, strerror(errno));
}

static char *piece_path(const struct piece *p, const char *name)
{
	return xasprintf("%s%s", name, p->ending);
}

static bool piece_make(const struct piece *p, const char *name, struct err *e)
{
	struct buf text, filled;
	char *path = piece_path(p, name);

	buf_init(&text, TEMPLATE_MOST);
	buf_init(&filled, 0);
	bool ok = template_read(p->template, &text, e);
	if (ok) {
		template_fill(&filled, text.len ? text.data : "", name);
		ok = file_make(path, &filled, e);
	}
	if (ok)
		printf("made %s\n", path);
	free(path);
	buf_free(&text);
	buf_free(&filled);
	return ok;
}

static void next_steps(const char *name, bool native)
{
	if (native)
		printf("\nBuild it:   cc -shared -fPIC -I" INCLUDEDIR
		       " -o %s.so %s.c $(pkg-config --cflags --libs jansson)\n"
		       "Look at it: dnsproof-provider --modules . --describe %s\n",
		       name, name, name);
	else
		printf("\nLook at it: dnsproof-provider --descriptors . --describe %s\n", name);
	printf("Try it:     dnsproof-provider %s . --try %s --set token=file:/path check ZONE NAME\n"
	       "Test it:    dnsproof-conform %s . %s.case.yaml   (dnsproof-conform(1))\n"
	       "Manual:     %s\n",
	       native ? "--modules" : "--descriptors", name, native ? "--modules" : "--descriptors", name,
	       native ? "man 3 dnsproof-provider" : "man dnsproof-descriptor");
}

int cmd_providers_new(const char *name, bool native)
{
	const struct piece *pieces = native ? module : descriptor;
	struct err e;

	if (!name_is_good(name)) {
		events_say(SAY_ERROR, "usage", "%s: a provider's name is made of a-z and 0-9", name);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < PIECES; i++)
		if (!piece_make(&pieces[i], name, &e)) {
			events_say(SAY_ERROR, "failed", "%s", e.text);
			return EXIT_FAILED;
		}
	next_steps(name, native);
	return EXIT_DONE;
}
