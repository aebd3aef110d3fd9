#include "config.h"

#include "launcher/processes.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/wire.h"
#include "launcher/child.h"
#include "launcher/events.h"
#include "launcher/provider_hosts.h"
#include "launcher/store.h"

#define END_MS       5000   /* engine: from its last line to its exit */
#define INDEX_MS     120000 /* engine: to say what it needs, of 100,000 certificates */
#define WIND_DOWN_MS 45000  /* from the first signal, or the keeper's death, to the engine's exit */
#define HOSTS_MS     3000   /* hosts: from the engine's exit to theirs */
#define KEEPER_MS    10000  /* keeper: after the hosts' time; it may be writing a certificate */

struct session {
	struct loop *loop;
	struct wire *wire; /* NULL once the engine's socket is closed */
	struct provider_hosts *hosts;
	const struct job *job;
	struct job_lines lines; /* how far the engine has been told */
	struct strs needed;     /* certificates that it has asked for */
	int keeper_socket;      /* its end, until it is started; -1 */
	struct loop_timer *timer;
	pid_t engine, keeper; /* 0: ended */
	int done;             /* code of the engine's last line; -1: not said */
	int status;           /* of the engine's end */
	bool judged;
	bool hosts_told; /* their time after the engine's end is over */
	bool killed;
	struct processes_result result;
};

static bool is_code(json_int_t code)
{
	return (code >= EXIT_DONE && code <= EXIT_OWED) || code == EXIT_MEMORY;
}

static void fail(struct session *s)
{
	s->result.broken = true;
	if (s->result.code == EXIT_DONE)
		s->result.code = EXIT_FAILED;
}

static void kill_all(struct session *s)
{
	s->killed = s->result.broken = true;
	if (s->engine)
		kill(s->engine, SIGKILL);
	if (s->keeper)
		kill(s->keeper, SIGKILL);
	provider_hosts_kill_all(s->hosts);
}

static void engine_is_wrong(struct session *s, const char *what)
{
	if (s->killed || !s->engine)
		return;
	events_say(SAY_ERROR, "crash", "dnsproof-engine %s; it is stopped", what);
	s->killed = true;
	kill(s->engine, SIGKILL);
	fail(s);
}

/* Once it has ended and all it said is read. */
static void judge_engine(struct session *s)
{
	s->judged = true;
	if (s->killed || (s->done >= 0 && WIFEXITED(s->status)))
		return;
	char *how = child_how(s->status);
	if (WIFEXITED(s->status) && WEXITSTATUS(s->status) == EXIT_MEMORY)
		s->result.code = EXIT_MEMORY;
	events_say(SAY_ERROR, "crash",
	           "dnsproof-engine ended unexpectedly: %s; TXT records may be left, which the next run "
	           "removes, or: dnsproof clean",
	           how);
	free(how);
	fail(s);
}

static void check_end(struct session *s)
{
	if (!s->engine && !s->wire && !s->judged)
		judge_engine(s);
	if (!s->engine && !s->keeper && !s->wire && provider_hosts_alive(s->hosts) == 0)
		loop_stop(s->loop);
}

static void tell(struct session *s, json_t *line, int fd)
{
	if (s->wire)
		wire_send(s->wire, line, fd);
	else {
		json_decref(line);
		if (fd >= 0)
			close(fd);
	}
}

static void want_host(struct session *s, json_int_t id, const char *account)
{
	struct err e;
	int fd = -1, host = 0;
	if (s->killed || s->done >= 0)
		err_set(&e, "the run is ending");
	else
		host = provider_hosts_start(s->hosts, account, &fd, &e);
	if (host)
		tell(s, json_pack("{s:I, s:i}", "id", id, "host", host), fd);
	else
		tell(s, json_pack("{s:I, s:s}", "id", id, "error", e.text), -1);
}

static void host_died(void *arg, int host, const char *how, const char *last)
{
	struct session *s = arg;
	tell(s, json_pack("{s:i, s:s, s:s}", "died", host, "how", how, "last", last), -1);
}

static void take_outcome(const struct session *s, json_int_t n, const char *outcome)
{
	if (n < 0 || (size_t)n >= s->job->revocations)
		return;
	s->job->revocation[n]->outcome = strcmp(outcome, "done") == 0      ? REVOCATION_DONE
	                                 : strcmp(outcome, "refused") == 0 ? REVOCATION_REFUSED
	                                                                   : REVOCATION_OWED;
}

static void hand_over(void *arg);
static bool start_keeper(struct session *s, struct err *e);

