#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "keeper/file.h"
#include "keeper/generation.h"
#include "keeper/stage.h"

#define META_MOST 262144

char *generation_name(int64_t now, const char *order)
{
	char when[WHEN_ROOM];

	return xasprintf("gen-%s-%s", when_compact(now, when), order);
}

bool generation_parse(const char *name, const char **order)
{
	static const char shape[] = "gen-dddddddd"
	                            "T"
	                            "dddddd"
	                            "Z-";

	for (size_t i = 0; shape[i]; i++)
		if (shape[i] == 'd' ? name[i] < '0' || name[i] > '9' : name[i] != shape[i])
			return false;
	if (order)
		*order = name + strlen(shape);
	return stage_tag_ok(name + strlen(shape));
}

const char *const generation_subfolders[2] = {"rsa", "ecdsa"};

const char *generation_subfolder(const char *type)
{
	return generation_subfolders[str_starts(type, "rsa") ? 0 : 1];
}

static json_t *list_of(const struct strs *names)
{
	json_t *list = json_array();

	for (size_t i = 0; i < names->n; i++)
		json_array_append_new(list, json_string(names->at[i]));
	return list;
}

static char *meta_text(const struct generation *g, const struct leaf *l)
{
	json_t *meta = json_pack(
	    "{s:o, s:o, s:s, s:I, s:I, s:s, s:s?, s:s, s:s, s:s?, s:s*}", "names", list_of(&l->names),
	    "asked", list_of(g->asked), "type", l->type, "not_before", (json_int_t)l->not_before, "not_after",
	    (json_int_t)l->not_after, "serial", l->serial, "ari", l->ari, "order", g->order, "issuer",
	    l->issuer, "directory", g->directory, "profile", g->profile);
	char *text = json_dumps(meta, JSON_INDENT(1) | JSON_ENSURE_ASCII);

	json_decref(meta);
	return text;
}

json_t *generation_meta(const struct folder *at, const char *name)
{
	struct folder f;
	struct err e;
	json_t *meta = NULL;
	char *text = NULL;
	size_t n;

	if (folder_open(&f, at, name, &e))
		text = file_read(&f, "meta.json", META_MOST, &n, &e);
	if (text)
		meta = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	folder_close(&f);
	free(text);
	if (json_is_object(meta))
		return meta;
	json_decref(meta);
	return json_object();
}

/* frees text */
static bool put(const struct folder *f, const char *name, mode_t mode, char *text, struct err *e)
{
	bool ok = file_drop(f, name, e) && file_write(f, name, mode, text, strlen(text), e);

	mem_wipe_free(text);
	return ok;
}

/* The files' entries are durable before the stage gets its last name: of a generation that is there nothing is missing. */
bool generation_write(const struct folder *stage, const struct generation *g, const struct chain *c,
                      const char *key_pem, const struct leaf *l, struct err *e)
{
	char *full = chain_pem(c, 0, c->n), *combined = xasprintf("%s%s", key_pem, full);
	bool ok = put(stage, "combined.pem", 0600, combined, e) &&
	          put(stage, "cert.pem", 0644, chain_pem(c, 0, 1), e) &&
	          put(stage, "chain.pem", 0644, chain_pem(c, 1, c->n), e) &&
	          put(stage, "meta.json", 0644, meta_text(g, l), e);

	if (!ok)
		free(full);
	return ok && put(stage, "fullchain.pem", 0644, full, e) && file_drop(stage, "request.csr", e) &&
	       folder_sync(stage, e);
}

static bool same_text(const struct folder *f, const char *name, const char *text, struct err *e)
{
	size_t n;
	char *found = file_read(f, name, 2 * CHAIN_TEXT_MOST, &n, e);
	bool same = found && strcmp(found, text) == 0;

	if (found && !same)
		err_set(e, "%s/%s: does not belong to this pair", f->path, name);
	mem_wipe_free(found);
	return same;
}

static bool derived_fit(const struct folder *f, const struct chain *c, const char *key_pem, struct err *e)
{
	char *cert = chain_pem(c, 0, 1), *rest = chain_pem(c, 1, c->n);
	char *combined = xasprintf("%s%s%s", key_pem, cert, rest);
	bool ok = same_text(f, "cert.pem", cert, e) && same_text(f, "chain.pem", rest, e) &&
	          same_text(f, "combined.pem", combined, e);

	mem_wipe_free(combined);
	free(rest);
	free(cert);
	return ok;
}

bool generation_holds(const struct folder *stage, const struct chain *c, const char *key_pem, struct err *e)
{
	char *full = chain_pem(c, 0, c->n);
	bool ok = same_text(stage, "fullchain.pem", full, e) && derived_fit(stage, c, key_pem, e);

	free(full);
	return ok;
}

static bool read_chain(const struct folder *f, struct chain *c, struct err *e)
{
	size_t n;
	char *text = file_read(f, "fullchain.pem", CHAIN_TEXT_MOST, &n, e);
	bool ok = text && chain_parse(c, text, n, e);

	if (text && !ok)
		err_prefix(e, "%s/fullchain.pem", f->path);
	free(text);
	return ok;
}

static bool read_files(const struct folder *f, struct chain *c, struct leaf *l, struct err *e)
{
	char *pem = NULL;
	EVP_PKEY *key = stage_key(f, &pem, e);
	bool ok = key && read_chain(f, c, e);

	if (ok && !pair_fits(c, key, l, e))
		ok = err_prefix(e, "%s", f->path);
	ok = ok && derived_fit(f, c, pem, e);
	mem_wipe_free(pem);
	EVP_PKEY_free(key);
	return ok;
}

bool generation_read(const struct folder *at, const char *name, struct chain *c, struct leaf *l,
                     struct err *e)
{
	struct folder f;
	bool ok;

	memset(c, 0, sizeof(*c));
	memset(l, 0, sizeof(*l));
	if (!folder_open(&f, at, name, e))
		return false;
	ok = read_files(&f, c, l, e);
	folder_close(&f);
	return ok;
}

bool generation_note_revoked(const struct folder *cert, const char *name, struct err *e)
{
	struct folder f;
	bool ok = folder_open(&f, cert, name, e) && file_replace(&f, "revoked", 0644, "", 0, e) &&
	          folder_sync(&f, e);

	folder_close(&f);
	return ok;
}

bool generation_is_revoked(const struct folder *cert, const char *name)
{
	struct folder f;
	struct err e;
	bool revoked = folder_open(&f, cert, name, &e) && folder_has(&f, "revoked", &e);

	folder_close(&f);
	return revoked;
}
