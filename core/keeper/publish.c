#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "keeper/barred.h"
#include "keeper/dual.h"
#include "keeper/file.h"
#include "keeper/live.h"
#include "keeper/prune.h"
#include "keeper/publish.h"
#include "keeper/san.h"
#include "keeper/stage.h"

struct search {
	const char *order;
	char *found; /* the newest of that order */
};

static void match_order(void *arg, const char *name)
{
	struct search *s = arg;
	const char *order;

	if (!generation_parse(name, &order) || strcmp(order, s->order) != 0)
		return;
	if (s->found && strcmp(s->found, name) > 0)
		return;
	free(s->found);
	s->found = xstrdup(name);
}

static bool type_is(const struct publish *p, const struct leaf *l, struct err *e)
{
	if (strcmp(l->type, p->type) == 0)
		return true;
	return err_set(e, "the certificate has a key of type %s, not %s", l->type, p->type);
}

/* The generation under its last name must be what was checked in memory. */
static bool verify(struct publish *p, const char *name, const struct chain *c, struct err *e)
{
	struct chain found;
	bool ok = generation_read(p->cert, name, &found, &p->leaf, e);

	if (ok && X509_cmp(found.at[0], c->at[0]) != 0)
		ok = err_set(e, "%s/%s: holds another certificate of this order", p->cert->path, name);
	ok = ok && type_is(p, &p->leaf, e);
	chain_free(&found);
	return ok;
}

/* The key as text, to be released with mem_wipe_free(), and its leaf; NULL if they do not belong together, or are not
 * what was asked for. */
static char *checked_key(struct publish *p, const struct folder *stage, const struct chain *c,
                         struct leaf *leaf, struct err *e)
{
	char *pem = NULL;
	EVP_PKEY *key = stage_key(stage, &pem, e);
	bool fits = key && (!p->state || barred_check(p->state, key, e)) &&
	            pair_check(c, key, p->names, p->now, leaf, e) && type_is(p, leaf, e);

	p->wrong = key ? !fits : stage_key_lost(stage);
	EVP_PKEY_free(key);
	if (fits)
		return pem;
	mem_wipe_free(pem);
	return NULL;
}

/* What was parsed and checked once is compared with what the disk holds, not parsed again. */
static bool fill_stage(struct publish *p, const struct folder *stage, const struct chain *c, struct err *e)
{
	const struct generation g = {p->order, p->directory, p->profile, p->names};
	char *pem = checked_key(p, stage, c, &p->leaf, e);
	bool ok =
	    pem && generation_write(stage, &g, c, pem, &p->leaf, e) && generation_holds(stage, c, pem, e);

	mem_wipe_free(pem);
	return ok;
}

/* stage -> generation of its last name */
static bool make_generation(struct publish *p, const char *from, const struct chain *c, struct err *e)
{
	struct folder stage = FOLDER_NONE;
	bool ok = folder_open(&stage, p->cert, from, e) && fill_stage(p, &stage, c, e);

	folder_close(&stage);
	if (!ok)
		return false;
	p->generation = generation_name(p->now, p->order);
	return folder_move(p->cert, from, p->generation, e);
}

/* A dead run may have got as far as the generation: it is taken if it holds this certificate. */
static bool adopt_generation(struct publish *p, const struct chain *c, struct err *e)
{
	struct search s = {.order = p->order};

	if (!folder_each(p->cert, match_order, &s, e)) {
		free(s.found);
		return false;
	}
	if (!s.found)
		return err_set(e, "%s: there is no key of order %s", p->cert->path, p->order);
	p->generation = s.found;
	if (verify(p, s.found, c, e) && san_serves(&p->leaf.names, p->names, e))
		return true;
	publish_clear(p);
	return false;
}

static bool find_or_make(struct publish *p, const struct chain *c, struct err *e)
{
	struct err trouble = {""};
	char *from;
	bool ok;

	if (adopt_generation(p, c, e))
		return true;
	from = stage_name(p->order);
	if (folder_has(p->cert, from, &trouble)) {
		ok = make_generation(p, from, c, e);
	} else {
		p->wrong = !trouble.text[0];
		ok = p->wrong ? false : err_set(e, "%s", trouble.text);
	}
	free(from);
	return ok;
}

static bool make_one(struct publish *p, struct err *e)
{
	struct chain c;
	bool ok = chain_parse(&c, p->chain, strlen(p->chain), e) && find_or_make(p, &c, e);

	chain_free(&c);
	return ok;
}

static void take_leaf(struct leaf *to, struct leaf *from)
{
	*to = *from;
	*from = (struct leaf){.serial = NULL};
}

/* alone: only that there is no second pair is in the way. */
static bool make_both(struct publish *p, bool *alone, struct err *e)
{
	struct publish_other *o = &p->other;
	size_t own = o->first ? 1 : 0;
	struct dual d = {.cert = p->cert,
	                 .names = p->names,
	                 .directory = p->directory,
	                 .profile = p->profile,
	                 .state = p->state,
	                 .now = p->now};
	bool ok;

	d.pair[own] = (struct dual_pair){.type = p->type, .order = p->order, .chain = p->chain};
	d.pair[1 - own] = (struct dual_pair){.type = o->type, .order = o->order, .chain = o->chain};
	ok = dual_make(&d, e);
	*alone = d.alone;
	p->wrong = d.pair[own].wrong;
	o->wrong = d.pair[1 - own].wrong;
	p->generation = d.generation;
	d.generation = NULL;
	take_leaf(&p->leaf, &d.pair[own].leaf);
	take_leaf(&o->leaf, &d.pair[1 - own].leaf);
	dual_clear(&d);
	return ok;
}

static bool make(struct publish *p, struct err *e)
{
	bool alone = false;

	return (p->other.type && make_both(p, &alone, e)) || ((!p->other.type || alone) && make_one(p, e));
}

/* The stages of pairs that were copied. */
static void drop_stages(const struct publish *p)
{
	const char *const orders[] = {p->order, p->other.order};
	struct err e;

	for (size_t i = 0; i < 2; i++)
		if (orders[i] && !prune_stage(p->cert, orders[i], &e))
			log_warn("a key that is published stays in another place, too: %s", e.text);
}

bool publish_run(struct publish *p, struct err *e)
{
	/* The generation's name is durable before `live` points to it: a disk may write two renames in any order. */
	bool ok = make(p, e) && folder_sync(p->cert, e) && live_switch(p->cert, p->generation, e);

	if (ok && p->other.type)
		drop_stages(p);
	if (ok)
		prune(p->cert, p->generation, p->now);
	return ok;
}

bool publish_try(struct publish *p, struct err *e)
{
	struct chain c;
	struct folder stage = FOLDER_NONE;
	struct err ignored;
	char *name = stage_name(p->order), *pem = NULL;
	bool ok = chain_parse(&c, p->chain, strlen(p->chain), e) && folder_open(&stage, p->cert, name, e) &&
	          (pem = checked_key(p, &stage, &c, &p->leaf, e));

	folder_close(&stage);
	if (!folder_remove(p->cert, name, ok ? e : &ignored))
		ok = false;
	chain_free(&c);
	mem_wipe_free(pem);
	free(name);
	return ok;
}

void publish_clear(struct publish *p)
{
	free(p->generation);
	p->generation = NULL;
	leaf_free(&p->leaf);
	leaf_free(&p->other.leaf);
}