/* It is started when it can be told which certificates it may publish. */
static void begin_with_keeper(struct session *s)
{
	struct err e;
	s->job->index->choose(s->job->index->arg, &s->needed);
	if (!start_keeper(s, &e)) {
		events_say(SAY_ERROR, "crash", "%s", e.text);
		fail(s);
		kill_all(s);
		return;
	}
	if (!s->result.signum)
		loop_timer_stop(s->timer);
	job_needs_rest(&s->lines);
	hand_over(s);
}

static void check(struct session *s, const json_t *pair)
{
	const char *id = json_string_value(json_array_get(pair, 0));
	const char *stamp = json_string_value(json_array_get(pair, 1));
	if (id && stamp && store_differs(s->job->state, id, stamp))
		strs_add(&s->needed, id);
}

/* Of the index, or certificates part by part. False when it was not to be asked. */
static bool need(struct session *s, const json_t *what, bool more)
{
	const json_t *id;
	size_t i;
	if (!s->lines.waits || s->keeper)
		return false;
	if (!json_is_array(what)) {
		job_needs_rows(&s->lines);
		hand_over(s);
		return true;
	}
	json_array_foreach(what, i, id) strs_add(&s->needed, json_is_string(id) ? json_string_value(id) : "");
	if (!more)
		begin_with_keeper(s);
	return true;
}

/* A run that changes nothing says nothing. */
static void note_event(struct session *s, const json_t *event)
{
	const char *level = json_string_value(json_object_get(event, "level"));
	s->result.worked = s->result.worked || !level || strcmp(level, "debug") != 0;
}

static void engine_says(struct session *s, const json_t *line)
{
	const json_t *needs = json_object_get(line, "need"), *pair = json_object_get(line, "check");
	const json_t *done = json_object_get(line, "done"), *dead = json_object_get(line, "kill");
	const json_t *id = json_object_get(line, "id");
	const char *account = json_string_value(json_object_get(line, "dns"));
	const json_t *revoked = json_object_get(line, "revoked");
	const char *outcome = json_string_value(json_object_get(line, "outcome"));
	if (json_is_string(json_object_get(line, "event"))) {
		events_show(line);
		note_event(s, line);
	} else if (json_is_integer(done) && is_code(json_integer_value(done))) {
		s->done = (int)json_integer_value(done);
		loop_timer_set(s->timer, END_MS);
	} else if (json_is_integer(revoked) && outcome) {
		take_outcome(s, json_integer_value(revoked), outcome);
	} else if (pair && s->lines.waits) {
		check(s, pair);
	} else if (needs && need(s, needs, json_object_get(line, "more"))) {
		/* answered */
	} else if (json_is_integer(dead)) {
		provider_hosts_kill(s->hosts, (int)json_integer_value(dead));
	} else if (json_is_integer(id) && account) {
		want_host(s, json_integer_value(id), account);
	} else {
		engine_is_wrong(s, "said what it must not");
	}
}

static void on_line(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct session *s = arg;
	if (passed_fd >= 0)
		close(passed_fd);
	if (line) {
		engine_says(s, line);
		return;
	}
	wire_free(s->wire);
	s->wire = NULL;
	if (s->engine && s->done < 0)
		loop_timer_set(s->timer, END_MS);
	if (s->done < 0 && (str_starts(why, "garbage") || str_starts(why, "line too long")))
		engine_is_wrong(s, why);
	check_end(s);
}

static void out_of_time(void *arg)
{
	struct session *s = arg;
	loop_timer_set(s->timer, s->engine ? END_MS : KEEPER_MS);
	if (!s->engine && s->wire) {
		wire_free(s->wire);
		s->wire = NULL;
	}
	if (s->engine)
		engine_is_wrong(s, s->done < 0 ? "does not come to an end" : "does not exit");
	else if (s->keeper && s->hosts_told)
		kill(s->keeper, SIGKILL);
	else
		provider_hosts_kill_all(s->hosts);
	s->hosts_told = !s->engine;
	check_end(s);
}

static void engine_ended(struct session *s, int status)
{
	s->engine = 0;
	s->status = status;
	loop_timer_set(s->timer, HOSTS_MS);
}

