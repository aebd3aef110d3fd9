#include "config.h"

#include "cond.h"

#include <regex.h>
#include <string.h>

#include "template.h"

/* PATH operator TEXT, as it was written. */
struct term {
	char *path;
	const char *operator; /* "" = is there */
	const char *text;
	bool not ;
};

static const char *const operators[] = {" == ", " != ", " !~ ", " ~ ", " in "};

static char *trimmed(struct run *r, const char *from, size_t n)
{
	while (n > 0 && *from == ' ') {
		from++;
		n--;
	}
	while (n > 0 && from[n - 1] == ' ')
		n--;
	return arena_copy(&r->arena, from, n);
}

static struct term term_read(struct run *r, const char *written)
{
	struct term t = {.operator= "", .text = ""};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		const char *at = strstr(written, operators[i]);

		if (!at || (first && at >= first))
			continue;
		first = at;
		t.operator= operators[i];
	}
	if (first) {
		t.path = trimmed(r, written, (size_t)(first - written));
		t.text = trimmed(r, first + strlen(t.operator), strlen(first) - strlen(t.operator));
		return t;
	}
	t.path = trimmed(r, written, strlen(written));
	t.not = !strncmp(t.path, "not ", 4);
	if (t.not )
		t.path = trimmed(r, t.path + 4, strlen(t.path) - 4);
	return t;
}

static bool is_something(const json_t *value)
{
	if (json_is_string(value))
		return json_string_length(value) > 0;
	if (json_is_array(value))
		return json_array_size(value) > 0;
	if (json_is_object(value))
		return json_object_size(value) > 0;
	if (json_is_integer(value))
		return json_integer_value(value) != 0;
	return value && !json_is_null(value) && !json_is_false(value);
}

static bool matches(struct run *r, const char *pattern, const char *subject)
{
	regex_t regex;
	bool yes;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
		run_fail(r, DNSPROOF_INVALID, "descriptor: not a regular expression: %.80s", pattern);
		return false;
	}
	yes = regexec(&regex, subject, 0, NULL, 0) == 0;
	regfree(&regex);
	return yes;
}

static bool among(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = words; *(at += strspn(at, " "));) {
		size_t length = strcspn(at, " ");

		if (length == n && !strncmp(at, word, n))
			return true;
		at += length;
	}
	return false;
}

static bool term_holds(struct run *r, const struct answer *a, const char *written)
{
	struct term t = term_read(r, written);
	const json_t *value = path_one(r, a, answer_root(a), t.path);
	const char *is = template_scalar(r, value).at, *text;

	if (!*t.operator)
		return is_something(value) != t.not ;
	if (strchr(t.operator, '~'))
		return matches(r, t.text, is) != (t.operator[1] == '!');
	text = template_text(r, t.text, LAND_PLAIN);
	if (!text)
		return false;
	if (!strcmp(t.operator, " in "))
		return among(text, is);
	return !strcmp(is, text) == (t.operator[1] == '=');
}

/* Splits at ` && ` or ` || ` and calls itself no deeper than once for each. */
static bool text_holds(struct run *r, const struct answer *a, const char *written)
{
	for (const char *any = written;;) {
		const char *next = strstr(any, "||");
		char *all = arena_copy(&r->arena, any, next ? (size_t)(next - any) : strlen(any));
		bool holds = true;

		while (all && holds) {
			char *and = strstr(all, "&&");

			if (and)
				*and = '\0';
			holds = term_holds(r, a, all);
			all = and? and+2 : NULL;
		}
		if (holds || !next)
			return holds;
		any = next + 2;
	}
}

bool cond_holds(struct run *r, const struct answer *a, const json_t *cond, bool standard)
{
	const json_t *one;
	bool statuses = false;
	size_t i;

	if (!cond || json_is_null(cond))
		return standard;
	if (json_is_integer(cond))
		return json_integer_value(cond) == a->status;
	if (json_is_string(cond))
		return text_holds(r, a, json_string_value(cond));
	json_array_foreach(cond, i, one)
	{
		if (json_is_integer(one)) {
			statuses = true;
			if (json_integer_value(one) == a->status)
				return true;
		} else if (!cond_holds(r, a, one, standard)) {
			return false;
		}
	}
	return json_array_size(cond) > 0 && !statuses;
}
