/*
 * Stands for dnsproof-engine, dnsproof-keeper and dnsproof-provider, by the name it is started as. It writes what it
 * was given to DNSPROOF_FAKE_OUT and then does the steps of DNSPROOF_FAKE_ENGINE, _KEEPER or _HOST, separated by ';'.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONTROL 3

extern char **environ;

static const char *role, *out;
static int passed = -1; /* the host's socket */

static void die(const char *what)
{
	dprintf(2, "fake %s: %s: %s\n", role, what, strerror(errno));
	_exit(99);
}

static void note(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note(const char *name, const char *format, ...)
{
	char path[512], text[70000];
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	snprintf(path, sizeof path, "%s/%s.%s", out, role, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || write(fd, text, (size_t)n) != n || write(fd, "\n", 1) != 1)
		die(path);
	close(fd);
}

static const char *kind_of(const char *target)
{
	return strncmp(target, "socket:", 7) == 0 ? "socket"
	       : strncmp(target, "pipe:", 5) == 0 ? "pipe"
	                                          : target;
}

static void note_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	struct dirent *entry;
	char target[512], path[300];
	while ((entry = readdir(d))) {
		int fd = atoi(entry->d_name);
		if (entry->d_name[0] == '.' || fd == dirfd(d))
			continue;
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(path, target, sizeof target - 1);
		target[n > 0 ? n : 0] = '\0';
		note("fds", "%d %s", fd, kind_of(target));
	}
	closedir(d);
}

/* Its text, until the next call. */
static const char *note_document(int fd, const char *name)
{
	static char text[65536];
	size_t n = 0;
	ssize_t r;
	while (n < sizeof text - 1 && (r = read(fd, text + n, sizeof text - 1 - n)) > 0)
		n += (size_t)r;
	text[n] = '\0';
	note(name, "%s", text);
	return text;
}

static void note_world(void)
{
	for (char **v = environ; *v; v++)
		if (strncmp(*v, "DNSPROOF_", 9) != 0)
			note("env", "%s", *v);
	note_descriptors();
	if (strcmp(role, "keeper") == 0)
		note_document(4, "setup");
	note("pid", "%ld", (long)getpid());
}

/* One line; descriptors that come with it are kept in `passed`. False at the end of the file. */
static bool read_line(int fd, char *line, size_t room)
{
	size_t n = 0;
	while (n < room - 1) {
		union {
			char room[CMSG_SPACE(2 * sizeof(int))];
			struct cmsghdr align;
		} control;
		struct iovec iov = {line + n, 1};
		struct msghdr m = {.msg_iov = &iov,
		                   .msg_iovlen = 1,
		                   .msg_control = &control,
		                   .msg_controllen = sizeof control};
		ssize_t r = recvmsg(fd, &m, 0);
		if (r <= 0)
			return false;
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		if (c && c->cmsg_type == SCM_RIGHTS)
			memcpy(&passed, CMSG_DATA(c), sizeof passed);
		if (line[n] == '\n')
			break;
		n++;
	}
	line[n] = '\0';
	return true;
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
	char text[70000];
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(text, sizeof text - 1, format, ap);
	va_end(ap);
	text[n] = '\n';
	if (write(CONTROL, text, (size_t)n + 1) < 0)
		note("trouble", "write: %s", strerror(errno));
}

static void until_end(int fd)
{
	char c;
	while (read(fd, &c, 1) > 0)
		;
	note("end", "end of file");
}

static void want_host(const char *account)
{
	char line[4096], hello[4096];
	passed = -1;
	say("{\"id\":7,\"want\":\"host\",\"dns\":\"%s\"}", account);
	if (!read_line(CONTROL, line, sizeof line))
		die("no answer");
	note("host", "%s fd=%s", line, passed >= 0 ? "yes" : "no");
	if (passed >= 0 && read_line(passed, hello, sizeof hello))
		note("hello", "%s", hello);
}

static void wait_line(const char *name)
{
	char line[4096];
	note("waits", "%s", name);
	if (!read_line(CONTROL, line, sizeof line))
		die("no line");
	note(name, "%s", line);
}

/* Asks for the index, and then for all that it has. */
static void need_all(void)
{
	static char line[70000], ids[70000];
	size_t n = 0;
	say("{\"need\":\"index\"}");
	do {
		if (!read_line(CONTROL, line, sizeof line))
			die("no line");
		note("index", "%s", line);
		for (char *at = line; (at = strchr(at, '"')) && (at = strpbrk(at + 1, "\"\\"));)
			if (*at == '\\' && n < sizeof ids - 300) {
				char *id = at;
				while (id[-1] != '"')
					id--;
				n += (size_t)sprintf(ids + n, "%s\"%.*s\"", n ? "," : "", (int)(at - id), id);
				at = strchr(at, '"') + 1;
			}
	} while (strcmp(line, "{\"index\":[]}") != 0);
	say("{\"need\":[%s]}", ids);
}

