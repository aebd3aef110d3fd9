/* What a run is to do, as the engine (engine/job.h) and the keeper are told. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "launcher/dns_account.h"
#include "launcher/ca_account.h"
#include "launcher/certificate.h"
#include "launcher/options.h"

struct job {
	const char *state, *run, *id;   /* borrowed; id NULL: clean */
	const struct certificate *cert; /* NULL: clean */
	const struct dns_accounts *accounts;
	const struct ca_accounts *ca_accounts;
	const struct options *options; /* resolvers, servers, wait, force, verbose */
};

json_t *job_engine(const struct job *t); /* new: {"job":{...}} */
json_t *job_keeper(const struct job *t); /* new: the keeper's setup document */
