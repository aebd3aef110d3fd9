/* How long it takes to hand certificates from launcher to engine, and what memory it takes: make tests/bench/transport in
 * the build folder, then tests/bench/transport [N...]. The programs' own code on both ends of a socket, a process each. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/wire.h"
#include "launcher/engine_side.h"
#include "launcher/large_job.h"

struct sender {
	struct loop *loop;
	struct wire *wire;
	struct large_job j;
	struct job_lines at;
	long before_kib, after_kib;
};

struct receiver {
	struct loop *loop;
	struct engine_side *side;
};

struct figures {
	double seconds;
	long grown_kib;
	size_t certs;
};

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long peak_kib(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

static void engine_hears(void *arg, json_t *line, int fd, const char *why)
{
	struct receiver *r = arg;

	if (!line || !engine_side_take(r->side, line))
		loop_stop(r->loop);
}

static void engine(int fd, int told)
{
	struct receiver r = {.loop = loop_new(), .side = engine_side_new()};
	struct wire *w = wire_new(r.loop, fd, fd, engine_hears, &r);
	long before = peak_kib();
	double began = seconds_now();

	loop_run(r.loop);
	struct figures f = {seconds_now() - began, peak_kib() - before, engine_side_certs(r.side)};
	wire_free(w);
	engine_side_free(r.side);
	loop_free(r.loop);
	_exit(write(told, &f, sizeof f) != sizeof f);
}

static void hand_over(void *arg)
{
	struct sender *s = arg;
	json_t *line;

	while (wire_idle(s->wire) && (line = job_line(&s->j.job, &s->at)))
		if (!wire_send(s->wire, line, -1))
			abort();
}

static void launcher_hears(void *arg, json_t *line, int fd, const char *why)
{
	struct sender *s = arg;

	if (!line)
		loop_stop(s->loop); /* the engine has all and is gone */
}

/* In a process of its own, whose peak begins low. */
static int launcher(size_t certs)
{
	struct sender s = {.loop = loop_new()};
	struct figures f;
	int pair[2], told[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) || pipe(told))
		return 1;
	pid_t child = fork();
	if (child == 0) {
		close(pair[0]);
		engine(pair[1], told[1]);
	}
	close(pair[1]);
	large_job_make(&s.j, certs, 0);
	s.before_kib = peak_kib();
	s.wire = wire_new(s.loop, pair[0], pair[0], launcher_hears, &s);
	wire_on_idle(s.wire, hand_over, &s);
	hand_over(&s);
	loop_run(s.loop);
	s.after_kib = peak_kib();
	if (read(told[0], &f, sizeof f) != sizeof f || f.certs != certs)
		return 1;
	printf("%8zu %9.3f %11.1f %13.1f %13.2f %17.2f\n", certs, f.seconds, f.seconds * 1e6 / (double)certs,
	       (double)f.grown_kib / 1024, (double)f.grown_kib * 1024 / (double)certs / 1024,
	       (double)(s.after_kib - s.before_kib) / 1024);
	waitpid(child, NULL, 0);
	wire_free(s.wire);
	large_job_free(&s.j);
	loop_free(s.loop);
	return 0;
}

int main(int argc, char **argv)
{
	const char *usual[] = {"1000", "5000", "20000"};
	int n = argc > 1 ? argc - 1 : 3, status = 0;

	printf("   certs   seconds  us a cert    engine MiB  KiB a cert  launcher MiB more\n");
	fflush(stdout);
	for (int i = 0; i < n && !status; i++) {
		pid_t child = fork();

		if (child == 0) {
			int rc = launcher(strtoul(argc > 1 ? argv[i + 1] : usual[i], NULL, 10));

			fflush(stdout);
			_exit(rc);
		}
		waitpid(child, &status, 0);
	}
	return status != 0;
}
