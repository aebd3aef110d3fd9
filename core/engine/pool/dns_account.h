/* One DNS account's queue and hosts: gathers calls, forms jobs, hands them to hosts, delivers answers. */
#pragma once

#include "common/loop.h"
#include "engine/pool/pool.h"
#include "engine/pool/protocol.h"

struct launcher;
struct dns_account;

/* launcher and requests are borrowed. */
struct dns_account *dns_account_new(struct loop *l, struct launcher *launcher, const char *name,
                                    const struct pool_requests *requests);
void dns_account_free(struct dns_account *a); /* cancels all calls; NULL allowed */

const char *dns_account_name(const struct dns_account *a);
const struct pool_hello *dns_account_hello(const struct dns_account *a);

/* Takes over what ask holds. */
struct pool_call *dns_account_push(struct dns_account *a, struct pool_ask *ask, pool_fn *fn, void *arg);
/* As of pool.h. */
void dns_account_announce(struct dns_account *a, const char *zone, bool add);
void dns_account_withdraw(struct dns_account *a, const char *zone, bool add);

void dns_account_cancel(struct pool_call *c);

bool dns_account_died(struct dns_account *a, int host, const char *how, const char *last);
