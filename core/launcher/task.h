/* What a run is to do, as the engine (engine/job.h) and the keeper are told. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "launcher/account.h"
#include "launcher/authority.h"
#include "launcher/issued.h"
#include "launcher/options.h"

struct task {
	const char *state, *run, *id;  /* borrowed; id NULL: clean */
	const struct issued *cert;     /* NULL: clean */
	const struct accounts *accounts;
	const struct authorities *authorities;
	const struct options *options; /* resolvers, servers, wait, force, verbose */
};

json_t *task_job(const struct task *t);    /* new: {"job":{...}} */
json_t *task_keeper(const struct task *t); /* new: the keeper's setup document */
