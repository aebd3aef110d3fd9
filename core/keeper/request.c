#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "common/log.h"
#include "common/mem.h"
#include "common/wire.h"
#include "keeper/account.h"
#include "keeper/accounts.h"
#include "keeper/adoption.h"
#include "keeper/bind.h"
#include "keeper/jws.h"
#include "keeper/keygen.h"
#include "keeper/live.h"
#include "keeper/policy.h"
#include "keeper/prune.h"
#include "keeper/publication.h"
#include "keeper/removal.h"
#include "keeper/request.h"
#include "keeper/revocation.h"
#include "keeper/rollover.h"
#include "keeper/stage.h"
#include "keeper/store.h"
#include "keeper/subject.h"
#include "keeper/succession.h"
#include "keeper/tryout.h"

#define KEYS_WAITING_MOST 10000

struct key_request {
	LIST_ENTRY(key_request) next;
	struct requests *home;
	json_int_t id;
	char *cert, *order, *type;
};

struct requests {
	struct loop *loop;
	struct wire *wire;
	const struct setup *setup;
	struct keygen *keygen;
	struct accounts *accounts;
	LIST_HEAD(, key_request) waiting; /* for their key */
	size_t n_waiting;
	struct publications *publications;
	json_t *csrs;        /* requests for certificates of orders that go on: text -> true */
	json_t *published;   /* ID -> facts of what was published here, until they are asked for */
	json_t *orders;      /* "cert order" -> its text in csrs */
	json_t *bindings;    /* signatures of external account bindings made here -> true */
	json_t *rollovers;   /* signatures of inner JWS made here -> URL */
	json_t *revocations; /* certificates that may be revoked (policy.h), of those that were asked for */
};

static void answer(struct requests *r, json_int_t id, json_t *result, const struct err *e)
{
	if (!result)
		result = json_pack("{s:s}", "error", e->text);
	json_object_set_new(result, "id", json_integer(id));
	if (!wire_send(r->wire, result, -1))
		wire_send(r->wire,
		          json_pack("{s:I, s:s}", "id", id, "error", "its answer would be longer than 1 MiB"),
		          -1);
}

static struct account *account_of(struct requests *r, const json_t *request, struct err *e)
{
	const char *name = request_text(request, "account", e);

	return name ? accounts_get(r->accounts, name, e) : NULL;
}

/* What the engine asks first: another run may have changed the key meanwhile. */
static json_t *op_account(struct requests *r, const json_t *request, struct err *e)
{
	const char *name = request_text(request, "account", e);
	const struct account *a;

	if (name && accounts_lacks(r->accounts, name))
		return json_pack("{s:b}", "missing", true);
	if (name)
		accounts_forget(r->accounts, name);
	a = name ? accounts_get(r->accounts, name, e) : NULL;
	return a ? json_pack("{s:O, s:s, s:b}", "jwk", a->jwk, "thumbprint", a->thumbprint, "next",
	                     accounts_next(r->accounts, name, e) != NULL)
	         : NULL;
}

/* The key that is to take over asks whether it has, and nothing else. */
static struct account *next_account(struct requests *r, const json_t *request, const struct jws *j,
                                    struct err *e)
{
	const char *name = request_text(request, "account", e);
	struct account *a = NULL;

	if (name && !j->kid && strcmp(j->payload, "{\"onlyReturnExisting\":true}") == 0)
		a = accounts_next(r->accounts, name, e);
	if (!a && !e->text[0])
		err_set(e, "not signed: a next key only asks for its account");
	return a;
}

static json_t *op_rollover(struct requests *r, const json_t *request, struct err *e)
{
	const char *url = request_text(request, "url", e), *kid = request_text(request, "kid", e);
	const struct account *now = url && kid ? account_of(r, request, e) : NULL;
	json_t *jws = NULL;
	struct folder keys;

	if (!now)
		return NULL;
	if (!setup_has_task(r->setup, "rollover")) {
		err_set(e, "this run may not change the key of CA account %s", now->name);
		return NULL;
	}
	if (store_keys(setup_state(r->setup), &keys, e) && jws_url_ok(now, "kid", kid, e))
		jws = rollover_begin(&keys, now, setup_directory(r->setup, now->name), kid, url, e);
	folder_close(&keys);
	if (!jws)
		return NULL;
	json_object_set_new(r->rollovers, json_string_value(json_object_get(jws, "signature")),
	                    json_string(url));
	return json_pack("{s:o}", "jws", jws);
}

