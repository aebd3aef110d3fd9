/* What all orders of a run share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/loop.h"
#include "engine/job.h"
#include "engine/txt.h"

struct account;
struct ask;
struct control;
struct db;
struct absence;
struct lookup;
struct pool;
struct sign;
struct turn;
struct zone_finder;

struct engine {
	struct loop *loop;
	struct control *control;
	struct sign *sign;
	struct job *job;
	struct db *db;
	struct turn *turn;
	struct lookup *lookup;
	struct ask *ask;
	struct zone_finder *finder;
	struct pool *pool;
	struct txt_world txt_world;
	struct absence *absences;    /* proofs under way (absence.h) */
	struct account **accounts;   /* one a CA account, made at first use */
	size_t naccounts;
};

/* Makes all parts but loop, control and sign, which are set before. */
bool engine_open(struct engine *e, void (*broken)(void *arg, const char *why), void *arg, struct err *err);
void engine_close(struct engine *e);

/* The CA account by its name in the job; NULL with err. Owned by e. */
struct account *engine_account(struct engine *e, const char *name, struct err *err);
