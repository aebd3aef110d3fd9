/* A job of many certificates, as the launcher holds it. */
#pragma once

#include "launcher/job.h"

struct large_job {
	struct job job;
	struct certificate *certs;
	struct job_certificate *of;
	struct dns_account dns;
	struct dns_accounts dns_accounts;
	struct ca_account ca;
	struct ca_accounts ca_accounts;
	struct options options;
};

/* Each with its name and a wildcard; one CA account, one DNS account with `zones` zones, named "rfc2136-0011223344556677". */
void large_job_make(struct large_job *j, size_t certs, size_t zones);
void large_job_free(struct large_job *j);