/* Every line of it, the last too. */
static void read_job(void)
{
	static char line[70000];
	note("waits", "job");
	do {
		if (!read_line(CONTROL, line, sizeof line))
			die("no line");
		note("job", "%s", line);
		if (strstr(line, "\"index\":"))
			need_all();
	} while (strcmp(line, "{\"go\":1}") != 0);
}

/* What `status` asks has its own run of the engine, of which nothing is noted: no rows. */
static bool is_report(void)
{
	char head[64] = "";
	return recv(CONTROL, head, sizeof head - 1, MSG_PEEK) > 0 && strstr(head, "\"report\"");
}

/* As a host does: greets, and waits for the word to serve. */
static void greet(void)
{
	const char *setup = note_document(3, "setup"), *go = strstr(setup, "\"go\":");
	const char *hello = getenv("DNSPROOF_FAKE_JUDGED");
	char line[4096];
	if (!go)
		die("no socket to wait on");
	if (hello && !*hello)
		_exit(1);
	dprintf(1, "%s\n", hello ? hello : "{\"protocol\":1}");
	if (!read_line(atoi(go + strlen("\"go\":")), line, sizeof line))
		_exit(0);
	note("go", "%s", line);
}

static void flood(void)
{
	char piece[1024];
	memset(piece, 'x', sizeof piece);
	piece[sizeof piece - 1] = '\n';
	for (int i = 0; i < 1024; i++)
		if (write(2, piece, sizeof piece) < 0)
			die("flood");
}

static bool step_control(const char *verb, const char *rest)
{
	if (strcmp(verb, "say") == 0)
		say("%s", rest);
	else if (strcmp(verb, "host") == 0)
		want_host(rest);
	else if (strcmp(verb, "wait") == 0)
		wait_line(rest);
	else if (strcmp(verb, "done") == 0)
		say("{\"done\":%s}", rest);
	else if (strcmp(verb, "tell") == 0)
		dprintf(passed, "%s\n", rest);
	else
		return false;
	return true;
}

static bool step_self(const char *verb, const char *rest)
{
	if (strcmp(verb, "stderr") == 0)
		dprintf(2, "%s\n", rest);
	else if (strcmp(verb, "stdout") == 0)
		dprintf(1, "%s\n", rest);
	else if (strcmp(verb, "flood") == 0)
		flood();
	else if (strcmp(verb, "eof") == 0)
		until_end(atoi(rest));
	else if (strcmp(verb, "content") == 0)
		note_document(atoi(rest), "content");
	else if (strcmp(verb, "note") == 0)
		note("note", "%s", rest);
	else if (strcmp(verb, "exit") == 0)
		_exit(atoi(rest));
	else if (strcmp(verb, "crash") == 0)
		signal(atoi(rest), SIG_DFL), kill(getpid(), atoi(rest));
	else if (strcmp(verb, "hang") == 0)
		for (;;)
			pause();
	else
		return false;
	return true;
}

static void steps(char *script)
{
	char *one, *rest = script;
	while ((one = strsep(&rest, ";"))) {
		char *words = one;
		const char *verb = strsep(&words, " ");
		if (*verb && !step_control(verb, words ? words : "") && !step_self(verb, words ? words : ""))
			die(verb);
	}
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '-');
	char variable[64];
	role = name ? name + 1 : "";
	role = strcmp(role, "provider") == 0 ? "host" : role;
	out = getenv("DNSPROOF_FAKE_OUT");
	if (!out || (strcmp(role, "host") != 0 && argc != 1))
		die("started in a wrong way");
	if (argc > 3 && strcmp(argv[1], "--json") == 0) {
		const char *described = getenv("DNSPROOF_FAKE_DESCRIBE");
		printf("%s\n", described ? described : "");
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--serve") != 0) {
		printf("%s %s\n", argv[1], argc > 2 ? argv[2] : "");
		return argc > 2 && strcmp(argv[2], "nosuch") == 0 ? 2 : 0;
	}
	if (strcmp(role, "host") == 0)
		greet();
	if (strcmp(role, "engine") == 0 && is_report()) {
		static char line[70000];
		while (read_line(CONTROL, line, sizeof line) && strcmp(line, "{\"go\":1}") != 0)
			;
		say("{\"done\":0}");
		return 0;
	}
	note_world();
	if (strcmp(role, "engine") == 0)
		read_job();
	snprintf(variable, sizeof variable, "DNSPROOF_FAKE_%s",
	         strcmp(role, "engine") == 0   ? "ENGINE"
	         : strcmp(role, "keeper") == 0 ? "KEEPER"
	                                       : "HOST");
	const char *script = getenv(variable);
	char *copy = strdup(script ? script : "");
	steps(copy);
	free(copy);
	return 0;
}
