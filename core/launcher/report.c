#include "config.h"

#include "launcher/report.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/machine.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/wire.h"
#include "launcher/child.h"
#include "launcher/lines.h"
#include "launcher/strings.h"

#define WORDS_MOST 900
#define SILENCE_S  60 /* of the engine: 100,000 rows take it 2 s */

struct reading {
	report_fn *fn;
	void *arg;
	struct err *e;
	bool failed, done, silent;
};

static pid_t start_engine(int control, int keeper, struct err *e)
{
	char *path = child_program(PROGDIR, "DNSPROOF_PROGDIR", "dnsproof-engine");
	char *argv[] = {(char *)"dnsproof-engine", NULL};
	int fds[] = {-1, -1, STDERR_FILENO, control, keeper, -1};
	struct child_plan plan = {.path = path, .argv = argv, .fds = fds, .n = 6, .die_with_us = true};
	pid_t pid = child_start(&plan, e);
	free(path);
	return pid;
}

static bool ask_cas(int fd, const json_t *lines)
{
	const json_t *line;
	size_t i;
	json_array_foreach(lines, i, line) if (!wire_write(fd, json_incref((json_t *)line))) return false;
	return true;
}

static bool ask_places(int fd, const struct strs *certs)
{
	json_t *all = certs ? strings_json(certs) : NULL;
	bool ok = true;
	for (size_t at = 0; ok && at < json_array_size(all); at += LINES_LIST)
		ok = wire_write(fd, json_pack("{s:{s:o}}", "places", "cert", lines_part(all, at)));
	json_decref(all);
	return ok;
}

static bool ask(int fd, const struct report_question *q)
{
	char *machine = machine_id();
	json_t *job = json_pack("{s:s, s:s, s:s, s:i}", "command", "report", "state", q->state, "run", "",
	                        "protocol", WIRE_PROTOCOL);
	json_object_set_new(job, "machine", json_string(machine)); /* left out when it is no text */
	free(machine);
	if (q->only)
		json_object_set_new(job, "only", json_string(q->only));
	if (q->brief)
		json_object_set_new(job, "brief", json_string(q->brief));
	return wire_write(fd, json_pack("{s:o}", "job", job)) && ask_cas(fd, q->cas) &&
	       ask_places(fd, q->placed) && wire_write(fd, json_pack("{s:i}", "go", 1));
}

static void take_line(struct reading *r, const json_t *line)
{
	const char *kind = json_string_value(json_object_get(line, "report"));
	const char *message = json_string_value(json_object_get(line, "message"));
	json_t *row;
	size_t i;
	if (kind)
		json_array_foreach(json_object_get(line, "rows"), i, row) r->fn(r->arg, kind, row);
	if (message) {
		char *words = str_printable(message, WORDS_MOST);
		r->failed = true;
		err_set(r->e, "%s", words);
		free(words);
	}
	if (json_object_get(line, "done"))
		r->done = true;
}

/* Nothing more comes, for too long. */
static bool is_silent(int fd, const struct buf *rest)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	return !(rest->len && memchr(rest->data, '\n', rest->len)) && poll(&p, 1, SILENCE_S * 1000) == 0;
}

static void take_all(struct reading *r, int fd)
{
	struct buf rest;
	json_t *line;
	const char *why;
	buf_init(&rest, 0);
	while (!r->done && !(r->silent = is_silent(fd, &rest)) && wire_read(fd, &rest, &line, &why) == 1) {
		take_line(r, line);
		json_decref(line);
	}
	buf_free(&rest);
}

static bool judge_end(const struct reading *r, int status)
{
	if (r->failed)
		return false;
	if (r->done)
		return true;
	if (r->silent)
		return err_set(r->e, "dnsproof-engine has not answered for %d s", SILENCE_S);
	char *how = child_how(status);
	err_set(r->e, "dnsproof-engine ended by %s", how);
	free(how);
	return false;
}

bool report_read(const struct report_question *q, report_fn *fn, void *arg, struct err *e)
{
	struct reading r = {.fn = fn, .arg = arg, .e = e};
	int control[2] = {-1, -1}, keeper[2] = {-1, -1};
	bool ok = false;
	pid_t pid = -1;
	if (child_socketpair(control, e) && child_socketpair(keeper, e))
		pid = start_engine(control[1], keeper[1], e);
	if (pid > 0) {
		close(control[1]);
		control[1] = -1;
		if (ask(control[0], q))
			take_all(&r, control[0]);
	}
	int all[] = {control[0], control[1], keeper[0], keeper[1]};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i] >= 0)
			close(all[i]);
	if (r.silent)
		kill(pid, SIGKILL);
	if (pid > 0)
		ok = judge_end(&r, child_wait(pid));
	return ok;
}
