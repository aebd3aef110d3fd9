/* One DNS account's queue and hosts: gathers calls, forms jobs, hands them to hosts, delivers answers. */
#pragma once

#include "common/loop.h"
#include "engine/pool.h"
#include "engine/pool_message.h"

struct control;
struct pool_account;
struct pool_locks;

/* control and locks are borrowed. */
struct pool_account *pool_account_new(struct loop *l, struct control *control, struct pool_locks *locks,
				      const char *name);
void pool_account_free(struct pool_account *a); /* cancels all calls; NULL allowed */

const char *pool_account_name(const struct pool_account *a);
const struct pool_hello *pool_account_hello(const struct pool_account *a);

/* Takes over what ask holds. */
struct pool_call *pool_account_push(struct pool_account *a, struct pool_ask *ask, pool_fn *fn, void *arg);
void pool_account_cancel(struct pool_call *c);

bool pool_account_died(struct pool_account *a, int host, const char *how, const char *last);
