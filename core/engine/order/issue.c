#include "engine/order/parts.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/patience.h"
#include "engine/peers/keeper.h"
#include "engine/journal/turn.h"

static void cancel_nothing(void *handle)
{
	(void)handle;
}

static void order_send_finalize(void *arg);

/* The key is there and finalization waits for it: what may be sent is written down first. */
static void order_finalize_go(struct order *o)
{
	if (o->row.state != ORDER_ROW_FINALIZED)
		order_take_issuance(o);
	o->row.state = ORDER_ROW_FINALIZED;
	order_row_store(o->e->turn, &o->row);
	turn_then(o->e->turn, order_send_finalize, order_not_written, o->key_op);
	o->key_op = NULL;
}

static void key_made(void *arg, const json_t *answer, const char *error)
{
	struct order *o = arg;
	const char *csr = json_string_value(json_object_get(answer, "csr"));

	o->key_call = NULL;
	if (error || !csr) {
		order_fail(o, "no key for the certificate: %s", error ? error : "bad answer of the keeper");
		return;
	}
	o->csr = xstrdup(csr);
	if (o->key_op)
		order_finalize_go(o);
}

void order_make_key(struct order *o)
{
	if (o->key_call || o->csr)
		return;
	o->key_call = keeper_send(o->e->keeper,
	                          json_pack("{s:s, s:s, s:s, s:s}", "op", "key", "cert", o->cert->id, "order",
	                                    o->row.tag, "type", o->row.key_type),
	                          key_made, o);
}

/* "Later", or an answer that was lost: the order tells what became of it. A second POST is sent only when
 * it still says ready. */
static void finalize_unsure(struct order *o, const struct acme_answer *answer)
{
	if (answer->retry_after_ms > PATIENCE_MS) {
		order_fail_problem(o, answer->problem, "finalize");
		return;
	}
	order_event(o, EVENT_WARN, "finalize", NULL,
	            "the CA gave no proper answer to finalize; looking what became of the order");
}

static void order_finalized(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (!answer->problem) {
		/* An answer that cannot be read hides nothing: the order is polled. */
		struct acme_order *seen = acme_order_parse(answer->json, NULL);
		acme_order_free(seen);
		if (seen && order_keep(o, answer->json) && o->ca->status == ACME_VALID && o->ca->certificate)
			o->next = ORDER_DOWNLOADING;
	} else if (strcmp(answer->problem->type, "orderNotReady") == 0) {
		o->next = ORDER_VALIDATING;
	} else if (answer->maybe_done) {
		finalize_unsure(o, answer);
	} else {
		order_fail_problem(o, answer->problem, "finalize");
	}
}

static void order_send_finalize(void *arg)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	turn_stop_point("finalize");
	order_post(op, o->ca->finalize, json_pack("{s:s}", "csr", o->csr), ACME_LOOK_FIRST, order_finalized);
}

void order_finalize(struct order *o)
{
	order_remove_values(o);
	if (!o->ca->finalize) {
		order_fail(o, "the order is ready but names no URL to finalize it");
		return;
	}
	o->key_op = order_op(o, 0);
	order_op_set(o->key_op, NULL, cancel_nothing);
	order_make_key(o);
	if (o->csr)
		order_finalize_go(o);
}

#define CHAIN_MOST  (256 * 1024)
#define CHAIN_CERTS 10

/* What is wrong with its size, before anybody looks into it; NULL if nothing. New. */
static char *chain_excess(const char *chain, size_t n)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	size_t certs = 0;

	for (const char *at = chain; (at = strstr(at, begin)); at += sizeof(begin) - 1)
		certs++;
	if (n > CHAIN_MOST)
		return xasprintf("%zu KiB instead of a certificate and its chain (at most %d KiB)", n / 1024,
		                 CHAIN_MOST / 1024);
	if (certs > CHAIN_CERTS)
		return xasprintf("%zu certificates where at most %d are expected", certs, CHAIN_CERTS);
	return NULL;
}

#define ALTERNATES_MOST       4
#define ALTERNATES_TEXTS_MOST (256 * 1024) /* all of them, so that they fit into one line to the keeper */

/* What is no chain the keeper leaves aside. */
static void order_keep_alternate(struct order *o, const struct acme_answer *answer)
{
	json_t *text =
	    strlen(answer->body) == answer->body_len ? json_stringn(answer->body, answer->body_len) : NULL;

	if (o->alternates_octets + answer->body_len > ALTERNATES_TEXTS_MOST) {
		json_decref(text);
		return;
	}
	o->alternates_octets += answer->body_len;
	if (!o->alternates)
		o->alternates = json_array();
	json_array_append_new(o->alternates, text); /* NULL is not appended */
}

/* The certificate is there: without an alternate it has its usual chain. */
static void order_alternate_downloaded(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (answer->problem) {
		char *words = problem_text(answer->problem);

		order_event(o, EVENT_WARN, "chain", NULL, "an alternate chain cannot be downloaded: %s",
		            words);
		free(words);
	} else {
		order_keep_alternate(o, answer);
	}
}

static void order_download_alternates(struct order *o, const struct strs *urls)
{
	for (size_t i = 0; i < urls->n && i < ALTERNATES_MOST; i++)
		order_read(order_op(o, i), urls->at[i], order_alternate_downloaded);
}

static void order_downloaded(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	char *excess;

	order_op_end(op);
	if (answer->problem) {
		/* The certificate is won: whatever this is, the next run asks for it again. */
		o->resumable = true;
		order_fail_problem(o, answer->problem, "downloading the certificate");
	} else if (!answer->body_len || strlen(answer->body) != answer->body_len) {
		order_fail_resumable(
		    o, "the CA sent something else than a certificate; the next run tries again");
	} else if ((excess = chain_excess(answer->body, answer->body_len))) {
		order_fail_resumable(o, "the CA sent %s; the next run tries again", excess);
		free(excess);
	} else {
		o->chain = xstrndup(answer->body, answer->body_len);
		if (o->cert->preferred_chain)
			order_download_alternates(o, answer->alternates);
	}
}

void order_download(struct order *o)
{
	order_remove_values(o);
	if (o->ca && o->ca->certificate) {
		free(o->row.certificate);
		o->row.certificate = xstrdup(o->ca->certificate);
	}
	if (!o->row.certificate) {
		order_fail_resumable(o, "the order is valid but names no certificate");
		return;
	}
	/* Written with the turn, before anything can go wrong with it: from here on a failure costs no
	 * second certificate. */
	o->row.state = ORDER_ROW_ISSUED;
	order_row_store(o->e->turn, &o->row);
	order_read(order_op(o, 0), o->row.certificate, order_downloaded);
}
