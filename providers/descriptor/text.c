#include "config.h"

#include "text.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "variables.h"

#define REGEX_MOST   200
#define REPEATS_MOST 4096

static bool variable_ok(const struct place *p, const char *name, struct err *e)
{
	size_t n = strcspn(name, ".");
	char *first = xstrndup(name, n);
	const char *near;
	bool ok = json_object_get(p->known, first) != NULL;

	if (!ok) {
		near = names_nearest(p->known, first);
		descriptor_wrong(p->d, p->pointer, e, "{%.60s}: no such variable%s%s", first,
		                 near ? "; did you mean " : ", expected one of dnsproof-descriptor(5)",
		                 near ? near : "");
	}
	free(first);
	return ok;
}

static bool filter_ok(const struct place *p, const char *filter, struct err *e)
{
	size_t n = strcspn(filter, ":");
	char *name = xstrndup(filter, n);
	int kind = names_filter(name);
	bool ok = kind && (kind == 2) == (filter[n] == ':');

	if (!kind)
		descriptor_wrong(p->d, p->pointer, e, "|%.40s: no such filter", name);
	else if (!ok)
		descriptor_wrong(p->d, p->pointer, e, "|%.40s: expected %s argument", name,
		                 kind == 2 ? "an" : "no");
	else if (str_starts(name, "hmac_"))
		ok = variable_ok(p, filter + n + 1, e);
	free(name);
	return ok;
}

static bool piece_ok(const struct place *p, char *inside, struct err *e)
{
	char *filter = strchr(inside, '|');

	if (filter)
		*filter++ = '\0';
	if (!variable_ok(p, inside, e))
		return false;
	while (filter) {
		char *next = strchr(filter, '|');

		if (next)
			*next++ = '\0';
		if (!filter_ok(p, filter, e))
			return false;
		filter = next;
	}
	return true;
}

bool text_template(const struct place *p, const char *text, struct err *e)
{
	for (const char *at = text; *at; at++) {
		const char *end;
		char *inside;
		bool ok;

		if (*at != '{' && *at != '}')
			continue;
		if (at[1] == *at) {
			at++;
			continue;
		}
		end = *at == '{' ? strchr(at, '}') : NULL;
		if (!end)
			return descriptor_wrong(p->d, p->pointer, e,
			                        "a brace that is not closed, expected {variable} or {{");
		inside = xstrndup(at + 1, (size_t)(end - at - 1));
		ok = piece_ok(p, inside, e);
		free(inside);
		if (!ok)
			return false;
		at = end;
	}
	return true;
}

/* How often a repeat may write its part down: regcomp() does so for + and {n}, and multiplies where they nest. */
static unsigned long repeat_of(const char *at)
{
	size_t end = strcspn(at, "}");
	unsigned long most = 2;

	for (size_t i = 1; *at == '{' && i < end; i++) {
		bool begins = isdigit((unsigned char)at[i]) && !isdigit((unsigned char)at[i - 1]);
		unsigned long n = begins ? strtoul(at + i, NULL, 10) : 0;

		most = n > most ? n : most;
	}
	return most;
}

static bool regex_small(const char *text)
{
	unsigned long product = 1;

	for (const char *at = text; product <= REPEATS_MOST && (at = strpbrk(at, "+{")); at++) {
		unsigned long n = repeat_of(at);

		product = n > REPEATS_MOST ? n : product * n;
	}
	return strlen(text) <= REGEX_MOST && product <= REPEATS_MOST;
}

static bool regex_ok(const struct place *p, const char *text, struct err *e)
{
	regex_t regex;

	if (!regex_small(text))
		return descriptor_wrong(p->d, p->pointer, e,
		                        "a regular expression of more than %d characters, or with too many "
		                        "repeats (+, {n}): %.100s",
		                        REGEX_MOST, text);
	if (regcomp(&regex, text, REG_EXTENDED | REG_NOSUB) != 0)
		return descriptor_wrong(p->d, p->pointer, e, "not a regular expression: %.100s", text);
	regfree(&regex);
	return true;
}

bool text_path(const struct place *p, const char *text, struct err *e)
{
	static const char pairs[] = "[]{}\"\"";

	if (str_starts(text, "raw:"))
		return regex_ok(p, text + 4, e);
	for (const char *at = text; *at; at++) {
		const char *open = strchr("[{\"", *at), *end;

		if (*at == ']' || *at == '}')
			return descriptor_wrong(p->d, p->pointer, e,
			                        "a path that closes what is not open: %.80s", text);
		if (!open)
			continue;
		end = strchr(at + 1, pairs[strchr(pairs, *at) - pairs + 1]);
		if (!end)
			return descriptor_wrong(p->d, p->pointer, e, "a path that is not closed: %.80s",
			                        text);
		at = end;
	}
	for (const char *at = text; (at = strchr(at, '{')); at++) {
		char *piece = xstrndup(at, strcspn(at, "}") + 1);
		bool ok = text_template(p, piece, e);

		free(piece);
		if (!ok)
			return false;
	}
	return true;
}

