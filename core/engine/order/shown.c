/* What an order holds of the CA's objects as they were last shown, for the steps that read them. */
#include "engine/order/parts.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "engine/acme/patience.h"
#include "engine/peers/keeper.h"

/* Something changed at the CA: the patience begins anew. */
void order_ca_moved(struct order *o)
{
	if (o->state < ORDER_CLEANING && o->ca_awaited && !o->winding_down)
		loop_timer_set(o->deadline, PATIENCE_MS);
}

static void fill_gaps(struct acme_order *seen, const struct acme_order *before)
{
	if (!before)
		return;
	if (!seen->finalize)
		seen->finalize = xstrdup(before->finalize);
	if (!seen->expires)
		seen->expires = before->expires;
}

bool order_keep(struct order *o, const json_t *json)
{
	struct err e;
	struct acme_order *parsed = acme_order_parse(json, &e);

	if (!parsed) {
		order_fail(o, "the CA's order cannot be read: %s", e.text);
		return false;
	}
	if (o->ca && o->ca->status != parsed->status)
		order_ca_moved(o);
	fill_gaps(parsed, o->ca);
	acme_order_free(o->ca);
	o->ca = parsed;
	return true;
}

bool order_keep_authz(struct order *o, size_t index, const json_t *json)
{
	struct order_authz *a = &o->authz[index];
	struct acme_authz *seen = acme_authz_parse(json, NULL);

	if (!seen)
		return false;
	if (seen->status == ACME_PENDING && seen->error && !a->ca->error) {
		char *text = problem_text(seen->error);
		order_event(o, EVENT_WARN, "authorization", NULL, "%s: the CA tries again after: %s",
		            a->label, text);
		free(text);
	}
	if (seen->status != a->ca->status)
		order_ca_moved(o);
	acme_authz_free(a->ca);
	a->ca = seen;
	return true;
}

size_t order_place_for(struct order *o, const char *name)
{
	char *challenge = xasprintf("_acme-challenge.%s", str_starts(name, "*.") ? name + 2 : name);

	for (size_t i = 0; i < o->places; i++)
		if (strcmp(o->place[i].challenge, challenge) == 0) {
			free(challenge);
			return i;
		}
	o->place = xgrow(o->place, o->places, sizeof(*o->place));
	o->place[o->places] = (struct order_place){.challenge = challenge};
	return o->places++;
}

void order_free_authzs(struct order *o)
{
	for (size_t i = 0; i < o->authzs; i++) {
		struct order_authz *a = &o->authz[i];
		acme_authz_free(a->ca);
		free(a->url);
		free(a->label);
		free(a->value);
		for (size_t n = 0; authz_put(a, n); n++)
			txt_free(authz_put(a, n)->txt);
		free(a->also);
	}
	free(o->authz);
	o->authz = NULL;
	o->authzs = 0;
}

void order_discard_key(struct order *o)
{
	if (o->key_call)
		keeper_cancel(o->key_call);
	o->key_call = NULL;
	keeper_send(o->e->keeper,
	            json_pack("{s:s, s:s, s:s}", "op", "discard", "cert", o->cert->id, "order", o->row.tag),
	            NULL, NULL);
}
