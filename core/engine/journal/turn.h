/* One turn of the loop: rows are changed in one transaction, committed at its end; only then are the
 * actions that depended on them released. If the commit fails none of them happens. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "common/loop.h"

struct turn;

/* Hooks itself to the loop's turn end. broken is called once when a commit or a row change fails
 * (disk full): the run winds down; later turns write nothing and release only `always` actions. */
struct turn *turn_new(struct loop *l, struct db *db, void (*broken)(void *arg, const char *why), void *arg);
void turn_free(struct turn *t); /* NULL allowed */

/* The database, inside this turn's transaction (begun at first use). NULL when broken. */
struct db *turn_db(struct turn *t);

/* fn(arg) changes rows beside those of a turn that is about to be committed; it makes no turn of its own. One per
 * turn; NULL for none. */
void turn_before_commit(struct turn *t, void (*fn)(void *), void *arg);

/* Notes that a row change failed: the whole turn is dropped. */
void turn_fail(struct turn *t, const char *why);

/* Runs fn(arg) after this turn's commit; dropped(arg) instead when the commit failed. */
void turn_then(struct turn *t, void (*fn)(void *), void (*dropped)(void *), void *arg);

/* Runs fn(arg) after the commit, or after its failure: for deletions, which must go on. */
void turn_always(struct turn *t, void (*fn)(void *), void *arg);

/* Drops every queued action with this argument: for an object that is freed. */
void turn_forget(struct turn *t, void *arg);

bool turn_is_broken(const struct turn *t);

/* The wall clock, for the dates in rows. */
int64_t turn_wall(const struct turn *t);

/* Test hook: with DNSPROOF_STOP=POINT in a build configured with --enable-test-hooks, the process
 * stops itself by SIGKILL between the commit and the first action named POINT ("neworder", "add",
 * "challenge", "finalize", "del", "keychange", "keychanged", "rolled"); POINT:N is the N-th time it comes there. */
void turn_stop_point(const char *point);
