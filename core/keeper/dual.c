#include "config.h"

#include "keeper/dual.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/barred.h"
#include "keeper/file.h"
#include "keeper/generation.h"
#include "keeper/stage.h"

/* A pair on its way into the generation. */
struct half {
	EVP_PKEY *key;
	char *pem;
	struct chain chain;
	struct leaf leaf;
	json_t *meta;     /* of the live one; NULL: it is new */
	const char *from; /* live generation in which it is; NULL: its key is in a stage */
};

/* The generation that is live. */
struct present {
	char *name; /* NULL: there is none */
	struct folder folder;
};

static void half_clear(struct half *h)
{
	EVP_PKEY_free(h->key);
	mem_wipe_free(h->pem);
	chain_free(&h->chain);
	leaf_free(&h->leaf);
	json_decref(h->meta);
	*h = (struct half){.key = NULL};
}

static void present_open(struct present *p, const struct folder *cert)
{
	struct err e;

	*p = (struct present){.folder = FOLDER_NONE};
	if (folder_has(cert, "live", &e))
		p->name = file_link_target(cert, "live", &e);
	if (p->name && generation_parse(p->name, NULL) && folder_open(&p->folder, cert, p->name, &e))
		return;
	free(p->name);
	p->name = NULL;
}

static void present_close(struct present *p)
{
	folder_close(&p->folder);
	free(p->name);
}

static bool read_live(struct half *h, const struct folder *at, const char *name, struct err *e)
{
	struct folder f = FOLDER_NONE;
	bool ok = generation_read(at, name, &h->chain, &h->leaf, e) && folder_open(&f, at, name, e);

	h->key = ok ? stage_key(&f, &h->pem, e) : NULL;
	folder_close(&f);
	h->meta = h->key ? generation_meta(at, name) : NULL;
	return h->key;
}

/* That pair of the live generation which has a key of this type; same: only if it holds this certificate. */
static bool find_live(const struct dual *d, const struct present *p, const char *type,
                      const struct chain *same, struct half *h)
{
	const char *const places[] = {NULL, generation_subfolders[0], generation_subfolders[1]};
	struct err ignored;

	for (size_t i = 0; p->name && i < sizeof(places) / sizeof(places[0]); i++) {
		bool top = !places[i];

		if (!top && !folder_has(&p->folder, places[i], &ignored))
			continue;
		if (read_live(h, top ? d->cert : &p->folder, top ? p->name : places[i], &ignored) &&
		    strcmp(h->leaf.type, type) == 0 &&
		    (!same || X509_cmp(same->at[0], h->chain.at[0]) == 0)) {
			h->from = p->name;
			return true;
		}
		half_clear(h);
	}
	return false;
}

/* Is it good for the names that are wanted now, and not revoked? */
static bool may_stay(const struct dual *d, const struct half *h)
{
	struct leaf l = {.serial = NULL};
	struct err ignored;
	bool ok = !generation_is_revoked(d->cert, h->from) &&
	          pair_check(&h->chain, h->key, d->names, d->now, &l, &ignored) &&
	          (!d->state || barred_check(d->state, h->key, &ignored));

	leaf_free(&l);
	return ok;
}

static bool check_new(const struct dual *d, const struct dual_pair *p, struct half *h, struct err *e)
{
	if ((d->state && !barred_check(d->state, h->key, e)) ||
	    !pair_check(&h->chain, h->key, d->names, d->now, &h->leaf, e))
		return false;
	if (strcmp(h->leaf.type, p->type) == 0)
		return true;
	return err_set(e, "the certificate has a key of type %s, not %s", h->leaf.type, p->type);
}

/* A try that was cut short may have published it already: then its stage is gone. */
static bool take_new(const struct dual *d, const struct present *live, struct dual_pair *p, struct half *h,
                     struct err *e)
{
	char *name = stage_name(p->order);
	struct folder stage = FOLDER_NONE;
	struct chain chain;
	bool ok = chain_parse(&chain, p->chain, strlen(p->chain), e);

	if (ok && !find_live(d, live, p->type, &chain, h)) {
		h->chain = chain;
		chain = (struct chain){.n = 0};
		ok = folder_open(&stage, d->cert, name, e);
		h->key = ok ? stage_key(&stage, &h->pem, e) : NULL;
		p->wrong =
		    ok ? !h->key && stage_key_lost(&stage) : !folder_has(d->cert, name, &(struct err){""});
		if (!ok && p->wrong)
			err_set(e, "%s: there is no key of order %s", d->cert->path, p->order);
		ok = h->key && check_new(d, p, h, e);
		p->wrong = p->wrong || (h->key && !ok);
	}
	chain_free(&chain);
	folder_close(&stage);
	free(name);
	return ok;
}

