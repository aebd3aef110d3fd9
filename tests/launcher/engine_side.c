#include "engine_side.h"

#include <stdlib.h>

#include "common/log.h"
#include "common/mem.h"
#include "engine/peers/job.h"

struct engine_side {
	struct job *job;
};

struct engine_side *engine_side_new(void)
{
	return xcalloc(1, sizeof(struct engine_side));
}

void engine_side_free(struct engine_side *s)
{
	job_free(s->job);
	free(s);
}

bool engine_side_take(struct engine_side *s, const json_t *line)
{
	struct err e;
	enum job_state state = job_take(&s->job, line, &e);

	if (state == JOB_BAD)
		log_fatal(70, "%s", e.text);
	return state == JOB_GOES_ON;
}

size_t engine_side_certs(const struct engine_side *s)
{
	return s->job->certs;
}

const char *engine_side_id(const struct engine_side *s, size_t cert)
{
	return s->job->cert[cert].id;
}

size_t engine_side_names(const struct engine_side *s, size_t cert)
{
	return s->job->cert[cert].names.n;
}

size_t engine_side_zones(const struct engine_side *s, const char *dns_account)
{
	const struct job_dns *dns = job_dns(s->job, dns_account);

	return dns ? dns->zones.n : 0;
}

const char *engine_side_zone(const struct engine_side *s, const char *dns_account, size_t zone)
{
	return job_dns(s->job, dns_account)->zones.at[zone];
}
