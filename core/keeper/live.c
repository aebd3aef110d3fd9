#include "config.h"

#include <stdlib.h>

#include "common/mem.h"
#include "keeper/file.h"
#include "keeper/generation.h"
#include "keeper/live.h"

bool live_switch(const struct folder *cert, const char *generation, struct err *e)
{
	return file_link(cert, "live", generation, e) && folder_sync(cert, e);
}

static json_t *facts_of(const struct leaf *l, const char *generation)
{
	json_t *names = json_array();

	for (size_t i = 0; i < l->names.n; i++)
		json_array_append_new(names, json_string(l->names.at[i]));
	return json_pack("{s:o, s:I, s:I, s:s, s:s, s:s?, s:s, s:s}", "names", names, "not_before",
	                 (json_int_t)l->not_before, "not_after", (json_int_t)l->not_after, "serial",
	                 l->serial, "type", l->type, "ari", l->ari, "issuer", l->issuer, "generation",
	                 generation);
}

json_t *live_facts(const struct folder *cert)
{
	struct err e;
	struct chain c = {.n = 0};
	struct leaf l = {.serial = NULL};
	char *target = NULL;
	json_t *facts = NULL;

	if (!folder_has(cert, "live", &e))
		return e.text[0] ? json_pack("{s:s}", "broken", e.text) : json_object();
	target = file_link_target(cert, "live", &e);
	if (target && !generation_parse(target, NULL))
		err_set(&e, "%s/live: does not point to a generation", cert->path);
	else if (target && generation_read(cert, target, &c, &l, &e))
		facts = facts_of(&l, target);
	chain_free(&c);
	leaf_free(&l);
	free(target);
	return facts ? facts : json_pack("{s:s}", "broken", e.text);
}
