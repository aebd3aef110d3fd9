#define _GNU_SOURCE
#include "config.h"

#include "responder/ears.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/wire.h"
#include "responder/tell.h"

enum { TELLERS_MOST = 64, BACKLOG = 16 };

struct teller {
	LIST_ENTRY(teller) entry;
	struct ears *ears;
	struct wire *wire;
	bool parent;
};

struct door {
	LIST_ENTRY(door) entry;
	struct ears *ears;
	int fd;
	struct loop_fd *watch;
};

struct ears {
	struct loop *loop;
	struct authority *who;
	json_t *greeting;
	size_t tellers;
	LIST_HEAD(, teller) teller;
	LIST_HEAD(, door) door;
};

static json_t *greeting_new(const struct places *places)
{
	json_t *listen = json_array();

	for (size_t i = 0; i < places->n; i++) {
		char *text = places->at[i].kind == PLACE_UDP ? place_text(&places->at[i]) : NULL;
		if (text)
			json_array_append_new(listen, json_string(text));
		free(text);
	}
	return json_pack("{s:i,s:s,s:o}", "protocol", WIRE_PROTOCOL, "program",
	                 "dnsproof-responder " PACKAGE_VERSION, "listen", listen);
}

struct ears *ears_new(struct loop *l, struct authority *who, const struct places *places)
{
	struct ears *e = xcalloc(1, sizeof(*e));

	e->loop = l;
	e->who = who;
	e->greeting = greeting_new(places);
	LIST_INIT(&e->teller);
	LIST_INIT(&e->door);
	return e;
}

static void teller_free(struct teller *t)
{
	LIST_REMOVE(t, entry);
	t->ears->tellers--;
	wire_free(t->wire);
	free(t);
}

void ears_free(struct ears *e)
{
	struct teller *t;
	struct door *d;

	if (!e)
		return;
	while ((t = LIST_FIRST(&e->teller)))
		teller_free(t);
	while ((d = LIST_FIRST(&e->door))) {
		LIST_REMOVE(d, entry);
		loop_fd_free(d->watch);
		close(d->fd);
		free(d);
	}
	json_decref(e->greeting);
	free(e);
}

static void teller_said(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct teller *t = arg;
	struct loop *parent_of = t->parent ? t->ears->loop : NULL;

	(void)why;
	if (passed_fd >= 0)
		close(passed_fd);
	if (line) {
		wire_send(t->wire, tell_answer(t->ears->who, line), -1);
		return;
	}
	teller_free(t);
	if (parent_of)
		loop_stop(parent_of);
}

static void teller_new(struct ears *e, int fd, bool parent)
{
	struct teller *t = xcalloc(1, sizeof(*t));

	t->ears = e;
	t->parent = parent;
	LIST_INSERT_HEAD(&e->teller, t, entry);
	e->tellers++;
	t->wire = wire_new(e->loop, fd, fd, teller_said, t);
	wire_send(t->wire, json_incref(e->greeting), -1);
}

void ears_parent(struct ears *e, int fd)
{
	teller_new(e, fd, true);
}

static void door_ready(void *arg, int ready)
{
	struct door *d = arg;
	int fd = accept4(d->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)ready;
	if (fd < 0)
		return;
	if (d->ears->tellers < TELLERS_MOST)
		teller_new(d->ears, fd, false);
	else
		close(fd);
}

void ears_listen(struct ears *e, int fd)
{
	struct door *d = xcalloc(1, sizeof(*d));

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	d->ears = e;
	d->fd = fd;
	LIST_INSERT_HEAD(&e->door, d, entry);
	d->watch = loop_fd_new(e->loop, fd, door_ready, d);
	loop_fd_want(d->watch, LOOP_READ);
}

/* Is it a socket that nobody listens at? */
static bool is_stale(const struct sockaddr_un *at)
{
	struct stat s;
	int fd;
	bool stale;

	if (lstat(at->sun_path, &s) < 0 || !S_ISSOCK(s.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	stale = connect(fd, (const struct sockaddr *)at, sizeof(*at)) < 0 && errno == ECONNREFUSED;
	close(fd);
	return stale;
}

static bool access_set(const char *path, const char *group, struct err *e)
{
	const struct group *g = group ? getgrnam(group) : NULL;

	if (group && !g)
		return err_set(e, "--group %s: there is no such group; groupadd --system %s makes it", group,
		               group);
	if (chmod(path, 0660) < 0 || (g && chown(path, (uid_t)-1, g->gr_gid) < 0))
		return err_set(e, "%s: %s", path, strerror(errno));
	return true;
}

int ears_socket(const char *path, const char *group, struct err *e)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	mode_t mask;
	int fd, bound;

	if (*path != '/' || strlen(path) >= sizeof(at.sun_path)) {
		err_set(e, "--socket %s: expected an absolute path of at most %zu characters", path,
		        sizeof(at.sun_path) - 1);
		return -1;
	}
	strcpy(at.sun_path, path);
	if (is_stale(&at))
		unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mask = umask(0117);
	bound = bind(fd, (const struct sockaddr *)&at, sizeof(at));
	umask(mask);
	if (bound < 0 || listen(fd, BACKLOG) < 0)
		err_set(e, "--socket %s: %s%s", path, strerror(errno),
		        errno == EADDRINUSE ? "; does a responder run already?" : "");
	else if (access_set(path, group, e))
		return fd;
	close(fd);
	return -1;
}
