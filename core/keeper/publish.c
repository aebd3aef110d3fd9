#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/barred.h"
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

static bool fill_stage(struct publish *p, const struct folder *stage, const struct chain *c, struct err *e)
{
	struct leaf leaf = {.serial = NULL};
	char *pem = checked_key(p, stage, c, &leaf, e);
	bool ok =
	    pem && generation_write(stage, &(struct generation){p->order, p->directory, p->profile, p->names},
	                            c, pem, &leaf, e);

	leaf_free(&leaf);
	mem_wipe_free(pem);
	return ok;
}

/* stage -> generation of its last name */
static bool make_generation(struct publish *p, const char *from, const struct chain *c, struct err *e)
{
	struct folder stage = FOLDER_NONE;
	bool ok =
	    folder_open(&stage, p->cert, from, e) && fill_stage(p, &stage, c, e) && verify(p, from, c, e);

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

bool publish_run(struct publish *p, struct err *e)
{
	struct chain c;
	bool ok = chain_parse(&c, p->chain, strlen(p->chain), e) && find_or_make(p, &c, e) &&
	          folder_sync(p->cert, e) && live_switch(p->cert, p->generation, e);

	if (ok)
		prune(p->cert, p->generation, p->now);
	chain_free(&c);
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
}
