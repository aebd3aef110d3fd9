/* Certificates that live for a time, what the CA of the scripted world suggests about them, and how they look. */
#include "order_world_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "common/when.h"

/* What is published, where it has a lifetime: found by a hash of its ID. */
#define SLOTS 65536
static struct world_cert {
	char *id;
	int64_t since;
	unsigned serial;
	bool backup; /* that CA has issued it */
} live[SLOTS];

static size_t cert_slot(const char *id)
{
	size_t at = fnv64(id) % SLOTS;

	while (live[at].id && strcmp(live[at].id, id) != 0)
		at = (at + 1) % SLOTS;
	return at;
}

void order_world_live_close(void)
{
	for (size_t i = 0; i < SLOTS; i++)
		free(live[i].id);
	memset(live, 0, sizeof(live));
}

void order_world_publish(const char *id, int64_t since)
{
	struct world_cert *c = &live[cert_slot(id)];

	if (!c->id)
		c->id = xstrdup(id);
	c->since = since;
	c->serial++;
	c->backup = false;
}

/* The pair of a second key type is one of another ID in this world. */
static void publish_pair(const char *cert, const char *type, const char *account)
{
	char *id = strcmp(type, "p256") == 0 ? xstrdup(cert) : xasprintf("%s#", cert);

	if (world.life_s) {
		order_world_publish(id, loop_wall(order_world_engine.loop));
		live[cert_slot(id)].backup = account && strcmp(account, "backup") == 0;
	}
	free(id);
}

const char *order_world_publish_pairs(const char *cert, const json_t *request, json_t *answer)
{
	const char *type = json_string_value(json_object_get(request, "type"));
	const char *account = json_string_value(json_object_get(request, "account"));
	const char *other = json_object_get(request, "other") ? world.second : NULL;
	bool has_wrong = world.wrongs && (strcmp(world.wrong_type, type) == 0 ||
	                                  (other && strcmp(world.wrong_type, other) == 0));
	char *types;

	if (has_wrong) {
		world.wrongs--;
		json_object_set_new(answer, "wrong", json_true());
		json_object_set_new(answer, "type", json_string(world.wrong_type));
		return "the certificate is for another key";
	}
	types = xasprintf("%s%s%s", type, other ? " " : "", other ? other : "");
	strs_add(&world.generations, types);
	free(types);
	publish_pair(cert, type, account);
	if (other)
		publish_pair(cert, other, account);
	return NULL;
}

int64_t order_world_published(const char *id)
{
	return live[cert_slot(id)].since;
}

static int64_t since_of(const char *cert_id)
{
	unsigned long slot = 0;
	unsigned serial = 0;

	return sscanf(cert_id, "QUtJ.%lu-%u", &slot, &serial) == 2 && slot < SLOTS &&
	               live[slot].serial == serial
	           ? live[slot].since
	           : 0;
}

static json_t *second_facts(const char *id)
{
	char *second = xasprintf("%s#", id);
	json_t *facts = order_world_facts(second);

	if (json_object_size(facts)) {
		json_object_set_new(facts, "names", json_pack("[s]", id));
		json_object_set_new(facts, "type", json_string(world.second));
	}
	free(second);
	return facts;
}

json_t *order_world_facts(const char *id)
{
	size_t slot = cert_slot(id);
	const struct world_cert *c = &live[slot];
	char *ari;
	json_t *facts;

	if (!c->id)
		return json_object();
	ari = xasprintf("QUtJ.%zu-%u", slot, c->serial);
	facts = json_pack("{s:I, s:I, s:s, s:[s], s:s, s:s}", "not_before", (json_int_t)c->since, "not_after",
	                  (json_int_t)c->since + world.life_s, "type", "p256", "names", id, "directory",
	                  c->backup ? BACKUP "dir" : HOST "dir", "ari", ari);
	free(ari);
	if (world.second && !strchr(id, '#')) {
		json_t *second = second_facts(id);

		if (json_object_size(second))
			json_object_set(facts, "second", second);
		json_decref(second);
	}
	return facts;
}

json_t *order_world_window(const char *cert_id)
{
	int64_t since = since_of(cert_id), life = world.life_s;
	int64_t centre = since + life - life / (life < 10 * 86400 ? 2 : 3);

	return since ? json_pack("{s:{s:o, s:o}}", "suggestedWindow", "start", when_json(centre - life / 100),
	                         "end", when_json(centre + life / 100))
	             : NULL;
}

const char *order_world_chain(void)
{
	static char text[512 * 1024];
	size_t n = 0;

	for (unsigned i = 0; i <= world.chain_certs; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "-----BEGIN CERTIFICATE-----\n");
	while (n < world.chain_kib * 1024)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "{\"text\": \"between\"}\n");
	return text;
}
