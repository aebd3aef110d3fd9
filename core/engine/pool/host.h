/* One provider host process: started through the launcher, one request at a time, killed 2 s after a
 * request's deadline or when it answers garbage. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/loop.h"
#include "engine/pool/pool.h"

struct launcher;
struct pool_host;

enum pool_host_end {
	POOL_HOST_LOST,    /* died, was killed */
	POOL_HOST_SILENT,  /* said nothing until it was killed, however long it had */
	POOL_HOST_UNFIT,   /* could not be started, or its first line was garbage */
	POOL_HOST_REFUSED, /* said that it cannot serve */
};

/* ended is called once, always from the loop, and may free the host; nothing follows it. answer is
 * borrowed and carries the id that was asked for, the rest is unchecked. */
struct pool_host_handlers {
	void (*ready)(void *arg, const struct pool_hello *hello);
	void (*answer)(void *arg, const json_t *answer);
	void (*ended)(void *arg, enum pool_host_end end, const char *why);
};

/* launcher and handlers are borrowed. */
struct pool_host *pool_host_new(struct loop *l, struct launcher *launcher, const char *account,
                                const struct pool_host_handlers *handlers, void *arg);
void pool_host_free(struct pool_host *h); /* one that works is killed; NULL allowed */

bool pool_host_is_up(const struct pool_host *h); /* ready or busy, not starting nor ending */

/* Only when it is up and nothing is outstanding. request without id and ms: reference stolen. */
bool pool_host_send(struct pool_host *h, json_t *request, unsigned ms);

/* Kills it because of what it answered; ended follows. */
void pool_host_reject(struct pool_host *h, const char *why);

/* A report of the launcher: was it this host? */
bool pool_host_died(struct pool_host *h, int number, const char *how, const char *last);
