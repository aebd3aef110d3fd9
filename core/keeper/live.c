#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/stamp.h"
#include "keeper/file.h"
#include "keeper/generation.h"
#include "keeper/live.h"

bool live_switch(const struct folder *cert, const char *generation, struct err *e)
{
	return file_link(cert, "live", generation, e) && folder_sync(cert, e);
}

/* Names of the certificate that were (extra = false) or were not asked for. */
static json_t *names_of(const struct leaf *l, const json_t *asked, bool extra)
{
	json_t *names = json_array(), *wanted = json_object();
	const json_t *name;
	size_t i;

	json_array_foreach(asked, i, name) if (json_is_string(name))
	    json_object_set_new(wanted, json_string_value(name), json_true());
	for (i = 0; i < l->names.n; i++)
		if (asked ? extra == !json_object_get(wanted, l->names.at[i]) : !extra)
			json_array_append_new(names, json_string(l->names.at[i]));
	json_decref(wanted);
	return names;
}

static json_t *facts_of(const struct leaf *l, const char *generation, const json_t *meta)
{
	const json_t *asked = json_object_get(meta, "asked");
	const char *directory = json_string_value(json_object_get(meta, "directory"));

	return json_pack("{s:o, s:o, s:I, s:I, s:s, s:s, s:s?, s:s, s:s, s:s?, s:s*}", "names",
	                 names_of(l, asked, false), "extra", names_of(l, asked, true), "not_before",
	                 (json_int_t)l->not_before, "not_after", (json_int_t)l->not_after, "serial",
	                 l->serial, "type", l->type, "ari", l->ari, "issuer", l->issuer, "generation",
	                 generation, "directory", directory, "profile",
	                 json_string_value(json_object_get(meta, "profile")));
}

/* New; NULL with e. at: where the pair lies under that name, in the generation. */
static json_t *pair_facts(const struct folder *at, const char *name, const char *generation, struct err *e)
{
	struct chain c;
	struct leaf l;
	json_t *meta = NULL, *facts = NULL;

	if (generation_read(at, name, &c, &l, e)) {
		meta = generation_meta(at, name);
		facts = facts_of(&l, generation, meta);
	}
	json_decref(meta);
	chain_free(&c);
	leaf_free(&l);
	return facts;
}

/* New; NULL when there is none. */
static json_t *second_facts(const struct folder *cert, const char *generation)
{
	struct folder f = FOLDER_NONE;
	json_t *facts = NULL;
	struct err e;

	if (folder_open(&f, cert, generation, &e))
		for (size_t i = 0; !facts && i < 2; i++)
			if (folder_has(&f, generation_subfolders[i], &e))
				facts = pair_facts(&f, generation_subfolders[i], generation, &e);
	folder_close(&f);
	return facts;
}

static void add_second(json_t *facts, const struct folder *cert, const char *generation)
{
	json_t *second = second_facts(cert, generation);
	bool revoked = generation_is_revoked(cert, generation);

	if (revoked)
		json_object_set_new(facts, "revoked", json_true());
	if (second && revoked)
		json_object_set_new(second, "revoked", json_true());
	if (second)
		json_object_set_new(facts, "second", second);
}

json_t *live_facts_of(const struct folder *cert, const char *generation, const struct leaf *l)
{
	char *stamp = stamp_pair(cert->fd);
	json_t *meta, *facts;

	if (!stamp)
		return NULL;
	meta = generation_meta(cert, generation);
	facts = facts_of(l, generation, meta);
	json_object_set_new(facts, "stamp", json_string(stamp));
	add_second(facts, cert, generation);
	json_decref(meta);
	free(stamp);
	return facts;
}

static bool are_of(const json_t *known, const char *stamp)
{
	const char *then = json_string_value(json_object_get(known, "stamp"));

	return then && strcmp(then, stamp) == 0;
}

static json_t *read_facts(const struct folder *cert, const char *generation, const char *stamp)
{
	struct err e;
	json_t *facts = pair_facts(cert, generation, generation, &e);

	if (facts)
		json_object_set_new(facts, "stamp", json_string(stamp));
	else
		facts = json_pack("{s:s}", "broken", e.text);
	add_second(facts, cert, generation);
	return facts;
}

/* The stamp is taken first: what is written after it is seen by the next look. */
json_t *live_facts(const struct folder *cert, const json_t *known)
{
	struct err e;
	char *target = NULL, *stamp = NULL;
	json_t *facts = NULL;

	if (!folder_has(cert, "live", &e))
		return e.text[0] ? json_pack("{s:s}", "broken", e.text) : json_object();
	target = file_link_target(cert, "live", &e);
	if (target && !generation_parse(target, NULL)) {
		err_set(&e, "%s/live: does not point to a generation", cert->path);
	} else if (target && (stamp = stamp_pair(cert->fd))) {
		facts = are_of(known, stamp) ? json_copy((json_t *)known) : read_facts(cert, target, stamp);
	}
	free(target);
	free(stamp);
	return facts ? facts : json_pack("{s:s}", "broken", e.text);
}
