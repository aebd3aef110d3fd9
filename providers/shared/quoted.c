#include "quoted.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The octet that stands at *at, behind a backslash or not; -1 if malformed. */
static int octet(const char **at)
{
	const unsigned char *c = (const unsigned char *)*at;
	int n;

	if (*c != '\\') {
		(*at)++;
		return *c;
	}
	if (!isdigit(c[1])) {
		*at += c[1] ? 2 : 0;
		return c[1] ? c[1] : -1;
	}
	if (!isdigit(c[2]) || !isdigit(c[3]))
		return -1;
	n = (c[1] - '0') * 100 + (c[2] - '0') * 10 + (c[3] - '0');
	*at += 4;
	return n > 255 ? -1 : n;
}

/* One character-string to out; false if malformed. */
static bool string_take(const char **at, char *out, size_t *n)
{
	bool quotes = **at == '"';
	int c;

	*at += quotes;
	while (**at && (quotes ? **at != '"' : !strchr(" \t", **at))) {
		c = octet(at);
		if (c < 0)
			return false;
		out[(*n)++] = (char)c;
	}
	if (quotes && **at != '"')
		return false;
	*at += quotes;
	return !**at || strchr(" \t", **at) != NULL;
}

char *quoted_parse(const char *text, size_t *length)
{
	char *out = malloc(strlen(text) + 1);

	if (!out)
		abort();
	*length = 0;
	for (text += strspn(text, " \t"); *text; text += strspn(text, " \t"))
		if (!string_take(&text, out, length)) {
			free(out);
			return NULL;
		}
	out[*length] = '\0';
	return out;
}

bool quoted_is(const char *text, const char *value)
{
	size_t length;
	char *parsed = quoted_parse(text, &length);
	bool same = parsed && length == strlen(value) && memcmp(parsed, value, length) == 0;

	free(parsed);
	return same;
}