static bool take(struct dual *d, const struct present *live, size_t i, struct half *h, struct err *e)
{
	struct dual_pair *p = &d->pair[i];

	if (p->chain)
		return take_new(d, live, p, h, e);
	if (find_live(d, live, p->type, NULL, h) && may_stay(d, h))
		return true;
	d->alone = i == 1;
	return err_set(e, "%s: there is no certificate with a key of type %s that could stay", d->cert->path,
	               p->type);
}

static bool write_half(const struct dual *d, const struct dual_pair *p, const struct half *h,
                       const struct folder *to, struct err *e)
{
	struct generation g = {
	    .order = p->order, .directory = d->directory, .profile = d->profile, .asked = d->names};
	struct strs asked = {0};
	const json_t *name;
	size_t i;

	if (h->meta) {
		const char *order = json_string_value(json_object_get(h->meta, "order"));

		json_array_foreach(json_object_get(h->meta, "asked"), i, name) if (json_is_string(name))
		    strs_add(&asked, json_string_value(name));
		g.order = order ? order : "";
		g.directory = json_string_value(json_object_get(h->meta, "directory"));
		g.profile = json_string_value(json_object_get(h->meta, "profile"));
		g.asked = asked.n ? &asked : d->names;
	}
	bool ok = file_write(to, "privkey.pem", 0600, h->pem, strlen(h->pem), e) &&
	          generation_write(to, &g, &h->chain, h->pem, &h->leaf, e);
	strs_free(&asked);
	return ok;
}

/* The folder as it is must be what was checked in memory. */
static bool same_pair(const struct folder *at, const char *name, const struct half *h, struct leaf *leaf,
                      struct err *e)
{
	struct chain found;
	bool ok = generation_read(at, name, &found, leaf, e);

	if (ok && X509_cmp(found.at[0], h->chain.at[0]) != 0)
		ok = err_set(e, "%s/%s: holds another certificate", at->path, name);
	chain_free(&found);
	return ok;
}

static bool fill(struct dual *d, const char *name, const struct half h[2], struct err *e)
{
	const char *below = generation_subfolder(d->pair[1].type);
	struct folder top = FOLDER_NONE, sub = FOLDER_NONE;
	bool ok = folder_remove(d->cert, name, e) && folder_make(&top, d->cert, name, 0711, e) &&
	          folder_make(&sub, &top, below, 0711, e) && write_half(d, &d->pair[1], &h[1], &sub, e) &&
	          write_half(d, &d->pair[0], &h[0], &top, e) &&
	          same_pair(d->cert, name, &h[0], &d->pair[0].leaf, e) &&
	          same_pair(&top, below, &h[1], &d->pair[1].leaf, e);

	folder_close(&sub);
	folder_close(&top);
	return ok;
}

/* A folder of that name is removed by whoever prunes next. */
static bool assemble(struct dual *d, const struct half h[2], struct err *e)
{
	const char *order = d->pair[0].order ? d->pair[0].order : d->pair[1].order;
	char *name = xasprintf(".gone-both-%s", order), *generation = generation_name(d->now, order);
	bool ok = fill(d, name, h, e) && folder_move(d->cert, name, generation, e);

	free(name);
	if (ok)
		d->generation = generation;
	else
		free(generation);
	return ok;
}

bool dual_make(struct dual *d, struct err *e)
{
	struct half h[2] = {{.key = NULL}, {.key = NULL}};
	struct present live;
	bool ok;

	present_open(&live, d->cert);
	ok = take(d, &live, 0, &h[0], e) && take(d, &live, 1, &h[1], e);
	if (ok && h[0].from && h[1].from) { /* it is there already */
		d->generation = xstrdup(live.name);
		for (size_t i = 0; ok && i < 2; i++)
			ok = leaf_read(&d->pair[i].leaf, h[i].chain.at[0], e);
	} else if (ok) {
		ok = assemble(d, h, e);
	}
	for (size_t i = 0; i < 2; i++)
		half_clear(&h[i]);
	present_close(&live);
	return ok;
}

void dual_clear(struct dual *d)
{
	free(d->generation);
	d->generation = NULL;
	for (size_t i = 0; i < 2; i++)
		leaf_free(&d->pair[i].leaf);
}
