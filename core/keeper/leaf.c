#include "config.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/b64.h"
#include "common/mem.h"
#include "keeper/key.h"
#include "keeper/leaf.h"
#include "keeper/san.h"

static bool read_names(struct leaf *l, X509 *x, struct err *e)
{
	GENERAL_NAMES *list = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	bool ok = san_read(list, &l->names, e);

	GENERAL_NAMES_free(list);
	return ok;
}

static bool read_time(const ASN1_TIME *time, int64_t *seconds)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*seconds = (int64_t)timegm(&tm);
	return true;
}

static char *serial_text(const ASN1_INTEGER *serial)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(serial, NULL);
	unsigned char bytes[64] = {0};
	char *text = NULL;

	if (number && BN_num_bytes(number) <= (int)sizeof(bytes))
		text = hex_encode(bytes, (size_t)BN_bn2bin(number, bytes));
	BN_free(number);
	return text;
}

static char *ari_text(X509 *x)
{
	const ASN1_OCTET_STRING *authority = X509_get0_authority_key_id(x);
	unsigned char *der = NULL;
	char *left, *right, *text;
	int n = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &der);

	if (!authority || n < 3 || n > 129) {
		OPENSSL_free(der);
		return NULL;
	}
	left = b64url_encode(ASN1_STRING_get0_data(authority), (size_t)ASN1_STRING_length(authority));
	right = b64url_encode(der + 2, (size_t)n - 2);
	text = xasprintf("%s.%s", left, right);
	free(left);
	free(right);
	OPENSSL_free(der);
	return text;
}

static char *issuer_text(X509 *x)
{
	X509_NAME *name = X509_get_issuer_name(x);
	char text[256] = "";

	if (X509_NAME_get_text_by_NID(name, NID_commonName, text, sizeof(text)) < 0)
		X509_NAME_oneline(name, text, sizeof(text));
	return str_printable(text, 200);
}

bool leaf_read(struct leaf *l, X509 *x, struct err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	uint32_t flags = X509_get_extension_flags(x);

	memset(l, 0, sizeof(*l));
	l->type = key ? key_type(key) : NULL;
	l->serial = serial_text(X509_get0_serialNumber(x));
	l->ari = ari_text(x);
	l->issuer = issuer_text(x);
	ERR_clear_error();
	if (!l->type)
		return err_set(e, "the certificate has a key of an unknown type");
	if (flags & (EXFLAG_CA | EXFLAG_INVALID))
		return err_set(e, "the certificate %s",
		               flags & EXFLAG_CA ? "is one of a CA" : "has broken extensions");
	if (!l->serial || !read_time(X509_get0_notBefore(x), &l->not_before) ||
	    !read_time(X509_get0_notAfter(x), &l->not_after))
		return err_set(e, "the certificate has a broken serial number or date");
	return read_names(l, x, e);
}

void leaf_free(struct leaf *l)
{
	strs_free(&l->names);
	free(l->serial);
	free(l->ari);
	free(l->issuer);
	memset(l, 0, sizeof(*l));
}
