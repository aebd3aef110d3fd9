#include "engine/order/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "engine/journal/backoff.h"
#include "engine/journal/turn.h"
#include "engine/peers/keeper.h"

static void order_part(struct order *o)
{
	if (o->other)
		o->other->other = NULL;
	o->other = NULL;
}

/* What goes with it waits on. */
static void publication_cancel(void *handle)
{
	struct order *o = handle;

	if (o->publish_call)
		keeper_cancel(o->publish_call);
	o->publish_call = NULL;
	o->publish_op = NULL;
	order_part(o);
}

static char *waits_for_other(const struct order_op *op)
{
	return op->order->publish_call ? NULL : xstrdup("waiting for the certificate of the other key type");
}

static void order_wait(struct order *o)
{
	o->publish_op = order_op(o, 0);
	order_op_set(o->publish_op, o, publication_cancel);
}

void order_waits_for_other(struct order *o, void (*won)(void *arg, struct order *o))
{
	o->won = won;
}

bool order_has_won(const struct order *o)
{
	return o->publish_op && !o->publish_call;
}

void order_leave(struct order *o)
{
	o->resumable = true;
	order_to_cleaning(o);
}

/* " of p256, beside that of rsa2048 which stays, valid until ..."; new. */
static char *types_text(const struct order *o, const json_t *beside)
{
	const char *own = o->row.key_type, *type = json_string_value(json_object_get(beside, "type"));
	char day[WHEN_ROOM];

	if (!o->cert->second)
		return xstrdup("");
	if (!type)
		return xasprintf(" (%s alone)", own);
	if (json_is_true(json_object_get(beside, "new")))
		return xasprintf(" (%s and %s)", own, type);
	return xasprintf(" (%s; the %s one there stays, valid until %s)", own, type,
	                 when_text(json_integer_value(json_object_get(beside, "not_after")), day));
}

static void publication_tell(struct order *o, const json_t *answer)
{
	const json_t *beside = json_object_get(answer, "other");
	json_int_t until = json_integer_value(json_object_get(answer, "not_after"));
	char *path = xasprintf("%s/certs/%s/live", o->e->job->state, o->cert->id);
	char *types = types_text(o, beside), day[WHEN_ROOM];

	order_event(o, EVENT_INFO, "certificate",
	            json_pack("{s:s, s:I, s:i, s:[s, s*]}", "path", path, "not_after", until, "round_trips",
	                      (int)acme_requests(o->acme), "key_types", o->row.key_type,
	                      json_string_value(json_object_get(beside, "type"))),
	            "certificate%s published in %s, valid until %s", types, path, when_text(until, day));
	free_all(path, types);
}

static void order_note_published(struct order *o)
{
	assert(o->row.state == ORDER_ROW_ISSUED);
	o->row.state = ORDER_ROW_PUBLISHED;
	order_row_store(o->e->turn, &o->row);
	if (!o->partial)
		backoff_over(o->e->turn, o->row.ca_account, o->cert->id, o->row.names);
}

static void order_end_publication(struct order *o)
{
	struct order_op *op = o->publish_op;

	o->publish_op = NULL;
	o->publish_call = NULL;
	order_op_end(op);
}

/* It is of the pair that the keeper names, if two were to be published. */
static void publication_wrong(struct order *o, const json_t *answer, const char *error)
{
	const char *type = json_string_value(json_object_get(answer, "type"));
	struct order *other = o->other;

	order_part(o);
	if (other && type && strcmp(type, other->row.key_type) == 0) {
		o->publish_call = NULL; /* it waits */
		order_fail(other, "the certificate cannot be used: %s", error);
		return;
	}
	order_end_publication(o);
	order_fail(o, "the certificate cannot be used: %s", error);
}

static void order_published(void *arg, const json_t *answer, const char *error)
{
	struct order *o = arg, *other = o->other;

	if (error && json_is_true(json_object_get(answer, "wrong"))) {
		publication_wrong(o, answer, error);
		return;
	}
	order_part(o);
	order_end_publication(o);
	if (error) {
		order_fail_resumable(
		    o, "the certificate is kept but not published yet: %s; the next run tries again", error);
		return;
	}
	if (json_is_true(json_object_get(answer, "trial"))) {
		order_tell_trial(o);
		return;
	}
	if (json_is_false(json_object_get(answer, "preferred")))
		order_event(o, EVENT_WARN, "chain", NULL,
		            "the CA has no chain \"%s\" (preferred_chain); its usual one is published",
		            o->cert->preferred_chain);
	order_note_published(o);
	publication_tell(o, answer);
	if (!other)
		return;
	order_note_published(other);
	order_end_publication(other);
}

static json_t *publication_request(const struct order *o, const struct order *other)
{
	json_t *request =
	    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "op", "publish", "account", o->row.ca_account, "cert",
	              o->cert->id, "order", o->row.tag, "type", o->row.key_type, "chain", o->chain);

	if (request && o->alternates)
		json_object_set(request, "alternates", o->alternates);
	if (request && other)
		json_object_set_new(request, "other",
		                    json_pack("{s:s, s:s}", "order", other->row.tag, "chain", other->chain));
	return request;
}

void order_publish_with(struct order *o, struct order *other, bool partial)
{
	assert(order_has_won(o));
	o->partial = partial;
	o->other = other;
	if (other)
		other->other = o;
	o->publish_call = keeper_send(o->e->keeper, publication_request(o, other), order_published, o);
}

void order_publish(struct order *o)
{
	json_t *chain = json_string(o->chain);

	json_decref(chain);
	if (!chain) { /* not UTF-8, so no PEM */
		order_fail_resumable(
		    o, "the CA sent something else than a certificate; the next run tries again");
		return;
	}
	order_wait(o);
	if (!o->won) {
		order_publish_with(o, NULL, false);
		return;
	}
	o->publish_op->waits_for = waits_for_other;
	loop_timer_stop(o->deadline);
	o->won(o->arg, o);
}
