/* Locks of a write scope, in this process and, by a lock file, among runs. */
#pragma once

#include "common/err.h"

struct pool_locks;
struct pool_lock;

enum pool_lock_result {
	POOL_LOCK_TAKEN,
	POOL_LOCK_OURS,   /* this process has it: try when it was released */
	POOL_LOCK_OTHERS, /* another run has it: try again after a while */
	POOL_LOCK_FAILED, /* the file cannot be made: e says why */
};

/* state: the folder in which "locks" is made. */
struct pool_locks *pool_locks_new(const char *state);
void pool_locks_free(struct pool_locks *k); /* releases all; NULL allowed */

/* Never waits. A full disk or a read-only one locks within this process alone, with a warning, since
 * deletions must go on. */
enum pool_lock_result pool_lock_try(struct pool_locks *k, const char *scope, struct pool_lock **lock,
                                    struct err *e);
void pool_lock_release(struct pool_lock *lock); /* NULL allowed */
