#include "config.h"

#include "keeper/alternates.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "keeper/chain.h"

#define FINGERPRINT 64 /* hexadecimal digits */

/* False when the text is none. */
static bool fingerprint_read(const char *text, char hex[FINGERPRINT + 1])
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ':')
			continue;
		if (!isxdigit((unsigned char)*text) || n == FINGERPRINT)
			return false;
		hex[n++] = (char)tolower((unsigned char)*text);
	}
	hex[n] = '\0';
	return n == FINGERPRINT;
}

static bool has_fingerprint(X509 *x, const char *hex)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (X509_digest(x, EVP_sha256(), md, &n) != 1 || n != FINGERPRINT / 2)
		return false;
	for (unsigned i = 0; i < n; i++)
		if (hex[2 * i] != digits[md[i] >> 4] || hex[2 * i + 1] != digits[md[i] & 15])
			return false;
	return true;
}

static bool is_issued_by(X509 *x, const char *name)
{
	char text[256];
	int n = X509_NAME_get_text_by_NID(X509_get_issuer_name(x), NID_commonName, text, sizeof(text));

	return n > 0 && strlen(text) == (size_t)n && strcasecmp(text, name) == 0;
}

static bool is_wanted(const struct chain *c, const char *wanted)
{
	char hex[FINGERPRINT + 1];

	if (!fingerprint_read(wanted, hex))
		return is_issued_by(c->at[c->n - 1], wanted);
	for (size_t i = 0; i < c->n; i++)
		if (has_fingerprint(c->at[i], hex))
			return true;
	return false;
}

static bool serves(const char *text, X509 *leaf, const char *wanted)
{
	struct chain c;
	struct err ignored;

	if (!text || !chain_parse(&c, text, strlen(text), &ignored))
		return false;
	bool ok = X509_cmp(c.at[0], leaf) == 0 && is_wanted(&c, wanted) && chain_linked(&c, &ignored);

	chain_free(&c);
	return ok;
}

static const char *search(const json_t *alternates, X509 *leaf, const char *wanted)
{
	const json_t *one;
	size_t i;

	json_array_foreach(alternates, i, one)
	{
		if (serves(json_string_value(one), leaf, wanted))
			return json_string_value(one);
	}
	return NULL;
}

const char *alternates_choose(const char *usual, const json_t *alternates, const char *wanted, bool *found)
{
	const char *chosen = NULL;
	struct chain c;
	struct err ignored;

	*found = true;
	if (!chain_parse(&c, usual, strlen(usual), &ignored)) /* whoever publishes it says what is wrong */
		return usual;
	if (!is_wanted(&c, wanted)) {
		chosen = search(alternates, c.at[0], wanted);
		*found = chosen;
	}
	chain_free(&c);
	return chosen ? chosen : usual;
}