/* PATH operator TEXT, one of them. */
static bool term_ok(const struct place *p, const char *term, struct err *e)
{
	static const char *const operators[] = {" == ", " != ", " !~ ", " ~ ", " in "};
	const char *first = NULL, *operator= NULL;
	char *path;
	bool ok;

	term += strspn(term, " ");
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		const char *at = strstr(term, operators[i]);

		if (at && (!first || at < first)) {
			first = at;
			operator= operators[i];
		}
	}
	if (!first) {
		if (strpbrk(term, "=~<>"))
			return descriptor_wrong(
			    p->d, p->pointer, e,
			    "expected PATH == TEXT with spaces around the operator, or PATH: "
			    "%.100s",
			    term);
		return text_path(p, str_starts(term, "not ") ? term + 4 : term, e);
	}
	path = xstrndup(term, (size_t)(first - term));
	ok = text_path(p, path, e);
	free(path);
	if (!ok)
		return false;
	first += strlen(operator);
	return strchr(operator, '~') ? regex_ok(p, first, e) : text_template(p, first, e);
}

bool text_cond(const struct place *p, const char *text, struct err *e)
{
	char *copy = xstrdup(text), *at = copy;
	bool ok = true;

	while (ok && at) {
		char * or = strstr(at, "||"), *and = strstr(at, "&&"),
		       *cut = or &&(!and || or < and) ? or : and;

		if (cut)
			*cut = '\0';
		ok = term_ok(p, at, e);
		at = cut ? cut + 2 : NULL;
	}
	free(copy);
	return ok;
}

/* A credential that may be a part of a URL's beginning. */
static const json_t *credential(const struct place *p, const char *from, size_t n)
{
	char *name = xstrndup(from, n);
	const json_t *c = json_object_get(json_object_get(p->d->root, "credentials"), name);

	free(name);
	return c;
}

static bool kind_is(const json_t *credential, const char *kind)
{
	const char *is = json_string_value(json_object_get(credential, "kind"));

	return is && !strcmp(is, kind);
}

static bool choices_are_https(const json_t *credential)
{
	json_t *choices = json_object_get(credential, "choices"), *url;
	const char *key;

	json_object_foreach(choices, key,
	                    url) if (!json_is_string(url) ||
	                             !str_starts(json_string_value(url), "https://")) return false;
	return choices != NULL;
}

static bool host_ok(const struct place *p, const char *host, struct err *e)
{
	size_t n = strcspn(host, "/?");

	for (const char *at = host; (at = memchr(at, '{', (size_t)(host + n - at))); at++) {
		size_t length = strcspn(at + 1, "}|");
		const json_t *c = credential(p, at + 1, length);

		if (!kind_is(c, "label") && !json_object_get(c, "choices"))
			return descriptor_wrong(
			    p->d, p->pointer, e,
			    "{%.*s} in the name of the host, expected a credential of kind "
			    "label or with choices",
			    (int)length, at + 1);
	}
	return n > 0 || descriptor_wrong(p->d, p->pointer, e, "no name of a host, expected https://HOST/...");
}

bool text_base(const struct place *p, const char *text, struct err *e)
{
	if (*text == '{') {
		size_t n = strcspn(text + 1, "}|");
		const json_t *c = credential(p, text + 1, n);

		if (!kind_is(c, "url") && !choices_are_https(c))
			return descriptor_wrong(
			    p->d, p->pointer, e,
			    "{%.*s}, expected https://... or a credential of kind url or with "
			    "choices that begin with https://",
			    (int)n, text + 1);
	} else if (!str_starts(text, "https://")) {
		return descriptor_wrong(p->d, p->pointer, e, "'%.60s', expected https://...", text);
	} else if (!host_ok(p, text + 8, e)) {
		return false;
	}
	return text_template(p, text, e);
}

bool text_request(const struct place *p, const char *text, struct err *e)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
	size_t n = strcspn(text, " ");
	const char *place = text + n + strspn(text + n, " ");
	bool known = false;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		known |= strlen(methods[i]) == n && !strncmp(text, methods[i], n);
	if (!known)
		return descriptor_wrong(
		    p->d, p->pointer, e,
		    "request: '%.40s', expected GET, POST, PUT, PATCH or DELETE and a path", text);
	if (str_starts(place, "http"))
		return text_base(p, place, e);
	if (*place == '{') {
		if (!json_object_get(p->d->root, "hosts") && !text_base(p, place, e))
			return false;
	} else if (*place && *place != '/' && *place != '?') {
		return descriptor_wrong(p->d, p->pointer, e, "request: '%.60s', expected /path", place);
	} else if (!json_object_get(p->d->root, "base")) {
		return descriptor_wrong(p->d, p->pointer, e, "request: /path, but there is no base");
	}
	return text_template(p, place, e);
}
