#include "config.h"

#include "keeper/pair.h"
#include "keeper/san.h"

#define CLOCK_SLACK 86400 /* seconds by which our clock may be behind the CA's */

static bool dates_sane(const struct leaf *l, int64_t now, struct err *e)
{
	if (l->not_after <= l->not_before)
		return err_set(e, "the certificate ends before it begins");
	if (l->not_after <= now)
		return err_set(e, "the certificate has expired; is this host's clock right?");
	if (l->not_before >= now + CLOCK_SLACK)
		return err_set(e, "the certificate is not valid yet; is this host's clock right?");
	return true;
}

bool pair_fits(const struct chain *c, EVP_PKEY *key, struct leaf *l, struct err *e)
{
	if (!leaf_read(l, c->at[0], e))
		return false;
	if (EVP_PKEY_eq(X509_get0_pubkey(c->at[0]), key) != 1)
		return err_set(e, "the certificate is for another key");
	return chain_linked(c, e);
}

bool pair_check(const struct chain *c, EVP_PKEY *key, const struct strs *names, int64_t now, struct leaf *l,
                struct err *e)
{
	return pair_fits(c, key, l, e) && san_serves(&l->names, names, e) && dates_sane(l, now, e);
}
