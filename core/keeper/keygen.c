#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "common/mem.h"
#include "keeper/key.h"
#include "keeper/keygen.h"
#include "keeper/worker.h"

#define CHILDREN_MOST 2

struct keygen_job {
	struct keygen_job *next; /* of the quick ones */
	char *type;
	keygen_fn *fn;
	void *arg;
};

struct keygen {
	struct loop_timer *kick;
	struct workers *slow;
	struct keygen_job *first, **end; /* quick ones, in the order they came */
};

static void job_free(struct keygen_job *j)
{
	free(j->type);
	free(j);
}

static void job_end(struct keygen_job *j, EVP_PKEY *key, const struct err *e)
{
	keygen_fn *fn = j->fn;
	void *arg = j->arg;

	job_free(j);
	fn(arg, key, e);
}

static void quick_keys(void *arg)
{
	struct keygen *g = arg;
	struct keygen_job *j = g->first;
	struct err e = {""};

	if (!j)
		return;
	g->first = j->next;
	if (!g->first)
		g->end = &g->first;
	else
		loop_timer_set(g->kick, 0);
	job_end(j, key_make(j->type, &e), &e);
}

static void slow_key(const void *arg, int out)
{
	const struct keygen_job *j = arg;
	struct err e;
	EVP_PKEY *key = key_make(j->type, &e);
	char *pem = key ? key_pem(key) : NULL;

	if (pem)
		io_write(out, pem, strlen(pem));
	mem_wipe_free(pem);
	EVP_PKEY_free(key);
}

static void slow_key_made(void *arg, const struct buf *pem)
{
	struct keygen_job *j = arg;
	struct err e = {""};
	EVP_PKEY *key = pem->len ? key_parse(pem->data, pem->len, &e) : NULL;

	if (!pem->len)
		err_set(&e, "the process that should make a %s key died", j->type);
	job_end(j, key, &e);
}

static void slow_key_drop(void *arg)
{
	job_free(arg);
}

struct keygen *keygen_new(struct loop *l)
{
	struct keygen *g = xcalloc(1, sizeof(*g));

	g->kick = loop_timer_new(l, quick_keys, g);
	g->slow = workers_new(l, CHILDREN_MOST, slow_key_drop);
	g->end = &g->first;
	return g;
}

void keygen_free(struct keygen *g)
{
	struct keygen_job *j;

	if (!g)
		return;
	workers_free(g->slow, false);
	while ((j = g->first)) {
		g->first = j->next;
		job_free(j);
	}
	loop_timer_free(g->kick);
	free(g);
}

void keygen_start(struct keygen *g, const char *type, keygen_fn *fn, void *arg)
{
	struct keygen_job *j = xcalloc(1, sizeof(*j));

	*j = (struct keygen_job){.type = xstrdup(type), .fn = fn, .arg = arg};
	if (key_type_slow(type)) {
		workers_start(g->slow, slow_key, slow_key_made, j);
		return;
	}
	*g->end = j;
	g->end = &j->next;
	loop_timer_set(g->kick, 0);
}
