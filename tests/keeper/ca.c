#include "config.h"

#include "ca.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/b64.h"
#include "common/mem.h"

#define SERIAL "8765432100000001"

static void add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	if (!extension)
		abort();
	X509_add_ext(x, extension, -1);
	X509_EXTENSION_free(extension);
}

static void add_name(X509_NAME *name, const char *text)
{
	X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, (const unsigned char *)text, -1, -1,
	                           0);
}

static X509 *blank(EVP_PKEY *key, int64_t from, int64_t to, const char *serial)
{
	X509 *x = X509_new();
	BIGNUM *number = NULL;

	X509_set_version(x, X509_VERSION_3);
	BN_hex2bn(&number, serial ? serial : SERIAL);
	BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
	BN_free(number);
	ASN1_TIME_set(X509_getm_notBefore(x), (time_t)from);
	ASN1_TIME_set(X509_getm_notAfter(x), (time_t)to);
	X509_set_pubkey(x, key);
	return x;
}

static X509 *authority(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *x = blank(key, time(NULL) - 86400, time(NULL) + 3650 * 86400, "01");

	add_name(X509_get_subject_name(x), name);
	X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer : x));
	add_extension(x, issuer ? issuer : x, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(x, issuer ? issuer : x, NID_subject_key_identifier, "hash");
	X509_sign(x, issuer_key, EVP_sha256());
	return x;
}

struct ca *ca_new(void)
{
	struct ca *ca = xcalloc(1, sizeof(*ca));

	ca->root_key = EVP_EC_gen("P-256");
	ca->key = EVP_EC_gen("P-256");
	ca->root = authority("Test Root", ca->root_key, NULL, ca->root_key);
	ca->intermediate = authority("Test Intermediate", ca->key, ca->root, ca->root_key);
	return ca;
}

void ca_free(struct ca *ca)
{
	X509_free(ca->root);
	X509_free(ca->intermediate);
	EVP_PKEY_free(ca->root_key);
	EVP_PKEY_free(ca->key);
	free(ca);
}

X509 *ca_issue(const struct ca *ca, const struct ca_wish *w)
{
	X509 *x = blank(w->key, w->from ? w->from : time(NULL) - 3600,
	                w->to ? w->to : time(NULL) + 90 * 86400, w->serial);
	char *san = xstrdup("");

	for (size_t i = 0; w->names && w->names[i]; i++) {
		char *more = xasprintf("%s%sDNS:%s", san, i ? "," : "", w->names[i]);

		free(san);
		san = more;
	}
	X509_set_issuer_name(x, X509_get_subject_name(ca->intermediate));
	if (w->ca)
		add_extension(x, ca->intermediate, NID_basic_constraints, "critical,CA:TRUE");
	if (*san)
		add_extension(x, ca->intermediate, NID_subject_alt_name, san);
	add_extension(x, ca->intermediate, NID_authority_key_identifier, "keyid");
	X509_sign(x, w->by_root ? ca->root_key : ca->key, EVP_sha256());
	free(san);
	return x;
}

char *ca_pem(X509 *x)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *data, *text;
	long n;

	PEM_write_bio_X509(out, x);
	n = BIO_get_mem_data(out, &data);
	text = xstrndup(data, (size_t)n);
	BIO_free(out);
	return text;
}

static char *with_intermediate(const struct ca *ca, X509 *x)
{
	char *leaf = ca_pem(x), *above = ca_pem(ca->intermediate);
	char *chain = xasprintf("%s\n%s", leaf, above);

	free(leaf);
	free(above);
	return chain;
}

char *ca_chain(const struct ca *ca, const struct ca_wish *w)
{
	X509 *x = ca_issue(ca, w);
	char *chain = with_intermediate(ca, x);

	X509_free(x);
	return chain;
}

char *ca_chain_for_csr(const struct ca *ca, const char *csr)
{
	size_t n;
	unsigned char *der = b64url_decode(csr, &n);
	const unsigned char *at = der;
	X509_REQ *request = d2i_X509_REQ(NULL, &at, (long)n);
	STACK_OF(X509_EXTENSION) *extensions = X509_REQ_get_extensions(request);
	X509 *x = blank(X509_REQ_get0_pubkey(request), time(NULL) - 3600, time(NULL) + 90 * 86400, NULL);
	char *chain;

	X509_set_issuer_name(x, X509_get_subject_name(ca->intermediate));
	for (int i = 0; i < sk_X509_EXTENSION_num(extensions); i++)
		X509_add_ext(x, sk_X509_EXTENSION_value(extensions, i), -1);
	add_extension(x, ca->intermediate, NID_authority_key_identifier, "keyid");
	X509_sign(x, ca->key, EVP_sha256());
	chain = with_intermediate(ca, x);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	X509_free(x);
	X509_REQ_free(request);
	free(der);
	return chain;
}

char *ca_chain_for_csr_names(const struct ca *ca, const char *csr, const char *const *names)
{
	size_t n;
	unsigned char *der = b64url_decode(csr, &n);
	const unsigned char *at = der;
	X509_REQ *request = d2i_X509_REQ(NULL, &at, (long)n);
	char *chain = ca_chain(ca, &(struct ca_wish){.names = names, .key = X509_REQ_get0_pubkey(request)});

	X509_REQ_free(request);
	free(der);
	return chain;
}
