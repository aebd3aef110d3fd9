#include "config.h"

#include "served.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/log.h"
#include "common/mem.h"
#include "common/wire.h"

#define GRACE_S    4
#define HIGH       64 /* descriptors from here on are not in the way of 0 to 3 */
#define WORDS_MOST 16

static int high(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, HIGH);

	if (moved < 0)
		log_fatal(2, "no descriptor is left");
	close(fd);
	return moved;
}

/* The document in a file without a name: a pipe may be too small for it. */
static int document_open(const struct served_plan *plan)
{
	json_t *options = json_object(), *value, *document;
	const char *key;
	FILE *f = tmpfile();

	json_object_foreach((json_t *)plan->options, key, value) json_object_set_new(
	    options, key, json_pack("{s:O,s:s}", "secret", value, "source", "the case file"));
	document =
	    json_pack("{s:s,s:s,s:o,s:[],s:[s],s:i}", "account", plan->c->provider, "provider",
	              plan->c->provider, "options", options, "zones", "targets", plan->c->name, "verbose", 1);
	if (!f || !document || json_dumpf(document, f, 0) != 0 || fflush(f) != 0)
		log_fatal(2, "the setup document cannot be written to a temporary file");
	json_decref(document);
	lseek(fileno(f), 0, SEEK_SET);
	return high(dup(fileno(f)));
}

static void run(const struct served_plan *plan, const char *const *last, const int fd[4])
{
	const char *argv[WORDS_MOST] = {plan->program};
	size_t n = 1;

	for (const char *const *w = plan->words; w && *w && n < WORDS_MOST - 4; w++)
		argv[n++] = *w;
	while (*last)
		argv[n++] = *last++;
	for (int i = 0; i < 4; i++)
		if (fd[i] >= 0 && dup2(fd[i], i) != i)
			_exit(99);
	execvp(plan->program, (char *const *)argv);
	_exit(98);
}

static bool hello_check(struct served *s, struct err *e)
{
	const char *error = json_string_value(json_object_get(s->hello, "error"));

	if (s->hello && !error)
		return true;
	err_set(e, "the host did not start: %s", error ? error : "it ended without a word");
	served_stop(s);
	return false;
}

bool served_start(struct served *s, const struct served_plan *plan, struct err *e)
{
	static const char *const serve[] = {"--serve", NULL};
	struct timeval wait = {.tv_sec = 30};
	const char *why;
	int pair[2], setup = document_open(plan);

	*s = (struct served){.log = plan->log, .ttl = plan->c->ttl};
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		log_fatal(2, "no socket is left");
	s->fd = high(pair[0]);
	pair[1] = high(pair[1]);
	buf_init(&s->rest, WIRE_MOST + 1);
	s->pid = fork();
	if (s->pid == 0)
		run(plan, serve, (int[]){pair[1], pair[1], plan->log, setup});
	close(pair[1]);
	close(setup);
	setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	wire_write(s->fd, json_pack("{s:i,s:s}", "protocol", WIRE_PROTOCOL, "program", "conformance kit"));
	if (wire_read(s->fd, &s->rest, &s->hello, &why) <= 0)
		s->hello = NULL;
	return hello_check(s, e);
}

void served_stop(struct served *s)
{
	if (s->pid <= 0)
		return;
	close(s->fd);
	if (json_is_string(json_object_get(s->answer, "died")))
		kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	buf_free(&s->rest);
	json_decref(s->hello);
	json_decref(s->answer);
	*s = (struct served){0};
}

static void set_text(json_t *line, const char *key, const char *text)
{
	if (text)
		json_object_set_new(line, key, json_string(text));
}

void served_ask(struct served *s, const struct question *q)
{
	struct timeval wait = {.tv_sec = q->ms / 1000 + GRACE_S};
	json_t *line = json_pack("{s:i,s:s,s:i,s:s,s:i}", "id", 1, "op", q->op, "ms", (int)q->ms, "zone",
	                         q->zone, "ttl", (int)s->ttl);

	set_text(line, "name", q->name);
	set_text(line, "value", q->value);
	set_text(line, "handle", q->handle);
	if (q->changes)
		json_object_set(line, "changes", (json_t *)q->changes);
	setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	wire_write(s->fd, line);
}

static void note(const struct served *s, const struct question *q)
{
	char *text = json_dumps(s->answer, JSON_COMPACT);

	dprintf(s->log, "%s %s %s -> %s\n", q->op, q->name ? q->name : "", q->value ? q->value : "", text);
	free(text);
}

static void copy_text(char *to, size_t size, const json_t *answer, const char *key)
{
	const char *text = json_string_value(json_object_get(answer, key));

	snprintf(to, size, "%s", text ? text : "");
}

void served_hear(struct served *s, const struct question *q, struct said *said)
{
	const char *why = "no answer in time";

	json_decref(s->answer);
	if (wire_read(s->fd, &s->rest, &s->answer, &why) <= 0)
		s->answer = json_pack("{s:s,s:s,s:s}", "rc", "died", "died", "yes", "msg", "the host died");
	note(s, q);
	*said = (struct said){.answer = s->answer};
	copy_text(said->rc, sizeof(said->rc), s->answer, "rc");
	copy_text(said->msg, sizeof(said->msg), s->answer, "msg");
	copy_text(said->handle, sizeof(said->handle), s->answer, "handle");
	said->after = (int)json_integer_value(json_object_get(s->answer, "after"));
}

json_t *served_describe(const struct served_plan *plan, struct err *e)
{
	const char *const last[] = {"--describe", plan->c->provider, "--json", NULL};
	json_t *described;
	int ends[2], status = 0, null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	FILE *f;
	pid_t pid;

	if (null < 0 || pipe(ends) != 0)
		log_fatal(2, "no descriptor is left");
	ends[0] = high(ends[0]);
	ends[1] = high(ends[1]);
	pid = fork();
	if (pid == 0)
		run(plan, last, (int[]){null, ends[1], -1, -1});
	close(ends[1]);
	close(null);
	f = fdopen(ends[0], "r");
	described = json_loadf(f, 0, NULL);
	fclose(f);
	waitpid(pid, &status, 0);
	if (!described)
		err_set(e, "provider %s cannot be described (see above)", plan->c->provider);
	return described;
}
