#include "config.h"

#include "engine/pool/pace.h"

void pool_pace_init(struct pool_pace *p, struct loop *l, const char *account,
                    const struct pool_requests *kept)
{
	*p = (struct pool_pace){.loop = l, .account = account, .kept = kept};
}

static void earlier(void *pace, unsigned age_s, unsigned n)
{
	struct pool_pace *p = pace;

	pool_rate_count(&p->rate, loop_now(p->loop), age_s, n);
}

static void load(struct pool_pace *p)
{
	if (!p->rate.most || !p->kept->each)
		return;
	pool_rate_forget(&p->rate);
	p->kept->each(p->kept->arg, p->account, earlier, p);
}

void pool_pace_limit(struct pool_pace *p, unsigned per_minute)
{
	unsigned most = p->rate.most;

	pool_rate_limit(&p->rate, per_minute);
	if (p->rate.most != most)
		load(p);
}

static unsigned expected(const struct pool_pace *p, enum pool_op op)
{
	return p->made[op] ? p->made[op] : 1;
}

uint64_t pool_pace_wait(struct pool_pace *p, enum pool_op op)
{
	return pool_rate_wait(&p->rate, loop_now(p->loop), expected(p, op), p->open);
}

unsigned pool_pace_begin(struct pool_pace *p, enum pool_op op)
{
	p->open += expected(p, op);
	return expected(p, op);
}

void pool_pace_end(struct pool_pace *p, enum pool_op op, unsigned expected, unsigned n)
{
	p->open -= expected;
	if (n)
		p->made[op] = n;
	p->unstored += n;
	pool_rate_count(&p->rate, loop_now(p->loop), 0, n);
}

void pool_pace_store(struct pool_pace *p)
{
	if (p->rate.most && p->unstored && p->kept->store) {
		p->kept->store(p->kept->arg, p->account, p->unstored);
		load(p);
	}
	p->unstored = 0;
}
