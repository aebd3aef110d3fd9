#define _GNU_SOURCE
#include "config.h"

#include "responder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { LINE_MOST = 1 << 20, CONTROL = 3, END_MS = 1000 };

#ifdef TEST_HOOKS
extern char **environ;
#endif

static enum dnsproof_rc trouble(char why[WHY_MOST], enum dnsproof_rc rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum dnsproof_rc trouble(char why[WHY_MOST], enum dnsproof_rc rc, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, WHY_MOST, format, args);
	va_end(args);
	return rc;
}

static bool ready(int fd, short events, int64_t deadline)
{
	struct pollfd p = {.fd = fd, .events = events};
	int64_t left;
	int n;

	do {
		left = deadline - module_ms();
		n = poll(&p, 1, left < 0 ? 0 : left > 60000 ? 60000 : (int)left);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

static bool line_send(int fd, const json_t *object, int64_t deadline)
{
	char *text = json_dumps(object, JSON_COMPACT);
	size_t n = text ? strlen(text) : 0, done = 0;

	if (!text)
		return false;
	text[n++] = '\n'; /* in place of the NUL */
	while (done < n && ready(fd, POLLOUT, deadline)) {
		ssize_t sent = send(fd, text + done, n - done, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent >= 0)
			done += (size_t)sent;
		else if (errno != EINTR && errno != EAGAIN)
			break;
	}
	free(text);
	return done == n;
}

/* A new object, or NULL. The other side sends one line for one of ours: nothing is read beyond it. */
static json_t *line_read(int fd, int64_t deadline)
{
	size_t n = 0, room = 4096;
	char *text = malloc(room);
	json_t *object = NULL;

	while (text && ready(fd, POLLIN, deadline)) {
		ssize_t got = recv(fd, text + n, room - n, MSG_DONTWAIT);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
		if (text[n - 1] == '\n') {
			object = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
			break;
		}
		if (n == room && (room *= 2) > LINE_MOST)
			break;
		char *more = realloc(text, room);
		if (!more)
			abort();
		text = more;
	}
	free(text);
	if (json_is_object(object))
		return object;
	json_decref(object);
	return NULL;
}

static enum dnsproof_rc rc_of(const json_t *line)
{
	const char *rc = json_string_value(json_object_get(line, "rc"));

	if (!rc || strcmp(rc, "ok") == 0)
		return DNSPROOF_OK;
	return strcmp(rc, "auth") == 0     ? DNSPROOF_AUTH
	       : strcmp(rc, "nozone") == 0 ? DNSPROOF_NOZONE
	                                   : DNSPROOF_INVALID;
}

/* The first line it says. */
static enum dnsproof_rc greeting(struct responder *r, int64_t deadline, char why[WHY_MOST])
{
	json_t *line = line_read(r->fd, deadline);
	const char *error = json_string_value(json_object_get(line, "error"));
	enum dnsproof_rc rc = DNSPROOF_OK;

	if (!line)
		rc = trouble(why, DNSPROOF_TEMP, "the responder says nothing");
	else if (error)
		rc = trouble(why, rc_of(line) ? rc_of(line) : DNSPROOF_INVALID, "%s", error);
	else if (json_integer_value(json_object_get(line, "protocol")) != 1)
		rc = trouble(why, DNSPROOF_INVALID, "the responder is of another version");
	json_decref(line);
	if (rc != DNSPROOF_OK)
		responder_close(r);
	return rc;
}

enum dnsproof_rc responder_connect(struct responder *r, const char *path, int64_t deadline,
                                   char why[WHY_MOST])
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	if (*path != '/' || strlen(path) >= sizeof(at.sun_path))
		return trouble(why, DNSPROOF_INVALID,
		               "socket %s: expected an absolute path of at most %zu characters", path,
		               sizeof(at.sun_path) - 1);
	strcpy(at.sun_path, path);
	r->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (r->fd >= 0 && connect(r->fd, (const struct sockaddr *)&at, sizeof(at)) == 0)
		return greeting(r, deadline, why);
	int error = errno;
	responder_close(r);
	if (error == EACCES || error == EPERM)
		return trouble(why, DNSPROOF_AUTH,
		               "socket %s: permission denied; add this user to the socket's group", path);
	return trouble(why, error == ENOENT ? DNSPROOF_INVALID : DNSPROOF_TEMP,
	               "socket %s: %s; start the responder: systemctl enable --now dnsproof-responder.socket",
	               path, strerror(error));
}

static const char *program(char path[4096])
{
	const char *folder = PROGDIR;
#ifdef TEST_HOOKS
	if (getenv("DNSPROOF_PROGDIR"))
		folder = getenv("DNSPROOF_PROGDIR");
#endif
	snprintf(path, 4096, "%s/dnsproof-responder", folder);
	return path;
}

static _Noreturn void become(const char *path, char **argv, int control, pid_t parent)
{
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
#endif
	if (control == CONTROL ? fcntl(CONTROL, F_SETFD, 0) < 0 : dup2(control, CONTROL) < 0)
		_exit(127);
#ifdef TEST_HOOKS
	execve(path, argv, environ);
#else
	execve(path, argv, (char *[]){NULL});
#endif
	dprintf(CONTROL,
	        "{\"rc\":\"invalid\",\"error\":\"cannot start %s: %s; is dnsproof installed completely?\"}\n",
	        path, strerror(errno));
	_exit(127);
}

enum dnsproof_rc responder_start(struct responder *r, char **argv, int64_t deadline, char why[WHY_MOST])
{
	char path[4096];
	pid_t parent = getpid();
	int pair[2];

	program(path);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return trouble(why, DNSPROOF_TEMP, "cannot start %s: %s", path, strerror(errno));
	r->pid = fork();
	if (r->pid == 0)
		become(path, argv, pair[1], parent);
	close(pair[1]);
	r->fd = pair[0];
	if (r->pid > 0)
		return greeting(r, deadline, why);
	r->pid = 0;
	responder_close(r);
	return trouble(why, DNSPROOF_TEMP, "cannot start %s: %s", path, strerror(errno));
}

enum dnsproof_rc responder_ask(struct responder *r, json_t *request, int64_t deadline, json_t **answer,
                               char why[WHY_MOST])
{
	const char *msg;
	bool sent;

	json_object_set_new(request, "id", json_integer(++r->id));
	sent = line_send(r->fd, request, deadline);
	json_decref(request);
	*answer = sent ? line_read(r->fd, deadline) : NULL;
	if (!*answer || json_integer_value(json_object_get(*answer, "id")) != r->id) {
		json_decref(*answer);
		responder_close(r);
		return trouble(why, DNSPROOF_TEMP,
		               "the responder does not answer any more; it is started again");
	}
	if (rc_of(*answer) == DNSPROOF_OK)
		return DNSPROOF_OK;
	msg = json_string_value(json_object_get(*answer, "msg"));
	trouble(why, DNSPROOF_OK, "%s", msg ? msg : "the responder refused");
	enum dnsproof_rc rc = rc_of(*answer);
	json_decref(*answer);
	return rc;
}

void responder_close(struct responder *r)
{
	int64_t deadline = module_ms() + END_MS;
	char rest[512];
	ssize_t got = -1;

	if (r->fd >= 0) {
		shutdown(r->fd, SHUT_WR);
		while (r->pid > 0 && ready(r->fd, POLLIN, deadline) &&
		       (got = recv(r->fd, rest, sizeof(rest), 0)) > 0)
			;
		close(r->fd);
	}
	if (r->pid > 0) {
		if (got != 0)
			kill(r->pid, SIGKILL); /* it does not end by itself */
		while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	r->fd = -1;
	r->pid = 0;
}
