#include "config.h"

#include "keeper/adoption.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/foreign_key.h"
#include "keeper/live.h"
#include "keeper/pair.h"
#include "keeper/publish.h"
#include "keeper/stage.h"
#include "keeper/store.h"

struct adoption {
	EVP_PKEY *key;
	char *text; /* of the chain */
	struct chain chain;
	struct leaf leaf;
};

static void adoption_close(struct adoption *a)
{
	EVP_PKEY_free(a->key);
	chain_free(&a->chain);
	leaf_free(&a->leaf);
	free(a->text);
}

/* A chain of the server's certificate alone goes on with what lay beside it. */
static bool chain_read(struct adoption *a, const struct setup_pair *pair, struct err *e)
{
	if (!chain_parse(&a->chain, pair->chain, strlen(pair->chain), e))
		return false;
	bool alone = a->chain.n == 1 && pair->issuers && *pair->issuers;
	a->text = xasprintf("%s%s%s", pair->chain, alone ? "\n" : "", alone ? pair->issuers : "");
	if (!alone)
		return true;
	chain_free(&a->chain);
	return chain_parse(&a->chain, a->text, strlen(a->text), e);
}

static bool adoption_open(struct adoption *a, const struct setup *setup, struct err *e)
{
	const struct setup_pair *pair = setup_adopted(setup);

	*a = (struct adoption){.key = NULL};
	if (!pair)
		return err_set(e, "this run may not adopt a pair");
	if (!chain_read(a, pair, e))
		return err_prefix(e, "certificate");
	if (!(a->key = foreign_key_parse(pair->key, strlen(pair->key), e)))
		return err_prefix(e, "private key");
	return pair_fits(&a->chain, a->key, &a->leaf, e);
}

json_t *adoption_look(const struct setup *setup, struct err *e)
{
	struct adoption a;
	json_t *names = NULL, *result = NULL;

	if (adoption_open(&a, setup, e)) {
		names = json_array();
		for (size_t i = 0; i < a.leaf.names.n; i++)
			json_array_append_new(names, json_string(a.leaf.names.at[i]));
		result = json_pack("{s:o, s:s, s:I, s:I, s:s}", "names", names, "type", a.leaf.type,
		                   "not_before", (json_int_t)a.leaf.not_before, "not_after",
		                   (json_int_t)a.leaf.not_after, "issuer", a.leaf.issuer);
	}
	adoption_close(&a);
	return result;
}

/* True when nothing is published, or just this, which *same says. */
static bool is_free(const struct folder *cert, const struct leaf *leaf, bool *same, struct err *e)
{
	json_t *facts = live_facts(cert, NULL);
	const char *broken = json_string_value(json_object_get(facts, "broken"));
	const char *serial = json_string_value(json_object_get(facts, "serial"));

	*same = serial && strcmp(serial, leaf->serial) == 0;
	bool ok = !broken && (!serial || *same);
	if (broken)
		err_set(e, "%s", broken);
	else if (!ok)
		err_set(e, "another certificate is published there");
	json_decref(facts);
	return ok;
}

static json_t *publish(const struct adoption *a, const struct setup *setup, const struct folder *cert,
                       int64_t now, struct err *e)
{
	char *order = xasprintf("imported-%.40s", a->leaf.serial), *csr = NULL;
	struct publish p = {.cert = cert,
	                    .order = order,
	                    .type = a->leaf.type,
	                    .names = &a->leaf.names,
	                    .chain = a->text,
	                    .directory = setup_adopted(setup)->directory,
	                    .state = setup_state(setup),
	                    .now = now};
	json_t *result = NULL;

	if (stage_save(cert, order, a->key, &(struct csr_names){.all = &a->leaf.names}, &csr, e) &&
	    publish_run(&p, e))
		result = json_pack("{s:s}", "generation", p.generation);
	publish_clear(&p);
	free_all(order, csr);
	return result;
}

json_t *adoption_run(const struct setup *setup, const char *id, int64_t now, struct err *e)
{
	struct folder cert = FOLDER_NONE;
	struct adoption a;
	struct leaf leaf = {.serial = NULL};
	json_t *result = NULL;
	bool same = false;

	if (adoption_open(&a, setup, e) && pair_check(&a.chain, a.key, &a.leaf.names, now, &leaf, e) &&
	    store_cert(setup_state(setup), id, &cert, e) && is_free(&cert, &a.leaf, &same, e))
		result = same ? json_object() : publish(&a, setup, &cert, now, e);
	folder_close(&cert);
	leaf_free(&leaf);
	adoption_close(&a);
	return result;
}
