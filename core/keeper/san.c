#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/san.h"

static bool add_name(GENERAL_NAMES *list, const char *name)
{
	GENERAL_NAME *one = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	if (!one || !text || ASN1_STRING_set(text, name, -1) != 1) {
		GENERAL_NAME_free(one);
		ASN1_IA5STRING_free(text);
		return false;
	}
	GENERAL_NAME_set0_value(one, GEN_DNS, text);
	if (sk_GENERAL_NAME_push(list, one) > 0)
		return true;
	GENERAL_NAME_free(one);
	return false;
}

GENERAL_NAMES *san_make(const struct strs *names)
{
	GENERAL_NAMES *list = sk_GENERAL_NAME_new_null();

	for (size_t i = 0; list && i < names->n; i++)
		if (!add_name(list, names->at[i])) {
			GENERAL_NAMES_free(list);
			list = NULL;
		}
	return list;
}

static char *plain_name(const GENERAL_NAME *one)
{
	const ASN1_STRING *text;
	char *name;
	int type;

	text = GENERAL_NAME_get0_value(one, &type);
	if (type != GEN_DNS)
		return NULL;
	name = xstrndup((const char *)ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));
	if (strlen(name) != (size_t)ASN1_STRING_length(text)) {
		free(name);
		return NULL;
	}
	for (char *p = name; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	return name;
}

bool san_read(const GENERAL_NAMES *list, struct strs *names, struct err *e)
{
	char *name;

	if (!list)
		return err_set(e, "the certificate has no subjectAltName");
	if (sk_GENERAL_NAME_num(list) < 1)
		return err_set(e, "the certificate has an empty subjectAltName");
	for (int i = 0; i < sk_GENERAL_NAME_num(list); i++) {
		name = plain_name(sk_GENERAL_NAME_value(list, i));
		if (!name)
			return err_set(e, "the certificate has a subjectAltName that is not a DNS name");
		strs_add(names, name);
		free(name);
	}
	return true;
}

static const char *missing_of(const struct strs *all, const struct strs *in)
{
	for (size_t i = 0; i < all->n; i++)
		if (!strs_has(in, all->at[i]))
			return all->at[i];
	return NULL;
}

static bool is_below(const char *name, const char *top)
{
	size_t n = strlen(name), m = strlen(top);

	return n > m && name[n - m - 1] == '.' && strcmp(name + n - m, top) == 0;
}

/* What CAs add of themselves: the name without "www.", that of a wildcard, names below. Whoever proved the
 * asked name has proved these by the same challenge name, or could have. */
static bool may_be_added(const char *extra, const struct strs *asked)
{
	for (size_t i = 0; i < asked->n; i++) {
		const char *name = asked->at[i], *top = str_starts(name, "*.") ? name + 2 : name;

		if (is_below(extra, top) || (top != name && strcmp(extra, top) == 0) ||
		    (str_starts(name, "www.") && strcmp(extra, name + 4) == 0))
			return true;
	}
	return false;
}

bool san_serves(const struct strs *found, const struct strs *asked, struct err *e)
{
	const char *missing = missing_of(asked, found);
	char *text;

	if (missing)
		return err_set(e, "the certificate is not for %s", missing);
	for (size_t i = 0; i < found->n; i++) {
		if (strs_has(asked, found->at[i]) || may_be_added(found->at[i], asked))
			continue;
		text = str_printable(found->at[i], 200);
		err_set(e, "the certificate is for %s, too, which was not asked for", text);
		free(text);
		return false;
	}
	return true;
}
