#include "config.h"

#include "keeper/revocation.h"

#include <stdlib.h>
#include <string.h>

#include "common/b64.h"
#include "common/mem.h"
#include "keeper/barred.h"
#include "keeper/chain.h"
#include "keeper/file.h"
#include "keeper/generation.h"
#include "keeper/key.h"
#include "keeper/leaf.h"
#include "keeper/stage.h"
#include "keeper/store.h"

/* Generations of one certificate that are looked at. */
struct sweep {
	const struct folder *cert;
	const char *named; /* it is added last */
	X509 *leaf;        /* of the named one */
	int64_t now;
	json_t *list;
};

static const char *text_of(const struct setup *setup, size_t n, const char *member)
{
	return json_string_value(json_object_get(setup_revocation(setup, n), member));
}

static char *der_text(X509 *x)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);
	char *text = n > 0 ? b64url_encode(der, (size_t)n) : NULL;

	OPENSSL_free(der);
	return text;
}

static void list_add(json_t *list, X509 *x, const char *generation)
{
	char *text = der_text(x);

	json_array_append_new(list, json_pack("{s:s?, s:s?}", "certificate", text, "generation", generation));
	free(text);
}

static bool leaf_of(const struct folder *cert, const char *generation, struct chain *c, struct err *e)
{
	struct folder f;
	bool ok;
	char *text = NULL;
	size_t n;

	*c = (struct chain){.n = 0};
	if (!folder_open(&f, cert, generation, e))
		return false;
	text = file_read(&f, "fullchain.pem", CHAIN_TEXT_MOST, &n, e);
	ok = text && chain_parse(c, text, n, e);
	folder_close(&f);
	free(text);
	return ok;
}

static bool is_valid(X509 *x, int64_t now)
{
	struct leaf l;
	struct err e;
	bool valid = leaf_read(&l, x, &e) && l.not_after > now;

	leaf_free(&l);
	return valid;
}

/* What cannot be read any more has no certificate to revoke. */
static void sweep_one(void *arg, const char *name)
{
	const struct sweep *s = arg;
	struct chain c = {.n = 0};
	struct err e;

	if (!generation_parse(name, NULL) || strcmp(name, s->named) == 0 ||
	    generation_is_revoked(s->cert, name) || !leaf_of(s->cert, name, &c, &e))
		return;
	if (EVP_PKEY_eq(X509_get0_pubkey(c.at[0]), X509_get0_pubkey(s->leaf)) == 1 &&
	    X509_cmp(c.at[0], s->leaf) != 0 && is_valid(c.at[0], s->now))
		list_add(s->list, c.at[0], name);
	chain_free(&c);
}

static bool open_named(const struct setup *setup, size_t n, struct folder *cert, struct err *e)
{
	const char *id = text_of(setup, n, "id"), *generation = text_of(setup, n, "generation");

	*cert = (struct folder)FOLDER_NONE;
	if (!id || !generation || !generation_parse(generation, NULL))
		return err_set(e, "this revocation names no generation");
	if (!store_cert_if_any(setup_state(setup), id, cert, e))
		return false;
	return cert->fd >= 0 || err_set(e, "there is no certificate %s", id);
}

static json_t *stored(const struct setup *setup, size_t n, int64_t now, struct err *e)
{
	struct sweep s = {.named = text_of(setup, n, "generation"), .now = now};
	struct chain c = {.n = 0};
	struct folder cert;
	bool ok = open_named(setup, n, &cert, e) && leaf_of(&cert, s.named, &c, e);

	s.list = ok ? json_array() : NULL;
	s.cert = &cert;
	s.leaf = c.at[0];
	if (ok && setup_reason(setup, n) == REASON_KEY_COMPROMISE)
		ok = folder_each(&cert, sweep_one, &s, e);
	if (ok)
		list_add(s.list, c.at[0], s.named);
	chain_free(&c);
	folder_close(&cert);
	return s.list;
}

/* Whatever follows the certificate in the file is its issuers. */
static bool handed_over(const struct setup *setup, size_t n, struct chain *c, struct err *e)
{
	const char *pem = text_of(setup, n, "pem");

	return chain_parse(c, pem, strlen(pem), e);
}

json_t *revocation_certificates(const struct setup *setup, size_t n, int64_t now, struct err *e)
{
	struct chain c;
	json_t *list;

	if (!setup_revocation(setup, n)) {
		err_set(e, "no such revocation in this run");
		return NULL;
	}
	if (!text_of(setup, n, "pem"))
		return stored(setup, n, now, e);
	if (!handed_over(setup, n, &c, e))
		return NULL;
	list = json_array();
	list_add(list, c.at[0], NULL);
	chain_free(&c);
	return list;
}

static EVP_PKEY *stored_key(const struct setup *setup, size_t n, struct err *e)
{
	struct folder cert, f = FOLDER_NONE;
	EVP_PKEY *key = NULL;

	if (open_named(setup, n, &cert, e) && folder_open(&f, &cert, text_of(setup, n, "generation"), e))
		key = stage_key(&f, NULL, e);
	folder_close(&f);
	folder_close(&cert);
	return key;
}

EVP_PKEY *revocation_key(const struct setup *setup, size_t n, struct err *e)
{
	const char *pem = text_of(setup, n, "key");
	struct chain c;
	EVP_PKEY *key;

	if (!text_of(setup, n, "pem"))
		return stored_key(setup, n, e);
	if (!pem)
		err_set(e, "the private key of the certificate cannot be read");
	key = pem ? key_parse(pem, strlen(pem), e) : NULL;
	if (!key)
		return NULL;
	bool fits = handed_over(setup, n, &c, e) && EVP_PKEY_eq(X509_get0_pubkey(c.at[0]), key) == 1;
	chain_free(&c);
	if (fits)
		return key;
	err_set(e, "the private key is not that of the certificate");
	EVP_PKEY_free(key);
	return NULL;
}

bool revocation_bar(const struct setup *setup, const char *certificate, struct err *e)
{
	size_t n;
	unsigned char *der = b64url_decode(certificate, &n);
	const unsigned char *at = der;
	X509 *x = der ? d2i_X509(NULL, &at, (long)n) : NULL;
	bool ok =
	    x ? barred_add(setup_state(setup), X509_get0_pubkey(x), e) : err_set(e, "this is no certificate");

	X509_free(x);
	free(der);
	return ok;
}

bool revocation_note(const struct setup *setup, size_t n, const char *generation, struct err *e)
{
	struct folder cert;
	bool ok = open_named(setup, n, &cert, e) && generation_note_revoked(&cert, generation, e);

	folder_close(&cert);
	return ok;
}
