#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "common/mem.h"
#include "common/wire.h"
#include "keeper/account.h"
#include "keeper/jws.h"
#include "keeper/keygen.h"
#include "keeper/live.h"
#include "keeper/policy.h"
#include "keeper/prune.h"
#include "keeper/publish.h"
#include "keeper/request.h"
#include "keeper/stage.h"
#include "keeper/store.h"

#define KEYS_WAITING_MOST 10000

struct key_request {
	struct key_request *next;
	struct requests *home;
	json_int_t id;
	char *cert, *order, *type;
};

struct account_entry {
	struct account_entry *next;
	struct account *account;
};

struct requests {
	struct loop *loop;
	struct wire *wire;
	const struct setup *setup;
	struct keygen *keygen;
	struct account_entry *accounts; /* those used so far */
	struct key_request *waiting;    /* for their key */
	size_t n_waiting;
	json_t *csrs; /* request -> "cert order" */
};

static void answer(struct requests *r, json_int_t id, json_t *result, const struct err *e)
{
	if (!result)
		result = json_pack("{s:s}", "error", e->text);
	json_object_set_new(result, "id", json_integer(id));
	wire_send(r->wire, result, -1);
}

/* Text member of a request; NULL with e when it is none. */
static const char *text_of(const json_t *request, const char *name, struct err *e)
{
	const char *text = json_string_value(json_object_get(request, name));

	if (!text)
		err_set(e, "the request has no text \"%s\"", name);
	return text;
}

static struct account *account_of(struct requests *r, const json_t *request, struct err *e)
{
	const char *name = text_of(request, "account", e), *directory;
	struct account_entry *entry = r->accounts;
	struct account *account = NULL;
	struct folder keys;

	if (!name)
		return NULL;
	while (entry && strcmp(entry->account->name, name) != 0)
		entry = entry->next;
	if (entry)
		return entry->account;
	directory = setup_directory(r->setup, name);
	if (!directory) {
		err_set(e, "account '%.200s' is not one of this run", name);
		return NULL;
	}
	if (store_keys(setup_state(r->setup), &keys, e))
		account = account_open(&keys, name, directory, e);
	folder_close(&keys);
	if (!account)
		return NULL;
	entry = xcalloc(1, sizeof(*entry));
	entry->account = account;
	entry->next = r->accounts;
	r->accounts = entry;
	return account;
}

static json_t *op_account(struct requests *r, const json_t *request, struct err *e)
{
	struct account *a = account_of(r, request, e);

	return a ? json_pack("{s:O, s:s}", "jwk", a->jwk, "thumbprint", a->thumbprint) : NULL;
}

static json_t *op_sign(struct requests *r, const json_t *request, struct err *e)
{
	const json_t *kid = json_object_get(request, "kid");
	struct jws j = {.url = text_of(request, "url", e),
	                .nonce = text_of(request, "nonce", e),
	                .payload = text_of(request, "payload", e),
	                .kid = json_string_value(kid)};
	struct policy p = {
	    .setup = r->setup, .csrs = r->csrs, .url = j.url, .kid = j.kid, .payload = j.payload};
	struct account *a = NULL;
	json_t *jws;

	if (!j.url || !j.nonce || !j.payload)
		return NULL;
	if (kid && !j.kid && !json_is_null(kid))
		err_set(e, "\"kid\" is not a text");
	else if (policy_check(&p, e))
		a = account_of(r, request, e);
	jws = a ? jws_sign(a, &j, e) : NULL;
	return jws ? json_pack("{s:o}", "jws", jws) : NULL;
}

static json_t *op_challenge(struct requests *r, const json_t *request, struct err *e)
{
	const char *token = text_of(request, "token", e);
	struct account *a = token ? account_of(r, request, e) : NULL;
	char *value = a ? account_challenge(a, token, e) : NULL;
	json_t *result = value ? json_pack("{s:s}", "value", value) : NULL;

	free(value);
	return result;
}

/* The members that tell a certificate's key: checked against what this run may do. */
struct subject {
	const char *cert, *order, *type;
	struct strs names;
	struct folder folder;
};

