/* What all orders of a run share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/loop.h"
#include "engine/peers/job.h"
#include "engine/txt/txt.h"

struct ca_account;
struct ask;
struct launcher;
struct db;
struct lookup;
struct pool;
struct keeper;
struct turn;
struct events;
struct resolution;
struct groups;

struct world {
	struct loop *loop;
	struct launcher *launcher;
	struct keeper *keeper;
	struct job *job;
	struct db *db;
	struct turn *turn;
	struct events *events;
	struct ask *ask;
	struct resolution **resolution; /* of the certificates, made at first use */
	size_t resolutions;
	struct pool *pool;
	struct txt_world txt_world;
	struct groups *groups;
	struct ca_account **accounts; /* one a CA account, made at first use */
	size_t naccounts;
	/* Does the DNS account rest for this run, so that no new order may use it? NULL: none does. */
	bool (*dns_rests)(void *arg, const char *dns_account);
	void *dns_rests_arg;
};

enum world_end {
	WORLD_OPEN,
	WORLD_FAILED,        /* the state folder cannot be used now */
	WORLD_MISCONFIGURED, /* a person must mend it */
};

/* Makes all parts but loop, launcher and keeper, which are set before. */
enum world_end world_open(struct world *e, void (*broken)(void *arg, const char *why), void *arg,
                          struct err *err);
void world_close(struct world *e);

/* The CA account by its name in the job; NULL with err. Owned by e. The CA's hosts are looked up by `lookup`: of the
 * first that asks. */
struct ca_account *world_ca_account(struct world *e, const char *name, struct lookup *lookup,
                                    struct err *err);
