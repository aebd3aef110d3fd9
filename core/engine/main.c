/* dnsproof-engine: parses everything hostile and therefore holds no secret. Started by the launcher with
 * descriptors 3 (launcher), 4 (keeper) and 5 (the run's lock, only held). */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "common/log.h"
#include "common/mem.h"
#include "config.h"
#include "engine/peers/launcher.h"
#include "engine/run/index.h"
#include "engine/run/report.h"
#include "engine/run/run.h"
#include "engine/peers/keeper.h"

enum { FD_LAUNCHER = 3, FD_KEEPER = 4, FD_LOCK = 5 };

#define FLUSH_MS 10 /* between looks whether the last lines are written */

struct program {
	struct world e;
	struct index *index; /* before the run */
	struct run *run;
	struct loop_timer *flush;
	bool wind_down;
	int code;
};

static void program_flush(void *arg)
{
	struct program *p = arg;

	if (launcher_idle(p->e.launcher))
		loop_stop(p->e.loop);
	else
		loop_timer_set(p->flush, FLUSH_MS);
}

static void program_end(void *arg, int code)
{
	struct program *p = arg;

	p->code = code;
	launcher_done(p->e.launcher, code);
	loop_timer_set(p->flush, 0);
}

static void program_job(void *arg, const json_t *line)
{
	struct program *p = arg;
	const json_t *rows = json_object_get(line, "index");
	struct err e;

	if (p->index && rows) {
		index_take(p->index, rows);
		return;
	}
	enum job_state state = job_take(&p->e.job, line, &e);
	if (state == JOB_BAD)
		log_fatal(70, "%s", e.text);
	if (state == JOB_GOES_ON && p->e.job->index && !p->index)
		p->index = index_new(&p->e);
	if (state == JOB_GOES_ON)
		return;
	if (p->e.job->reports) {
		program_end(p, report_send(&p->e));
		return;
	}
	p->e.job->index_failed = p->index && index_failed(p->index);
	index_free(p->index);
	p->index = NULL;
	p->run = run_new(&p->e, program_end, p);
	if (p->wind_down)
		run_wind_down(p->run);
}

static void program_wind_down(void *arg)
{
	struct program *p = arg;

	p->wind_down = true; /* the job may not be whole yet */
	if (p->run)
		run_wind_down(p->run);
}

static void program_launcher_gone(void *arg)
{
	struct program *p = arg;

	loop_stop(p->e.loop); /* the journal knows what is owed */
}

static void program_keeper_gone(void *arg, const char *why)
{
	struct program *p = arg;

	launcher_event(p->e.launcher, EVENT_ERROR, "keeper", NULL, "the keeper has ended: %s", why);
}

/* Our own few lines of hardening; the sandbox proper is the launcher's and a later layer's. */
static void program_harden(void)
{
	const struct rlimit none = {0, 0};
	struct rlimit files;

	/* 300 questions may each hold three sockets */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef TEST_HOOKS
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error of the journal, and removals go on */
}

int main(void)
{
	struct program p = {.code = 1};
	const struct launcher_handlers handlers = {
	    .job = program_job,
	    .wind_down = program_wind_down,
	    .closed = program_launcher_gone,
	    .arg = &p,
	};

	log_open("dnsproof-engine", LOG_INFO);
	if (fcntl(FD_LAUNCHER, F_GETFD) < 0 || fcntl(FD_KEEPER, F_GETFD) < 0 || fcntl(FD_LOCK, F_GETFD) < 0)
		log_fatal(2, "is started by dnsproof, not by hand");
	program_harden();
	p.e.loop = loop_new();
	p.flush = loop_timer_new(p.e.loop, program_flush, &p);
	p.e.launcher = launcher_new(p.e.loop, FD_LAUNCHER, &handlers);
	p.e.keeper = keeper_new(p.e.loop, FD_KEEPER, program_keeper_gone, &p);
	loop_run(p.e.loop);
	index_free(p.index);
	run_free(p.run);
	if (p.run)
		world_close(&p.e);
	else
		job_free(p.e.job);
	keeper_free(p.e.keeper);
	launcher_free(p.e.launcher);
	loop_timer_free(p.flush);
	loop_free(p.e.loop);
	return p.code;
}
