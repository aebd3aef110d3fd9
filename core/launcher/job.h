/* What a run is to do, as the engine (engine/peers/job.h) and the keeper are told: one line a thing. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "launcher/dns_account.h"
#include "launcher/ca_account.h"
#include "launcher/certificate.h"
#include "launcher/depends.h"
#include "launcher/judged_hosts.h"
#include "launcher/options.h"
#include "launcher/revocation.h"

struct job_certificate {
	const char *id;                 /* borrowed */
	const struct certificate *cert; /* borrowed */
	const char *staging;            /* borrowed: CA account at which it is tried; NULL: none */
	bool revoke;                    /* its key is compromised: due whatever its age */
	bool check;                     /* other settings than those that are remembered */
};

/* How `renew` of everything answers the engine, which knows by its index what is due: all but the first line of the job
 * waits for that. */
struct job_index {
	const char *digest; /* borrowed: of all rows */
	/* New array: the next rows (engine/peers/job.h), *at begins as 0; NULL after the last. */
	json_t *(*rows)(void *arg, size_t *at);
	/* Makes the job hold these certificates, as far as there are any of these IDs, and the accounts. */
	void (*choose)(void *arg, const struct strs *ids);
	void *arg;
};

enum job_command { JOB_ISSUE, JOB_CLEAN, JOB_RENEW, JOB_CA, JOB_REVOKE, JOB_REMOVE, JOB_RENAME };

/* Of JOB_RENAME; borrowed. */
struct job_rename {
	const char *from, *to; /* names of an account, in full */
	bool keep;             /* the old one stays besides */
};

struct job {
	const char *state, *run; /* borrowed */
	enum job_command command;
	const char *
	    task; /* of JOB_CA, at the only CA account: show, register, import, update, rollover, deactivate */
	const char *key; /* of the task import: the account's key as it stands in its file */
	const char *remove,
	    *archive;     /* of JOB_REMOVE: the ID, and what its folder is called then; NULL: deleted */
	const char *kind; /* of JOB_RENAME: ca or dns */
	const struct job_rename *rename;
	size_t renames;
	bool dry_run; /* renew: at their staging accounts, and nothing is published */
	bool named;   /* renew: these were asked for, not whatever is due */
	const struct job_certificate *cert;
	size_t certs;
	struct revocation *const *revocation; /* of JOB_REVOKE; their outcomes are told to them */
	size_t revocations;
	const struct job_index *index; /* borrowed; NULL: the certificates above are the job's */
	const struct dns_accounts *accounts;
	const struct ca_accounts *ca_accounts;
	const struct options *options; /* borrowed: of the run */
	struct judged_hosts *judged;   /* borrowed: hosts that are there already; NULL: none */
};

/* The lines to the engine, made one at a time: begins as {0}. */
struct job_lines {
	size_t ca, dns, part, cert, row, revocation, rename;
	struct depends depends;
	bool begun, ended;
	bool waits;          /* for what the engine needs: no line until job_needs_* */
	bool rows;           /* the engine needs the index */
	uint64_t window[16]; /* hashes of the windows that were told last */
	size_t windows;
};

/* What the engine is told of a CA account; new. */
json_t *job_ca_line(const struct ca_account *a);

json_t *job_line(const struct job *j, struct job_lines *at); /* new; NULL after the last */

/* The engine has asked: for the rows of the index, or for the certificates, which the job has been made to hold. */
void job_needs_rows(struct job_lines *at);
void job_needs_rest(struct job_lines *at);
char *job_keeper(const struct job *j); /* new: the keeper's setup document */
