/* A certificate chain of a CA. */
#include "config.h"

#include <openssl/err.h>

#include "fuzz/fuzz.h"
#include "keeper/chain.h"
#include "keeper/leaf.h"

/* What is written of a chain is the same chain. */
static void again(const struct chain *c)
{
	char *pem = chain_pem(c, 0, c->n);
	struct chain same = {0};
	struct err e;

	if (strlen(pem) <= CHAIN_TEXT_MOST) {
		fuzz_must(chain_parse(&same, pem, strlen(pem), &e) && same.n == c->n);
		for (size_t i = 0; i < c->n; i++)
			fuzz_must(X509_cmp(c->at[i], same.at[i]) == 0);
	}
	chain_free(&same);
	free(pem);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct chain c = {0};
	struct leaf l = {0};
	struct err e;
	char *text = fuzz_text(octets, n);

	if (chain_parse(&c, text, n, &e)) {
		fuzz_must(c.n >= 1 && c.n <= CHAIN_MOST);
		chain_linked(&c, &e);
		if (leaf_read(&l, c.at[0], &e))
			fuzz_must(l.names.n >= 1 && l.serial && l.issuer && l.type);
		leaf_free(&l);
		again(&c);
	} else {
		fuzz_must(c.n == 0);
	}
	chain_free(&c);
	ERR_clear_error();
	free(text);
	return 0;
}
