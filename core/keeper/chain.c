#include "config.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/chain.h"

/* 1 = one more in c, 0 = end, -1 = not a chain */
static int read_one(struct chain *c, BIO *in)
{
	char *name = NULL, *header = NULL;
	unsigned char *der = NULL;
	const unsigned char *at;
	X509 *x = NULL;
	long n;
	int r = -1;

	if (PEM_read_bio(in, &name, &header, &der, &n) != 1) {
		unsigned long trouble = ERR_peek_last_error();

		return ERR_GET_REASON(trouble) == PEM_R_NO_START_LINE ? 0 : -1;
	}
	at = der;
	if (strcmp(name, PEM_STRING_X509) == 0 && header[0] == '\0' && c->n < CHAIN_MOST)
		x = d2i_X509(NULL, &at, n);
	if (x && at == der + n) {
		c->at[c->n++] = x;
		r = 1;
	} else {
		X509_free(x);
	}
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	return r;
}

bool chain_parse(struct chain *c, const char *text, size_t n, struct err *e)
{
	BIO *in;
	int r = -1;

	memset(c, 0, sizeof(*c));
	if (n > CHAIN_TEXT_MOST)
		return err_set(e, "the chain is longer than %d octets", CHAIN_TEXT_MOST);
	in = BIO_new_mem_buf(text, (int)n);
	while (in && (r = read_one(c, in)) > 0)
		;
	BIO_free(in);
	ERR_clear_error();
	if (r == 0 && c->n > 0)
		return true;
	if (r < 0)
		err_set(e, "certificate %zu of the chain is broken, none, or one too many", c->n + 1);
	else
		err_set(e, "the chain holds no certificate");
	chain_free(c);
	return false;
}

void chain_free(struct chain *c)
{
	for (size_t i = 0; i < c->n; i++)
		X509_free(c->at[i]);
	memset(c, 0, sizeof(*c));
}

bool chain_linked(const struct chain *c, struct err *e)
{
	for (size_t i = 0; i + 1 < c->n; i++) {
		EVP_PKEY *key = X509_get0_pubkey(c->at[i + 1]);

		if (X509_check_issued(c->at[i + 1], c->at[i]) != X509_V_OK)
			return err_set(e, "certificate %zu of the chain did not issue number %zu", i + 2,
			               i + 1);
		if (!key || X509_verify(c->at[i], key) != 1) {
			ERR_clear_error();
			return err_set(e, "certificate %zu of the chain did not sign number %zu", i + 2,
			               i + 1);
		}
	}
	return true;
}

char *chain_pem(const struct chain *c, size_t from, size_t to)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *data, *text;
	long n;

	for (size_t i = from; out && i < to; i++)
		PEM_write_bio_X509(out, c->at[i]);
	n = BIO_get_mem_data(out, &data);
	text = n > 0 ? xstrndup(data, (size_t)n) : xstrdup("");
	BIO_free(out);
	return text;
}
