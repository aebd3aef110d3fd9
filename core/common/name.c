#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"

#define NAME_MOST  253
#define LABEL_MOST 63
#define CHALLENGE  "_acme-challenge."

/* What is wrong with text even before it is read as a name; NULL if nothing. */
static const char *trouble_of_text(const char *text)
{
	unsigned char address[16];

	if (!*text || !strcmp(text, "."))
		return "is empty, expected a domain name like www.example.com";
	if (strstr(text, "://") || strchr(text, '/'))
		return "is a URL or a path; give the domain name alone";
	if (inet_pton(AF_INET, text, address) || inet_pton(AF_INET6, text, address) || *text == '[')
		return "is an IP address; DNS-01 can only prove domain names";
	for (const char *p = text; *p; p++)
		if (isspace((unsigned char)*p) || iscntrl((unsigned char)*p))
			return "holds white space or control characters; give each name by itself";
	if (strchr(text, '@'))
		return "is a mail address; give the domain name alone";
	if (strchr(text, ':'))
		return "holds a ':'; give the domain name without port";
	if (strchr(text, '*'))
		return "has a '*' that is not the whole first label; only one \"*.\" in front is possible";
	return NULL;
}

static const char *trouble_of_label(const char *label, size_t n)
{
	if (!n)
		return "has an empty label (two dots together, or one in front)";
	if (n > LABEL_MOST)
		return "has a label of more than 63 octets";
	if (label[0] == '-' || label[n - 1] == '-')
		return "has a label that begins or ends with '-'";
	for (size_t i = 0; i < n; i++) {
		if (label[i] == '_')
			return "has an underscore, which no CA may certify";
		if (!isalnum((unsigned char)label[i]) && label[i] != '-')
			return "has a character that is not a letter, a digit or '-'";
	}
	return NULL;
}

/* The same for a lower-case ASCII name without "*." and trailing dot. */
static const char *trouble_of_name(const char *name)
{
	const char *trouble, *label = name;
	size_t labels = 0, n;

	for (;; label += n + 1) {
		n = strcspn(label, ".");
		labels++;
		if ((trouble = trouble_of_label(label, n)))
			return trouble;
		if (!label[n])
			break;
	}
	if (labels < 2)
		return "has a single label; a CA certifies only names below a public suffix";
	if (strspn(label, "0123456789") == n)
		return "ends in a label of digits only, so it is no domain name";
	return NULL;
}

static char *lower(const char *text)
{
	char *copy = xstrdup(text);

	for (char *p = copy; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	return copy;
}

static bool needs_idna(const char *lower_text)
{
	if (str_starts(lower_text, "xn--") || strstr(lower_text, ".xn--"))
		return true;
	for (; *lower_text; lower_text++)
		if ((unsigned char)*lower_text >= 0x80)
			return true;
	return false;
}

/* Lower-case A-label form, still unchecked otherwise; NULL with *trouble. */
static char *to_ascii(const char *text, const char **trouble)
{
	char *low = lower(text), *ascii = NULL, *copy;
	int rc;

	if (!needs_idna(low))
		return low;
	rc = idn2_lookup_u8((const uint8_t *)low, (uint8_t **)&ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	free(low);
	if (rc != IDN2_OK) {
		*trouble = idn2_strerror(rc);
		return NULL;
	}
	copy = lower(ascii);
	idn2_free(ascii);
	return copy;
}

static char *refuse(struct err *e, const char *typed, const char *trouble)
{
	char *shown = str_printable(typed, 300);

	err_set(e, "'%s' %s", shown, trouble);
	free(shown);
	return NULL;
}

char *name_normalise(const char *typed, struct err *e)
{
	bool wildcard = str_starts(typed, "*.");
	const char *text = wildcard ? typed + 2 : typed;
	const char *trouble = trouble_of_text(text), *idna = NULL;
	char *name, *whole;
	size_t n;

	if (trouble)
		return refuse(e, typed, trouble);
	if (strlen(text) > 4 * NAME_MOST)
		return refuse(e, typed, "is longer than the 253 octets of a domain name");
	if (!(name = to_ascii(text, &idna))) {
		refuse(e, typed, "is no valid internationalised name");
		if (e)
			err_set(e, "%s: %s", e->text, idna);
		return NULL;
	}
	n = strlen(name);
	if (n > 1 && name[n - 1] == '.')
		name[--n] = '\0';
	trouble = trouble_of_name(name);
	if (!trouble && n + (wildcard ? 2 : 0) > NAME_MOST)
		trouble = "is longer than the 253 octets of a domain name";
	if (!trouble && n + strlen(CHALLENGE) > NAME_MOST)
		trouble = "is too long for DNS-01: \"_acme-challenge.\" before it makes more than 253 octets";
	whole = trouble ? refuse(e, typed, trouble) : xasprintf("%s%s", wildcard ? "*." : "", name);
	free(name);
	return whole;
}

const char *name_parent(const char *name)
{
	if (!*name)
		return NULL;
	for (; *name; name++) {
		if (*name == '.')
			return name + 1;
		if (*name == '\\' && name[1])
			name++;
	}
	return name;
}

bool name_is_below(const char *name, const char *zone)
{
	size_t most = strlen(zone), n = strlen(name);
	const char *end = name + n;

	for (; name && (size_t)(end - name) >= most; name = name_parent(name))
		if (!strcmp(name, zone))
			return true;
	return false;
}

size_t name_labels(const char *name)
{
	size_t n = 0;

	while ((name = name_parent(name)))
		n++;
	return n;
}

char *name_relative(const char *name, const char *zone)
{
	if (!name_is_below(name, zone))
		return NULL;
	if (!strcmp(name, zone))
		return xstrdup("@");
	return xstrndup(name, strlen(name) - strlen(zone) - (*zone ? 1 : 0));
}

bool name_matches(const char *name, const char *pattern)
{
	const char *parent = name_parent(name);

	if (str_starts(pattern, "**."))
		return parent && name_is_below(parent, pattern + 3);
	if (str_starts(pattern, "*."))
		return parent && !strcmp(parent, pattern + 2);
	return !strcmp(name, pattern);
}