static void keeper_ended(struct session *s, int status)
{
	s->keeper = 0;
	if (s->killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return;
	char *how = child_how(status);
	events_say(SAY_ERROR, "crash",
	           "dnsproof-keeper ended unexpectedly: %s; nothing is issued in this run, its TXT "
	           "records are removed; if any stays: dnsproof clean",
	           how);
	free(how);
	fail(s);
	if (s->engine)
		loop_timer_set(s->timer, WIND_DOWN_MS);
}

static void on_child(void *arg, int signum)
{
	struct session *s = arg;
	int status;
	(void)signum;
	provider_hosts_reap(s->hosts);
	if (s->engine && child_ended(s->engine, false, &status))
		engine_ended(s, status);
	if (s->keeper && child_ended(s->keeper, false, &status))
		keeper_ended(s, status);
	check_end(s);
}

static void on_signal(void *arg, int signum)
{
	struct session *s = arg;
	if (s->killed)
		return;
	if (s->result.signum) {
		events_say(SAY_WARN, "stopped",
		           "stopped at once; if TXT records are left, the next run removes them, or: "
		           "dnsproof clean");
		kill_all(s);
		return;
	}
	s->result.signum = signum;
	events_say(SAY_WARN, "signal", "stopping: removing TXT records (Ctrl-C again stops at once)");
	tell(s, json_pack("{s:i}", "signal", 1), -1);
	if (s->engine && s->done < 0)
		loop_timer_set(s->timer, WIND_DOWN_MS);
}

static pid_t start(const char *name, const int *fds, size_t n, struct err *e)
{
	char *path = child_program(PROGDIR, "DNSPROOF_PROGDIR", name);
	char *argv[] = {(char *)name, NULL};
	struct child_plan plan = {.path = path, .argv = argv, .fds = fds, .n = n};
	pid_t pid = child_start(&plan, e);
	free(path);
	return pid;
}

static bool start_keeper(struct session *s, struct err *e)
{
	char *text = job_keeper(s->job);
	int document = child_document(text, e);
	free(text);
	if (document < 0)
		return false;
	int fds[] = {-1, -1, STDERR_FILENO, s->keeper_socket, document};
	pid_t pid = start("dnsproof-keeper", fds, 5, e);
	close(document);
	close(s->keeper_socket);
	s->keeper_socket = -1;
	s->keeper = pid > 0 ? pid : 0;
	return pid > 0;
}

static bool start_engine(struct session *s, int control, int keeper, int lock, struct err *e)
{
	int fds[] = {-1, -1, STDERR_FILENO, control, keeper, lock};
	pid_t pid = start("dnsproof-engine", fds, 6, e);
	s->engine = pid > 0 ? pid : 0;
	return pid > 0;
}

/* A line is made only when the one before has been taken. */
static void hand_over(void *arg)
{
	struct session *s = arg;
	json_t *line;
	while (s->wire && wire_idle(s->wire) && (line = job_line(s->job, &s->lines)))
		if (!wire_send(s->wire, line, -1)) {
			events_say(SAY_ERROR, "usage",
			           "a certificate or account with settings of more than 1 MiB");
			fail(s);
			kill_all(s);
			return;
		}
}

/* On failure what was started ends by itself when its sockets are closed. */
static bool start_both(struct session *s, const struct processes_plan *p, struct err *e)
{
	int control[2] = {-1, -1}, keeper[2] = {-1, -1};
	bool ok = child_socketpair(control, e) && child_socketpair(keeper, e);
	s->keeper_socket = keeper[1];
	ok =
	    ok && (s->job->index || start_keeper(s, e)) && start_engine(s, control[1], keeper[0], p->lock, e);
	if (ok) {
		s->wire = wire_new(s->loop, control[0], control[0], on_line, s);
		control[0] = -1;
		wire_on_idle(s->wire, hand_over, s);
		hand_over(s);
		if (s->job->index)
			loop_timer_set(s->timer, INDEX_MS);
	}
	int all[] = {control[0], control[1], keeper[0]};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i] >= 0)
			close(all[i]);
	return ok;
}

/* nohup(1) */
static bool is_ignored(int signum)
{
	struct sigaction now;
	return sigaction(signum, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

static void session_begin(struct session *s, const struct processes_plan *p)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	s->done = s->keeper_socket = -1;
	s->job = p->job;
	s->loop = loop_new();
	s->timer = loop_timer_new(s->loop, out_of_time, s);
	s->hosts = provider_hosts_new(s->loop, p->job, p->lock, p->verbose, host_died, s);
	loop_on_signal(s->loop, SIGCHLD, on_child, s);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		if (signals[i] != SIGHUP || !is_ignored(SIGHUP))
			loop_on_signal(s->loop, signals[i], on_signal, s);
}

struct processes_result processes_run(const struct processes_plan *p)
{
	struct session s = {0};
	struct err e;
	session_begin(&s, p);
	if (!start_both(&s, p, &e)) {
		events_say(SAY_ERROR, "crash", "%s", e.text);
		s.killed = s.judged = true;
		fail(&s);
		loop_timer_set(s.timer, HOSTS_MS);
	}
	if (s.engine || s.keeper)
		loop_run(s.loop);
	if (s.done >= 0 && s.result.code == EXIT_DONE)
		s.result.code = (enum exit_code)s.done;
	wire_free(s.wire);
	strs_free(&s.needed);
	if (s.keeper_socket >= 0)
		close(s.keeper_socket);
	provider_hosts_free(s.hosts);
	loop_timer_free(s.timer);
	loop_free(s.loop);
	return s.result;
}
