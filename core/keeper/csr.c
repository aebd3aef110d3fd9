#include "config.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "common/b64.h"
#include "common/mem.h"
#include "keeper/csr.h"
#include "keeper/key.h"
#include "keeper/san.h"

#define COMMON_NAME_MOST 64 /* RFC 5280, ub-common-name */

static bool add_subject(X509_REQ *request, const struct strs *names)
{
	const char *shortest = names->at[0];

	for (size_t i = 1; i < names->n; i++)
		if (strlen(names->at[i]) < strlen(shortest))
			shortest = names->at[i];
	if (strlen(shortest) > COMMON_NAME_MOST)
		return true;
	return X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(request), NID_commonName, MBSTRING_UTF8,
	                                  (const unsigned char *)shortest, -1, -1, 0) == 1;
}

static bool add_names(X509_REQ *request, const struct strs *names)
{
	GENERAL_NAMES *list = san_make(names);
	STACK_OF(X509_EXTENSION) *extensions = NULL;
	bool ok = list && X509V3_add1_i2d(&extensions, NID_subject_alt_name, list, 0, 0) == 1 &&
	          X509_REQ_add_extensions(request, extensions) == 1;

	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	GENERAL_NAMES_free(list);
	return ok;
}

char *csr_make(EVP_PKEY *key, const struct strs *names, struct err *e)
{
	X509_REQ *request = X509_REQ_new();
	unsigned char *der = NULL;
	char *text = NULL;
	int n = -1;

	if (request && names->n > 0 && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
	    add_subject(request, names) && add_names(request, names) &&
	    X509_REQ_set_pubkey(request, key) == 1 && X509_REQ_sign(request, key, key_hash(key)) > 0)
		n = i2d_X509_REQ(request, &der);
	if (n > 0)
		text = b64url_encode(der, (size_t)n);
	else
		err_set(e, "OpenSSL could not make a certificate request");
	OPENSSL_free(der);
	X509_REQ_free(request);
	return text;
}

static bool names_equal(X509_REQ *request, const struct strs *names)
{
	STACK_OF(X509_EXTENSION) *extensions = X509_REQ_get_extensions(request);
	GENERAL_NAMES *list = X509V3_get_d2i(extensions, NID_subject_alt_name, NULL, NULL);
	struct strs found = {0};
	bool same = san_read(list, &found, NULL) && found.n == names->n;

	for (size_t i = 0; same && i < names->n; i++)
		same = strcmp(found.at[i], names->at[i]) == 0;
	strs_free(&found);
	GENERAL_NAMES_free(list);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	return same;
}

bool csr_matches(const char *text, EVP_PKEY *key, const struct strs *names)
{
	size_t n = 0;
	unsigned char *der = b64url_decode(text, &n);
	const unsigned char *at = der;
	X509_REQ *request = der ? d2i_X509_REQ(NULL, &at, (long)n) : NULL;
	bool ok = request && at == der + n && EVP_PKEY_eq(X509_REQ_get0_pubkey(request), key) == 1 &&
	          X509_REQ_verify(request, key) == 1 && names_equal(request, names);

	ERR_clear_error();
	X509_REQ_free(request);
	free(der);
	return ok;
}
