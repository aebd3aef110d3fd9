/* What `dnsproof ca` does with one CA account: show, register, import, update its contact, deactivate it (RFC 8555 section 7.3). */
#pragma once

#include "engine/order/world.h"

struct ca_task;

/* Begins e->job->task at the job's only CA account. fn gets the exit code once, never from inside. */
struct ca_task *ca_task_new(struct world *e, void (*fn)(void *arg, int code), void *arg);
void ca_task_wind_down(struct ca_task *t); /* ends it now */
void ca_task_free(struct ca_task *t);      /* NULL allowed */
