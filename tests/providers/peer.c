#include "config.h"

#include "peer.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/wire.h"

static int pipe_with(const char *text)
{
	int pair[2];

	assert_int_equal(pipe(pair), 0);
	assert_int_equal(write(pair[1], text, strlen(text)), strlen(text));
	close(pair[1]);
	return pair[0];
}

/* Away from the low numbers, so that dup2 overwrites none of them. */
static int high(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, 20);

	assert_true(moved >= 20);
	close(fd);
	return moved;
}

static const char *lock_path, *lock_folder;

void peer_lock(const char *path, const char *folder)
{
	lock_path = path;
	lock_folder = folder;
}

/* The host's end of a socket on which the word to serve is there already. */
static int word_to_serve(void)
{
	char *line = lock_folder ? xasprintf("{\"lock\":true,\"locks\":\"%s\"}\n", lock_folder)
	                         : xstrdup("{\"lock\":true,\"locks\":null}\n");
	int pair[2], lock = open(lock_path, O_RDWR | O_CREAT, 0600);
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {
	    .align = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	struct iovec v = {line, strlen(line)};
	struct msghdr m = {.msg_iov = &v,
	                   .msg_iovlen = 1,
	                   .msg_control = control.bytes,
	                   .msg_controllen = sizeof(control.bytes)};

	assert_true(lock >= 0);
	memcpy(CMSG_DATA(&control.align), &lock, sizeof(lock));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(sendmsg(pair[0], &m, 0), v.iov_len);
	close(pair[0]);
	close(lock);
	free(line);
	return pair[1];
}

static void run_host(int dialogue, int setup, int secret, int errors, int go)
{
	const int from[] = {dialogue, dialogue, errors, setup, secret, go};

	for (int i = 0; i < 6; i++)
		if (from[i] >= 0 && dup2(from[i], i) != i)
			_exit(99);
	execl(HOST_PROGRAM, "dnsproof-provider", "--serve", (char *)NULL);
	_exit(98);
}

static char *json_of(const char *text)
{
	char *json = xstrdup(text);

	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	return json;
}

void peer_start(struct peer *p, const char *setup, const char *secret)
{
	peer_start_greeting(p, setup, secret, "{'protocol':1,'program':'test'}");
}

void peer_start_greeting(struct peer *p, const char *setup, const char *secret, const char *greeting)
{
	char *document = json_of(setup);
	int pair[2], setup_fd, secret_fd, go;

	signal(SIGPIPE, SIG_IGN);
	buf_init(&p->rest, WIRE_MOST + 1);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	p->fd = high(pair[0]);
	pair[1] = high(pair[1]);
	p->errors = tmpfile();
	setup_fd = high(pipe_with(document));
	secret_fd = secret ? high(pipe_with(secret)) : -1;
	go = lock_path ? high(word_to_serve()) : -1;
	p->pid = fork();
	if (p->pid == 0)
		run_host(pair[1], setup_fd, secret_fd, fileno(p->errors), go);
	assert_true(p->pid > 0);
	close(pair[1]);
	if (go >= 0)
		close(go);
	close(setup_fd);
	if (secret_fd >= 0)
		close(secret_fd);
	free(document);
	peer_send(p, greeting);
}

void peer_send(struct peer *p, const char *line)
{
	char *json = json_of(line), *text = xasprintf("%s\n", json);
	ssize_t n = send(p->fd, text, strlen(text), MSG_NOSIGNAL);

	(void)n; /* a host that is gone shows at the next read */
	free(text);
	free(json);
}

char *peer_line(struct peer *p)
{
	json_t *line;
	const char *why;
	char *text;

	if (wire_read(p->fd, &p->rest, &line, &why) <= 0)
		return xstrdup("");
	text = json_dumps(line, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(line);
	return text;
}

void peer_expect(struct peer *p, const char *line, const char *want)
{
	char *json = json_of(want), *got;
	json_t *expected = json_loads(json, 0, NULL), *answer;

	peer_send(p, line);
	got = peer_line(p);
	answer = json_loads(got, 0, NULL);
	if (!expected || !answer || !json_equal(expected, answer))
		fail_msg("got %s, want %s", got, json);
	json_decref(expected);
	json_decref(answer);
	free(json);
	free(got);
}

int peer_end(struct peer *p, char **errors)
{
	char *text = xcalloc(1, 10 << 20);
	int status;

	close(p->fd);
	assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
	rewind(p->errors);
	text[fread(text, 1, (10 << 20) - 1, p->errors)] = '\0';
	fclose(p->errors);
	buf_free(&p->rest);
	if (errors)
		*errors = text;
	else
		free(text);
	return status;
}
