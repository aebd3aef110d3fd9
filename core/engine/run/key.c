/* What is known of a certificate's key types, one by one. */
#include <string.h>

#include "engine/peers/keeper.h"
#include "engine/run/parts.h"

void keys_init(struct run_cert *c)
{
	const char *const types[] = {c->cert->key, c->cert->second};

	for (c->keys = 0; c->keys < KEYS_MOST && types[c->keys]; c->keys++)
		c->key[c->keys] = (struct run_key){.cert = c, .type = types[c->keys]};
}

unsigned key_place(const struct run_key *k)
{
	return (unsigned)(k - k->cert->key);
}

static bool has_type(const json_t *facts, const char *type)
{
	const char *own = json_string_value(json_object_get(facts, "type"));

	return own && strcmp(own, type) == 0;
}

const json_t *key_facts(const struct run_key *k, const json_t *current)
{
	const json_t *second = json_object_get(current, "second");

	if (!key_place(k))
		return current;
	return has_type(second, k->type) ? second : has_type(current, k->type) ? current : NULL;
}

bool key_is_fresh(const struct run_key *k, int64_t now)
{
	const struct due_dates *d = &k->dates;

	return k->due == DUE_NOT && now < d->since + (d->from - d->since) / 2;
}

bool keys_resume(const struct run_cert *c)
{
	for (size_t i = 0; i < c->keys; i++)
		if (c->key[i].resumed.id)
			return true;
	return false;
}

void key_discard(void *arg, const struct order_row *o)
{
	const struct run *r = arg;

	keeper_send(r->e->keeper,
	            json_pack("{s:s, s:s, s:s}", "op", "discard", "cert", o->cert, "order", o->tag), NULL,
	            NULL);
}