static bool subject_open(struct subject *s, const struct requests *r, const json_t *request, struct err *e)
{
	*s = (struct subject){.cert = text_of(request, "cert", e),
	                      .order = text_of(request, "order", e),
	                      .type = text_of(request, "type", e),
	                      .folder = FOLDER_NONE};
	if (!s->cert || !s->order || !s->type)
		return false;
	if (!setup_names(r->setup, s->cert, &s->names))
		return err_set(e, "certificate '%.200s' is not one of this run", s->cert);
	if (!setup_has_type(r->setup, s->cert, s->type))
		return err_set(e, "certificate %s is not to have a key of type '%.50s'", s->cert, s->type);
	if (!stage_tag_ok(s->order))
		return err_set(e, "the order's tag is not 1 to 64 of a-z 0-9 -");
	return store_cert(setup_state(r->setup), s->cert, &s->folder, e);
}

static void subject_close(struct subject *s)
{
	strs_free(&s->names);
	folder_close(&s->folder);
}

static json_t *csr_answer(struct requests *r, const struct subject *s, char *csr)
{
	json_t *result = json_pack("{s:s}", "csr", csr);

	json_object_set_new(r->csrs, csr, json_sprintf("%s %s", s->cert, s->order));
	free(csr);
	return result;
}

static void key_request_free(struct key_request *k)
{
	struct key_request **at = &k->home->waiting;

	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	k->home->n_waiting--;
	free(k->cert);
	free(k->order);
	free(k->type);
	free(k);
}

/* A request for the same key may have been quicker: its key is taken then. */
static json_t *key_save(const struct key_request *k, EVP_PKEY *key, struct err *e)
{
	json_t *request = json_pack("{s:s, s:s, s:s}", "cert", k->cert, "order", k->order, "type", k->type);
	json_t *result = NULL;
	char *csr = NULL;
	struct subject s;

	if (subject_open(&s, k->home, request, e) &&
	    stage_find(&s.folder, s.order, s.type, &s.names, &csr, e) &&
	    (csr || stage_save(&s.folder, s.order, key, &s.names, &csr, e)))
		result = csr_answer(k->home, &s, csr);
	subject_close(&s);
	json_decref(request);
	return result;
}

static void key_made(void *arg, EVP_PKEY *key, const struct err *error)
{
	struct key_request *k = arg;
	struct err e = *error;
	json_t *result = key ? key_save(k, key, &e) : NULL;

	EVP_PKEY_free(key);
	answer(k->home, k->id, result, &e);
	key_request_free(k);
}

static void key_wait(struct requests *r, const struct subject *s, json_int_t id)
{
	struct key_request *k = xcalloc(1, sizeof(*k));

	k->home = r;
	k->id = id;
	k->cert = xstrdup(s->cert);
	k->order = xstrdup(s->order);
	k->type = xstrdup(s->type);
	k->next = r->waiting;
	r->waiting = k;
	r->n_waiting++;
	keygen_start(r->keygen, s->type, key_made, k);
}

/* The one operation whose answer may come later; NULL with e empty then. */
static json_t *op_key(struct requests *r, const json_t *request, struct err *e)
{
	json_t *result = NULL;
	char *csr = NULL;
	struct subject s;

	if (setup_cleans(r->setup))
		err_set(e, "no new keys while cleaning up");
	else if (r->n_waiting >= KEYS_WAITING_MOST)
		err_set(e, "%d keys are being made already", KEYS_WAITING_MOST);
	else if (subject_open(&s, r, request, e)) {
		bool ok = stage_find(&s.folder, s.order, s.type, &s.names, &csr, e);

		if (ok && csr) {
			result = csr_answer(r, &s, csr);
		} else if (ok) {
			e->text[0] = '\0';
			key_wait(r, &s, json_integer_value(json_object_get(request, "id")));
		}
		subject_close(&s);
	} else {
		subject_close(&s);
	}
	return result;
}

