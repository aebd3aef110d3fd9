#include "config.h"

#include "go.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/mem.h"

#define LINE_MOST        4096
#define DESCRIPTORS_MOST 4

/* Not close-on-exec: a program that outlives us still belongs to the run. */
static int first_descriptor(struct msghdr *m)
{
	int first = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		if (first < 0 && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
			memcpy(&first, CMSG_DATA(c), sizeof(first));
	return first;
}

/* Octets received, 0 at the end, -1 with errno. The descriptors come with the first of them. */
static ssize_t receive(int fd, char *text, size_t room, int *first)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(DESCRIPTORS_MOST * sizeof(int))];
	} control;
	struct iovec v = {text, room};
	struct msghdr m = {.msg_iov = &v,
	                   .msg_iovlen = 1,
	                   .msg_control = control.bytes,
	                   .msg_controllen = sizeof(control.bytes)};
	ssize_t n;

	do
		n = recvmsg(fd, &m, 0);
	while (n < 0 && errno == EINTR);
	if (n > 0 && *first < 0)
		*first = first_descriptor(&m);
	return n;
}

static bool line_take(struct go *g, const char *line, int first, struct err *e)
{
	json_t *o = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	bool lock = json_is_true(json_object_get(o, "lock"));
	bool ok = json_is_object(o) && (!lock || first >= 0);

	if (ok && lock)
		g->lock = first;
	if (ok)
		g->locks = xstrdup(json_string_value(json_object_get(o, "locks")));
	json_decref(o);
	return ok || err_set(e, "the launcher's word to serve is not one; see dnsproof-provider(7)");
}

bool go_wait(int fd, struct go *g, struct err *e)
{
	char text[LINE_MOST + 1];
	size_t n = 0;
	ssize_t got;
	int first = -1;
	char *end = NULL;

	*g = (struct go){.lock = -1};
	e->text[0] = '\0';
	while (!end && n < LINE_MOST && (got = receive(fd, text + n, LINE_MOST - n, &first)) > 0) {
		n += (size_t)got;
		text[n] = '\0';
		end = memchr(text, '\n', n);
	}
	close(fd);
	if (end)
		return line_take(g, text, first, e);
	if (n)
		err_set(e, "the launcher's word to serve does not end");
	return false;
}

void go_free(struct go *g)
{
	free(g->locks);
}
