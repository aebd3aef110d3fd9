#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <idn2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
	if (!strcmp(text, "*") || !strcmp(text, "*."))
		return "is a wildcard of nothing; give a wildcard in quotes: '*.example.com'";
	if (strchr(text, ',') || strchr(text, ';'))
		return "holds several names; give each by itself, with blanks between: a.example.com "
		       "b.example.com";
	if (!strncasecmp(text, CHALLENGE, strlen(CHALLENGE)))
		return "is where the TXT record goes; give the name of the certificate, without "
		       "_acme-challenge.";
	for (const char *p = text; *p; p++)
		if (isspace((unsigned char)*p) || iscntrl((unsigned char)*p))
			return "holds white space or control characters; give each name by itself";
	if (strchr(text, '@'))
		return "is a mail address; give the domain name alone";
	if (strchr(text, ':'))
		return "holds a ':'; give the domain name without port";
	if (strpbrk(text, "'\""))
		return "holds quotes; leave them out (in YAML they go around the whole value)";
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
		return "ends in a label of digits only, so it is not a domain name";
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

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* The digit's value of RFC 3492 section 5 in a lower-case label; 36 if it is none. */
static unsigned punycode_digit(char c)
{
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a');
	return c >= '0' && c <= '9' ? (unsigned)(c - '0') + 26 : 36;
}

static uint32_t punycode_adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / 700 : delta / 2;
	for (delta += delta / points; delta > 35 * 26 / 2; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

/* Is this the part of an A-label after "xn--", as RFC 3492 section 6.2 decodes it? CAs ask for no more:
 * many registered names have code points that IDNA 2008, or the tables of this host's library, do not
 * allow. */
static bool punycode_decodes(const char *text, size_t n)
{
	uint32_t point = 128, i = 0, bias = 72, points = 0;
	size_t at = 0;

	for (size_t k = n; k-- > 0 && !points;)
		if (text[k] == '-' && k > 0) {
			points = (uint32_t)k;
			at = k + 1;
		}
	if (at == n)
		return false;
	while (at < n) {
		uint32_t old = i, weight = 1;

		for (uint32_t k = 36;; k += 36) {
			uint32_t digit = at < n ? punycode_digit(text[at++]) : 36;
			uint32_t least = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;

			if (digit >= 36 || digit > (UINT32_MAX - i) / weight)
				return false;
			i += digit * weight;
			if (digit < least)
				break;
			if (weight > UINT32_MAX / (36 - least))
				return false;
			weight *= 36 - least;
		}
		points++;
		bias = punycode_adapt(i - old, points, old == 0);
		if (i / points > 0x10ffff - point)
			return false;
		point += i / points;
		i = i % points + 1;
	}
	return true;
}

static bool a_labels_decode(const char *name)
{
	for (size_t n; *name; name += n + (name[n] == '.')) {
		n = strcspn(name, ".");
		if (str_starts(name, "xn--") && !punycode_decodes(name + 4, n - 4))
			return false;
	}
	return true;
}

/* Lower-case A-label form of a label, new; NULL with *trouble. */
static char *label_to_ascii(const char *label, const char **trouble)
{
	char *ascii = NULL, *copy;
	int rc;

	if (is_ascii(label))
		return xstrdup(label);
	rc =
	    idn2_lookup_u8((const uint8_t *)label, (uint8_t **)&ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK) {
		*trouble = idn2_strerror(rc);
		return NULL;
	}
	copy = lower(ascii);
	idn2_free(ascii);
	return copy;
}

/* The same of a name, still unchecked otherwise. Labels that are A-labels are taken as they are. */
static char *to_ascii(const char *text, const char **trouble)
{
	char *low = lower(text), *label = low, *name = xstrdup("");

	while (label && name) {
		char *dot = strchr(label, '.'), *ascii, *longer;

		if (dot)
			*dot = '\0';
		ascii = label_to_ascii(label, trouble);
		longer = ascii ? xasprintf("%s%s%s", name, ascii, dot ? "." : "") : NULL;
		free(ascii);
		free(name);
		name = longer;
		label = dot ? dot + 1 : NULL;
	}
	free(low);
	if (name && !a_labels_decode(name)) {
		*trouble = "string contains invalid punycode data";
		free(name);
		return NULL;
	}
	return name;
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
		refuse(e, typed, "is not a valid internationalised name");
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
