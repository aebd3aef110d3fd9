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
	const char *named;      /* it is added last */
	X509 *leaf;             /* of a pair in the named one */
	const char *generation; /* that is looked at */
	bool compromised;
	int64_t now;
	json_t *list;
	bool failed;
	struct err error;
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

/* Calls fn with the leaf of each pair in a generation; last: whether none follows. What cannot be read any more has no
 * certificate to revoke. */
static void each_leaf(const struct folder *cert, const char *generation,
                      void (*fn)(void *arg, X509 *leaf, bool last), void *arg)
{
	struct chain c[1 + 2] = {{.n = 0}, {.n = 0}, {.n = 0}};
	struct folder f;
	struct err e;
	size_t n = leaf_of(cert, generation, &c[0], &e) ? 1 : 0;

	if (folder_open(&f, cert, generation, &e)) {
		for (size_t i = 0; i < 2; i++)
			if (folder_has(&f, generation_subfolders[i], &e) &&
			    leaf_of(&f, generation_subfolders[i], &c[n], &e))
				n++;
		folder_close(&f);
	}
	for (size_t i = 0; i < n; i++) {
		fn(arg, c[i].at[0], i + 1 == n);
		chain_free(&c[i]);
	}
}

static void sweep_leaf(void *arg, X509 *leaf, bool last)
{
	const struct sweep *s = arg;

	(void)last;
	if (EVP_PKEY_eq(X509_get0_pubkey(leaf), X509_get0_pubkey(s->leaf)) == 1 &&
	    X509_cmp(leaf, s->leaf) != 0 && is_valid(leaf, s->now))
		list_add(s->list, leaf, s->generation);
}

static void sweep_one(void *arg, const char *name)
{
	struct sweep *s = arg;

	if (!generation_parse(name, NULL) || strcmp(name, s->named) == 0 ||
	    generation_is_revoked(s->cert, name))
		return;
	s->generation = name;
	each_leaf(s->cert, name, sweep_leaf, s);
}

/* Those with the same key come first; the last of the named generation notes that all of it is revoked. */
static void take_leaf(void *arg, X509 *leaf, bool last)
{
	struct sweep *s = arg;

	s->leaf = leaf;
	if (s->compromised && !folder_each(s->cert, sweep_one, s, &s->error))
		s->failed = true;
	list_add(s->list, leaf, last ? s->named : NULL);
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
	struct folder cert;
	struct chain c = {.n = 0};
	struct sweep s = {.named = text_of(setup, n, "generation"),
	                  .now = now,
	                  .cert = &cert,
	                  .compromised = setup_reason(setup, n) == REASON_KEY_COMPROMISE};

	if (open_named(setup, n, &cert, e) && leaf_of(&cert, s.named, &c, e)) {
		s.list = json_array();
		each_leaf(&cert, s.named, take_leaf, &s);
	}
	if (s.failed) {
		*e = s.error;
		json_decref(s.list);
		s.list = NULL;
	}
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

/* That of the pair in the generation which has this certificate's public key. */
static EVP_PKEY *key_in(const struct folder *at, const char *name, EVP_PKEY *public, struct err *e)
{
	struct folder f = FOLDER_NONE;
	EVP_PKEY *key = folder_open(&f, at, name, e) ? stage_key(&f, NULL, e) : NULL;

	folder_close(&f);
	if (key && EVP_PKEY_eq(key, public) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
		err_set(e, "%s/%s: the private key is another one", at->path, name);
	}
	return key;
}

static EVP_PKEY *stored_key(const struct setup *setup, size_t n, EVP_PKEY *public, struct err *e)
{
	const char *generation = text_of(setup, n, "generation");
	struct folder cert, f = FOLDER_NONE;
	EVP_PKEY *key = open_named(setup, n, &cert, e) ? key_in(&cert, generation, public, e) : NULL;
	struct err ignored;

	if (!key && cert.fd >= 0 && folder_open(&f, &cert, generation, &ignored))
		for (size_t i = 0; !key && i < 2; i++)
			key = key_in(&f, generation_subfolders[i], public, &ignored);
	folder_close(&f);
	folder_close(&cert);
	return key;
}

/* New; NULL when it is none. */
static X509 *certificate_of(const char *text)
{
	size_t n;
	unsigned char *der = text ? b64url_decode(text, &n) : NULL;
	const unsigned char *at = der;
	X509 *x = der ? d2i_X509(NULL, &at, (long)n) : NULL;

	free(der);
	return x;
}

EVP_PKEY *revocation_key(const struct setup *setup, size_t n, const char *certificate, struct err *e)
{
	const char *pem = text_of(setup, n, "key");
	struct chain c;
	EVP_PKEY *key = NULL;

	if (!text_of(setup, n, "pem")) {
		X509 *x = certificate_of(certificate);

		if (x)
			key = stored_key(setup, n, X509_get0_pubkey(x), e);
		else
			err_set(e, "this is no certificate");
		X509_free(x);
		return key;
	}
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
	X509 *x = certificate_of(certificate);
	bool ok =
	    x ? barred_add(setup_state(setup), X509_get0_pubkey(x), e) : err_set(e, "this is no certificate");

	X509_free(x);
	return ok;
}

bool revocation_note(const struct setup *setup, size_t n, const char *generation, struct err *e)
{
	struct folder cert;
	bool ok = open_named(setup, n, &cert, e) && generation_note_revoked(&cert, generation, e);

	folder_close(&cert);
	return ok;
}
