#include "config.h"

#include "engine/pool/pool.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/peers/launcher.h"
#include "engine/pool/dns_account.h"

struct pool {
	struct loop *loop;
	struct launcher *launcher;
	struct pool_requests requests;
	struct dns_account **at;
	size_t n;
};

static void on_died(void *arg, int host, const char *how, const char *last)
{
	struct pool *p = arg;

	for (size_t i = 0; i < p->n; i++)
		if (dns_account_died(p->at[i], host, how, last))
			return;
}

struct pool *pool_new(struct loop *l, struct launcher *launcher, const struct pool_requests *requests)
{
	struct pool *p = xcalloc(1, sizeof(*p));

	p->loop = l;
	p->launcher = launcher;
	if (requests)
		p->requests = *requests;
	launcher_on_died(launcher, on_died, p);
	return p;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	launcher_on_died(p->launcher, NULL, NULL);
	for (size_t i = 0; i < p->n; i++)
		dns_account_free(p->at[i]);
	free(p->at);
	free(p);
}

static struct dns_account *find(const struct pool *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(dns_account_name(p->at[i]), name))
			return p->at[i];
	return NULL;
}

static struct dns_account *account_for(struct pool *p, const char *name)
{
	struct dns_account *a = find(p, name);

	if (!a) {
		a = dns_account_new(p->loop, p->launcher, name, &p->requests);
		p->at = xgrow(p->at, p->n, sizeof(*p->at));
		p->at[p->n++] = a;
	}
	return a;
}

static struct pool_call *push(struct pool *p, const char *account, struct pool_ask *ask, pool_fn *fn,
                              void *arg)
{
	return dns_account_push(account_for(p, account), ask, fn, arg);
}

static struct pool_call *push_txt(struct pool *p, enum pool_op op, const char *account,
                                  const struct pool_txt *txt, unsigned ms, pool_fn *fn, void *arg)
{
	struct pool_ask ask = {
	    .op = op,
	    .zone = xstrdup(txt->zone),
	    .owner = xstrdup(txt->owner),
	    .value = xstrdup(txt->value),
	    .handle = xstrdup(txt->handle),
	    .ttl = txt->ttl,
	    .ms = ms,
	};

	return push(p, account, &ask, fn, arg);
}

struct pool_call *pool_add(struct pool *p, const char *account, const struct pool_txt *txt, unsigned ms,
                           pool_fn *fn, void *arg)
{
	return push_txt(p, POOL_ADD, account, txt, ms, fn, arg);
}

struct pool_call *pool_del(struct pool *p, const char *account, const struct pool_txt *txt, unsigned ms,
                           pool_fn *fn, void *arg)
{
	return push_txt(p, POOL_DEL, account, txt, ms, fn, arg);
}

struct pool_call *pool_live(struct pool *p, const char *account, const struct pool_txt *txt, unsigned ms,
                            pool_fn *fn, void *arg)
{
	return push_txt(p, POOL_LIVE, account, txt, ms, fn, arg);
}

static struct pool_call *push_name(struct pool *p, enum pool_op op, const char *account, const char *zone,
                                   const char *owner, unsigned ms, pool_fn *fn, void *arg)
{
	struct pool_ask ask = {.op = op, .zone = xstrdup(zone), .owner = xstrdup(owner), .ms = ms};

	return push(p, account, &ask, fn, arg);
}

struct pool_call *pool_check(struct pool *p, const char *account, const char *zone, const char *owner,
                             unsigned ms, pool_fn *fn, void *arg)
{
	return push_name(p, POOL_CHECK, account, zone, owner, ms, fn, arg);
}

struct pool_call *pool_list(struct pool *p, const char *account, const char *zone, const char *owner,
                            unsigned ms, pool_fn *fn, void *arg)
{
	return push_name(p, POOL_LIST, account, zone, owner, ms, fn, arg);
}

struct pool_call *pool_warm(struct pool *p, const char *account, pool_fn *fn, void *arg)
{
	struct pool_ask ask = {.op = POOL_WARM};

	return push(p, account, &ask, fn, arg);
}

void pool_announce(struct pool *p, const char *account, const char *zone, bool add)
{
	dns_account_announce(account_for(p, account), zone, add);
}

void pool_withdraw(struct pool *p, const char *account, const char *zone, bool add)
{
	struct dns_account *a = find(p, account);

	if (a)
		dns_account_withdraw(a, zone, add);
}

void pool_cancel(struct pool_call *c)
{
	if (c)
		dns_account_cancel(c);
}

const struct pool_hello *pool_hello(const struct pool *p, const char *account)
{
	const struct dns_account *a = find(p, account);

	return a ? dns_account_hello(a) : NULL;
}