static json_t *op_rolled(struct requests *r, const json_t *request, struct err *e)
{
	const char *name = request_text(request, "account", e);
	const json_t *took_over = json_object_get(request, "took_over");
	struct folder keys = FOLDER_NONE;
	bool ok = name && (accounts_get(r->accounts, name, e) != NULL) &&
	          (json_is_boolean(took_over) || err_set(e, "the request has no \"took_over\"")) &&
	          store_keys(setup_state(r->setup), &keys, e) &&
	          rollover_end(&keys, name, json_is_true(took_over), e);

	folder_close(&keys);
	if (!ok)
		return NULL;
	accounts_forget(r->accounts, name);
	return json_object();
}

static json_t *op_imported(struct requests *r, const json_t *request, struct err *e)
{
	const struct account *a = account_of(r, request, e);
	struct folder keys = FOLDER_NONE;
	bool ok = a != NULL;

	if (ok && !setup_import(r->setup, a->name))
		ok = err_set(e, "this run may not import the key of CA account %s", a->name);
	ok = ok && store_keys(setup_state(r->setup), &keys, e) && account_keep(&keys, a, e);
	folder_close(&keys);
	return ok ? json_object() : NULL;
}

/* The certificate's own key signs as an account that nobody has (RFC 8555 section 7.6). */
static struct account *own_account(struct requests *r, const json_t *request, const json_t *revocation,
                                   struct err *e)
{
	const char *name = request_text(request, "account", e);
	const char *directory = name ? setup_directory(r->setup, name) : NULL;
	size_t n = (size_t)json_integer_value(json_object_get(revocation, "n"));
	EVP_PKEY *key = directory
	                    ? revocation_key(r->setup, n,
	                                     json_string_value(json_object_get(revocation, "certificate")), e)
	                    : NULL;

	if (name && !directory)
		err_set(e, "account '%.200s' is not one of this run", name);
	return key ? account_new(key, name, directory, e) : NULL;
}

static json_t *sign_revocation(struct requests *r, const json_t *request, const json_t *revocation,
                               const struct jws *j, struct err *e)
{
	bool own = json_is_true(json_object_get(revocation, "own_key"));
	bool bars = json_integer_value(json_object_get(revocation, "reason")) == REASON_KEY_COMPROMISE;
	struct account *a = own ? own_account(r, request, revocation, e) : account_of(r, request, e);
	const char *certificate = json_string_value(json_object_get(revocation, "certificate"));
	json_t *jws = NULL;

	if (a && (!bars || revocation_bar(r->setup, certificate, e)))
		jws = jws_sign(a, j, e);
	if (own)
		account_free(a);
	return jws;
}

static json_t *op_sign(struct requests *r, const json_t *request, struct err *e)
{
	const json_t *kid = json_object_get(request, "kid");
	struct jws j = {.url = request_text(request, "url", e),
	                .nonce = request_text(request, "nonce", e),
	                .payload = request_text(request, "payload", e),
	                .kid = json_string_value(kid)};
	const json_t *revocation = NULL;
	struct policy p = {.setup = r->setup,
	                   .csrs = r->csrs,
	                   .bindings = r->bindings,
	                   .rollovers = r->rollovers,
	                   .revocations = r->revocations,
	                   .revocation = &revocation,
	                   .url = j.url,
	                   .kid = j.kid,
	                   .payload = j.payload};
	json_t *jws = NULL;

	if (!j.url || !j.nonce || !j.payload)
		return NULL;
	if (kid && !j.kid && !json_is_null(kid)) {
		err_set(e, "\"kid\" is not a text");
	} else if (policy_check(&p, e) && json_is_true(json_object_get(request, "next"))) {
		struct account *a = next_account(r, request, &j, e);

		jws = a ? jws_sign(a, &j, e) : NULL;
	} else if (!e->text[0] && revocation) {
		jws = sign_revocation(r, request, revocation, &j, e);
	} else if (!e->text[0]) {
		struct account *a = account_of(r, request, e);

		jws = a ? jws_sign(a, &j, e) : NULL;
	}
	return jws ? json_pack("{s:o}", "jws", jws) : NULL;
}

static json_t *op_challenge(struct requests *r, const json_t *request, struct err *e)
{
	const char *token = request_text(request, "token", e);
	struct account *a = token ? account_of(r, request, e) : NULL;
	char *value = a ? account_challenge(a, token, e) : NULL;
	json_t *result = value ? json_pack("{s:s}", "value", value) : NULL;

	free(value);
	return result;
}

/* Finalize may send the request of an order until it is published or discarded. */
static void csr_forget(struct requests *r, const char *cert, const char *order)
{
	char *owner = xasprintf("%s %s", cert, order);
	const char *csr = json_string_value(json_object_get(r->orders, owner));

	if (csr)
		json_object_del(r->csrs, csr);
	json_object_del(r->orders, owner);
	free(owner);
}

