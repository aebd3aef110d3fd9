/* What `dnsproof revoke` and the runs after it do: the job's revocations, one after another in each certificate, several
 * at once (RFC 8555 section 7.6). Each ends as done, refused or owed, which the launcher is told. */
#pragma once

#include "engine/order/world.h"

struct revoke_task;

/* fn gets the exit code once, never from inside. */
struct revoke_task *revoke_task_new(struct world *e, void (*fn)(void *arg, int code), void *arg);
void revoke_task_wind_down(struct revoke_task *t); /* what is not done is owed */
void revoke_task_free(struct revoke_task *t);      /* NULL allowed */
