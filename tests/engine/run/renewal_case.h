/* What the tests of many runs share: runs of `renew` one after the other, in the order machine's scripted world. */
#pragma once

#include <time.h>

#include "common/mem.h"
#include "engine/run/run.h"
#include "fake_loop.h"
#include "order/order_world.h"

#define RENEWAL_START INT64_C(2000000000) /* 2033-05-18, later than any build */

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static struct world *e;
static struct run *run;
static int code;
static unsigned runs;
static const char *depends;
static bool retry, named, issue, second_dns, renewals_exempt;
static unsigned park_after; /* of each certificate */
static bool backup;         /* each certificate has another CA account, "backup" */
static struct bucket_limit ca_limit[JOB_LIMITS];
static struct openings nights; /* in which a certificate is renewed; none: at any time */
static struct strs early;      /* chosen for the next run (run/levelling.h) */

/* Chosen moments and buckets depend on the date: it is the same in each run of a test. */
static inline void renewal_open(void)
{
	e = order_world_prepare(1);
	fake_loop_set_wall(e->loop, RENEWAL_START);
	world.keeps = true;
	depends = "1";
	retry = named = issue = second_dns = renewals_exempt = backup = false;
	park_after = 0;
	memset(ca_limit, 0, sizeof(ca_limit));
	strs_free(&early);
	runs = 0;
}

static int renewal_close(void **state)
{
	order_world_close(e);
	openings_free(&nights);
	strs_free(&early);
	return 0;
}

static inline void renewal_over(void *arg, int exit_code)
{
	code = exit_code;
}

static inline void add_second_dns(struct job *job)
{
	job->dns = xgrow(job->dns, job->dnss, sizeof(*job->dns));
	job->dns[job->dnss++] = (struct job_dns){.account = xstrdup("second"), .provider = xstrdup("fake")};
	for (size_t i = 0; i < job->certs; i++)
		strs_add(&job->cert[i].dns, "second");
}

static inline void add_backup(struct job *job)
{
	job->ca = xgrow(job->ca, job->cas, sizeof(*job->ca));
	job->ca[job->cas++] = (struct job_ca){.account = xstrdup("backup"),
	                                      .directory = xstrdup("https://backup.test/dir"),
	                                      .label = xstrdup("Backup CA"),
	                                      .agree_tos = true};
	for (size_t i = 0; i < job->certs; i++)
		job->cert[i].backup = xstrdup("backup");
}

static inline void add_nights(struct job *job)
{
	job->window = xcalloc(1, sizeof(*job->window));
	job->windows = 1;
	for (size_t i = 0; i < nights.n; i++)
		openings_add(&job->window->open, nights.at[i].from, nights.at[i].until);
	for (size_t i = 0; i < job->certs; i++)
		job->cert[i].window = 1;
}

/* One run from its begin to its end; its exit code. */
static inline int renew(const char *const *certs, size_t n)
{
	char *name = xasprintf("run-%u", ++runs);

	order_world_job(certs, n, name, 0);
	e->job->renew = !issue;
	e->job->retry = retry;
	e->job->named = named;
	for (size_t i = 0; i < n; i++) {
		e->job->cert[i].depends = xstrdup(depends);
		e->job->cert[i].park_after_s = park_after;
	}
	memcpy(e->job->ca[0].limit, ca_limit, sizeof(ca_limit));
	e->job->ca[0].renewals_exempt = renewals_exempt;
	e->job->early = early;
	early = (struct strs){0};
	if (second_dns)
		add_second_dns(e->job);
	if (nights.n)
		add_nights(e->job);
	if (backup)
		add_backup(e->job);
	code = -1;
	run = run_new(e, renewal_over, NULL);
	while (code < 0)
		fake_loop_advance(e->loop, 50);
	run_free(run);
	order_world_next(e);
	free(name);
	return code;
}

static inline uint64_t now_s(void)
{
	return loop_now(e->loop) / 1000;
}

static inline int64_t wall_s(void)
{
	return loop_wall(e->loop);
}

static inline void wait_s(uint64_t s)
{
	fake_loop_advance(e->loop, s * 1000);
}