static json_t *op_publish(struct requests *r, const json_t *request, struct err *e)
{
	json_t *result = NULL;
	struct subject s;
	struct publish p = {.chain = text_of(request, "chain", e), .now = (int64_t)time(NULL)};

	if (!p.chain)
		return NULL;
	if (subject_open(&s, r, request, e)) {
		p.cert = &s.folder;
		p.order = s.order;
		p.type = s.type;
		p.names = &s.names;
		if (publish_run(&p, e))
			result = json_pack("{s:s, s:I, s:I, s:s, s:s?}", "generation", p.generation,
			                   "not_before", (json_int_t)p.leaf.not_before, "not_after",
			                   (json_int_t)p.leaf.not_after, "serial", p.leaf.serial, "ari",
			                   p.leaf.ari);
		else if (p.wrong)
			result = json_pack("{s:s, s:b}", "error", e->text, "wrong", true);
		publish_clear(&p);
	}
	subject_close(&s);
	return result;
}

static json_t *op_current(struct requests *r, const json_t *request, struct err *e)
{
	const char *id = text_of(request, "cert", e);
	json_t *result = NULL;
	struct folder cert;

	if (!id)
		return NULL;
	if (store_cert_if_any(setup_state(r->setup), id, &cert, e))
		result = cert.fd < 0 ? json_object() : live_facts(&cert);
	folder_close(&cert);
	return result;
}

static void forget_csr(struct requests *r, const char *cert, const char *order)
{
	char *owner = xasprintf("%s %s", cert, order);
	const char *csr;
	json_t *of;
	void *next;

	json_object_foreach_safe(r->csrs, next, csr, of) if (strcmp(json_string_value(of), owner) == 0)
	    json_object_del(r->csrs, csr);
	free(owner);
}

static json_t *op_discard(struct requests *r, const json_t *request, struct err *e)
{
	const char *id = text_of(request, "cert", e), *order = text_of(request, "order", e);
	struct folder cert = FOLDER_NONE;
	bool ok;

	if (!id || !order)
		return NULL;
	if (!stage_tag_ok(order)) {
		err_set(e, "the order's tag is not 1 to 64 of a-z 0-9 -");
		return NULL;
	}
	forget_csr(r, id, order);
	ok = store_cert_if_any(setup_state(r->setup), id, &cert, e) &&
	     (cert.fd < 0 || prune_stage(&cert, order, e));
	folder_close(&cert);
	return ok ? json_object() : NULL;
}

static const struct operation {
	const char *name;
	json_t *(*fn)(struct requests *r, const json_t *request, struct err *e);
} operations[] = {
    {"account", op_account}, {"sign", op_sign},       {"challenge", op_challenge}, {"key", op_key},
    {"publish", op_publish}, {"current", op_current}, {"discard", op_discard},
};

static void serve(struct requests *r, const json_t *request, json_int_t id)
{
	const char *name = json_string_value(json_object_get(request, "op"));
	struct err e = {""};

	for (size_t i = 0; name && i < sizeof(operations) / sizeof(*operations); i++) {
		if (strcmp(operations[i].name, name) != 0)
			continue;
		json_t *result = operations[i].fn(r, request, &e);

		if (result || e.text[0])
			answer(r, id, result, &e);
		return;
	}
	err_set(&e, "unknown operation");
	answer(r, id, NULL, &e);
}

static void on_line(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct requests *r = arg;
	const json_t *id = json_object_get(line, "id");

	if (line && json_is_integer(id)) {
		serve(r, line, json_integer_value(id));
		return;
	}
	if (line)
		log_error("the engine sent a request without id");
	loop_stop(r->loop);
}

struct requests *requests_new(struct loop *l, int fd, const struct setup *setup)
{
	struct requests *r = xcalloc(1, sizeof(*r));

	r->loop = l;
	r->setup = setup;
	r->csrs = json_object();
	r->keygen = keygen_new(l);
	r->wire = wire_new(l, fd, fd, on_line, r);
	return r;
}

void requests_free(struct requests *r)
{
	struct account_entry *entry, *next;

	if (!r)
		return;
	keygen_free(r->keygen);
	while (r->waiting)
		key_request_free(r->waiting);
	for (entry = r->accounts; entry; entry = next) {
		next = entry->next;
		account_free(entry->account);
		free(entry);
	}
	wire_free(r->wire);
	json_decref(r->csrs);
	free(r);
}