static json_t *csr_answer(struct requests *r, const struct subject *s, char *csr)
{
	json_t *result = json_pack("{s:s}", "csr", csr);
	char *owner = xasprintf("%s %s", s->cert, s->order);

	csr_forget(r, s->cert, s->order);
	json_object_set_new(r->csrs, csr, json_true());
	json_object_set_new(r->orders, owner, json_string(csr));
	free(owner);
	free(csr);
	return result;
}

static void key_request_free(struct key_request *k)
{
	LIST_REMOVE(k, next);
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

	if (subject_read(&s, k->home->setup, request, e) && subject_open(&s, k->home->setup, e) &&
	    stage_find(&s.folder, s.order, s.type, &s.csr, &csr, e) &&
	    (csr || stage_save(&s.folder, s.order, key, &s.csr, &csr, e)))
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
	LIST_INSERT_HEAD(&r->waiting, k, next);
	r->n_waiting++;
	keygen_start(r->keygen, s->type, key_made, k);
}

/* The answer may come later: NULL with e empty then. */
static json_t *op_key(struct requests *r, const json_t *request, struct err *e)
{
	json_t *result = NULL;
	char *csr = NULL;
	struct subject s;

	if (!setup_orders(r->setup))
		err_set(e, "no new keys in a run that makes no certificates");
	else if (r->n_waiting >= KEYS_WAITING_MOST)
		err_set(e, "%d keys are being made already", KEYS_WAITING_MOST);
	else if (subject_read(&s, r->setup, request, e) && subject_open(&s, r->setup, e)) {
		bool ok = stage_find(&s.folder, s.order, s.type, &s.csr, &csr, e);

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

static void published(void *arg, const json_t *request, json_t *result)
{
	struct requests *r = arg;

	const char *cert = json_string_value(json_object_get(request, "cert"));
	const char *other = json_string_value(json_object_get(json_object_get(request, "other"), "order"));
	bool ok = !json_object_get(result, "error");

	if (ok)
		csr_forget(r, cert, json_string_value(json_object_get(request, "order")));
	if (ok && other)
		csr_forget(r, cert, other);
	json_object_set(r->published, cert, json_object_get(result, "facts"));
	json_object_del(result, "facts");
	answer(r, json_integer_value(json_object_get(request, "id")), result, NULL);
}

/* Its answer comes later, too. */
static json_t *op_publish(struct requests *r, const json_t *request, struct err *e)
{
	if (publications_start(r->publications, request, e))
		e->text[0] = '\0';
	return NULL;
}

/* What could not be published need not be ordered. */
static json_t *op_tryout(struct requests *r, const json_t *request, struct err *e)
{
	const char *id = request_text(request, "cert", e), *account = request_text(request, "account", e);
	struct strs names = {.n = 0};
	struct folder cert = FOLDER_NONE;
	json_t *result = NULL;

	if (!id || !account)
		return NULL;
	if (!setup_names(r->setup, id, &names))
		err_set(e, "certificate '%.200s' is not one of this run", id);
	else if (!store_cert(setup_state(r->setup), id, &cert, e))
		result = NULL;
	else if (!setup_is_trial(r->setup, id, account) &&
	         !succession_allowed(r->setup, &cert, id, setup_directory(r->setup, account), e))
		result = json_pack("{s:s, s:b}", "error", e->text, "usage", true);
	else
		result = tryout(&cert, e) ? json_object() : NULL;
	folder_close(&cert);
	strs_free(&names);
	return result;
}

static json_t *op_eab(struct requests *r, const json_t *request, struct err *e)
{
	const char *url = request_text(request, "url", e), *kid, *key, *signature;
	struct account *a = url ? account_of(r, request, e) : NULL;
	json_t *jws;

	if (!a)
		return NULL;
	bool registers = setup_orders(r->setup) || setup_has_task(r->setup, "register");
	if (!registers || !setup_binding(r->setup, a->name, &kid, &key)) {
		err_set(e, "CA account %s has no external account binding in this run", a->name);
		return NULL;
	}
	jws = bind_sign(a, kid, key, url, e);
	if (!jws)
		return NULL;
	signature = json_string_value(json_object_get(jws, "signature"));
	json_object_set_new(r->bindings, signature, json_true());
	return json_pack("{s:o}", "jws", jws);
}

static json_t *op_current(struct requests *r, const json_t *request, struct err *e)
{
	const char *id = request_text(request, "cert", e);
	json_t *result = NULL;
	struct folder cert;

	if (!id)
		return NULL;
	if (store_cert_if_any(setup_state(r->setup), id, &cert, e))
		result = cert.fd < 0 ? json_object() : live_facts(&cert, json_object_get(r->published, id));
	json_object_del(r->published, id);
	folder_close(&cert);
	return result;
}

static json_t *op_discard(struct requests *r, const json_t *request, struct err *e)
{
	const char *id = request_text(request, "cert", e), *order = request_text(request, "order", e);
	struct folder cert = FOLDER_NONE;
	bool ok;

	if (!id || !order)
		return NULL;
	if (!stage_tag_ok(order)) {
		err_set(e, "the order's tag is not 1 to 64 of a-z 0-9 -");
		return NULL;
	}
	csr_forget(r, id, order);
	ok = store_cert_if_any(setup_state(r->setup), id, &cert, e) &&
	     (cert.fd < 0 || prune_stage(&cert, order, e));
	folder_close(&cert);
	return ok ? json_object() : NULL;
}

/* From now on it may be revoked. */
static json_t *op_revocation(struct requests *r, const json_t *request, struct err *e)
{
	const json_t *which = json_object_get(request, "n");
	size_t n = (size_t)json_integer_value(which), i;
	json_t *list = json_is_integer(which) ? revocation_certificates(r->setup, n, (int64_t)time(NULL), e)
	                                      : NULL,
	       *one;

	if (!json_is_integer(which))
		err_set(e, "the request has no number \"n\"");
	json_array_foreach(list, i, one)
	{
		json_t *known = json_copy(one);

		json_object_set_new(known, "n", json_integer((json_int_t)n));
		json_object_set_new(known, "reason", json_integer(setup_reason(r->setup, n)));
		json_object_set(known, "own_key", json_object_get(setup_revocation(r->setup, n), "own_key"));
		json_object_set_new(r->revocations, json_string_value(json_object_get(one, "certificate")),
		                    known);
	}
	return list ? json_pack("{s:o}", "certificates", list) : NULL;
}

static json_t *op_revoked(struct requests *r, const json_t *request, struct err *e)
{
	const char *certificate = request_text(request, "certificate", e);
	const json_t *known = certificate ? json_object_get(r->revocations, certificate) : NULL;
	const char *generation = json_string_value(json_object_get(known, "generation"));
	size_t n = (size_t)json_integer_value(json_object_get(known, "n"));

	if (certificate && !known)
		err_set(e, "the certificate is not one that this run may revoke");
	return known && (!generation || revocation_note(r->setup, n, generation, e)) ? json_object() : NULL;
}

static json_t *op_remove(struct requests *r, const json_t *request, struct err *e)
{
	const char *id = request_text(request, "cert", e), *archive;
	const char *wanted = setup_removal(r->setup, &archive);

	if (id && (!wanted || strcmp(id, wanted) != 0))
		err_set(e, "certificate '%.200s' is not one that this run may remove", id);
	else if (id && removal_run(setup_state(r->setup), id, archive, e))
		return json_object();
	return NULL;
}

static json_t *op_pair(struct requests *r, const json_t *request, struct err *e)
{
	return adoption_look(r->setup, e);
}

static json_t *op_adopt(struct requests *r, const json_t *request, struct err *e)
{
	const char *id = request_text(request, "cert", e);

	return id ? adoption_run(r->setup, id, (int64_t)time(NULL), e) : NULL;
}

static const struct operation {
	const char *name;
	json_t *(*fn)(struct requests *r, const json_t *request, struct err *e);
} operations[] = {
    {"account", op_account},
    {"sign", op_sign},
    {"challenge", op_challenge},
    {"key", op_key},
    {"publish", op_publish},
    {"current", op_current},
    {"discard", op_discard},
    {"tryout", op_tryout},
    {"eab", op_eab},
    {"revocation", op_revocation},
    {"revoked", op_revoked},
    {"remove", op_remove},
    {"rollover", op_rollover},
    {"rolled", op_rolled},
    {"imported", op_imported},
    {"pair", op_pair},
    {"adopt", op_adopt},
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
	r->accounts = accounts_new(setup);
	r->csrs = json_object();
	r->orders = json_object();
	r->published = json_object();
	r->bindings = json_object();
	r->rollovers = json_object();
	r->revocations = json_object();
	LIST_INIT(&r->waiting);
	r->publications = publications_new(l, setup, published, r);
	r->keygen = keygen_new(l);
	r->wire = wire_new(l, fd, fd, on_line, r);
	return r;
}

void requests_free(struct requests *r)
{
	if (!r)
		return;
	keygen_free(r->keygen);
	publications_free(r->publications);
	while (!LIST_EMPTY(&r->waiting))
		key_request_free(LIST_FIRST(&r->waiting));
	accounts_free(r->accounts);
	wire_free(r->wire);
	json_decref(r->csrs);
	json_decref(r->orders);
	json_decref(r->published);
	json_decref(r->bindings);
	json_decref(r->rollovers);
	json_decref(r->revocations);
	free(r);
}
