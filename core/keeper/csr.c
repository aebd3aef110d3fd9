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

static bool common_name_ok(const struct csr_names *names, struct err *e)
{
	const char *common = names->common;

	if (common && !strs_has(names->all, common))
		return err_set(e, "common_name: '%.253s' is none of the certificate's names", common);
	return !common || strlen(common) <= COMMON_NAME_MOST ||
	       err_set(e, "common_name: %.253s is longer than %d octets", common, COMMON_NAME_MOST);
}

static bool add_subject(X509_REQ *request, const char *common)
{
	return !common ||
	       X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(request), NID_commonName, MBSTRING_UTF8,
	                                  (const unsigned char *)common, -1, -1, 0) == 1;
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

char *csr_make(EVP_PKEY *key, const struct csr_names *names, struct err *e)
{
	if (!common_name_ok(names, e))
		return NULL;
	X509_REQ *request = X509_REQ_new();
	unsigned char *der = NULL;
	char *text = NULL;
	int n = -1;

	if (request && names->all->n > 0 && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
	    add_subject(request, names->common) && add_names(request, names->all) &&
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

static bool common_name_equal(X509_REQ *request, const char *common)
{
	X509_NAME *subject = X509_REQ_get_subject_name(request);
	char text[COMMON_NAME_MOST + 2];
	int n = X509_NAME_get_text_by_NID(subject, NID_commonName, text, sizeof(text));

	return X509_NAME_entry_count(subject) == (common != NULL) &&
	       (!common || (n >= 0 && strcmp(text, common) == 0));
}

bool csr_matches(const char *text, EVP_PKEY *key, const struct csr_names *names)
{
	size_t n = 0;
	unsigned char *der = b64url_decode(text, &n);
	const unsigned char *at = der;
	X509_REQ *request = der ? d2i_X509_REQ(NULL, &at, (long)n) : NULL;
	bool ok = request && at == der + n && EVP_PKEY_eq(X509_REQ_get0_pubkey(request), key) == 1 &&
	          X509_REQ_verify(request, key) == 1 && names_equal(request, names->all) &&
	          common_name_equal(request, names->common);

	ERR_clear_error();
	X509_REQ_free(request);
	free(der);
	return ok;
}
