#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"
#include "engine/acme/header_fields.h"
#include "engine/acme/problem.h"
#include "engine/acme/rfc3339.h"
#include "common/url.h"
#include "common/when.h"

enum { DAY = 24 * 60 * 60, RETRY_LEAST_S = 1, RETRY_MOST_S = 7 * DAY, ALTERNATES_MOST = 10 };

static int month_number(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (strncmp(months + (size_t)i * 3, text, 3) == 0)
			return i + 1;
	return 0;
}

/* Does text have the shape of the pattern, in which '0' is any digit and 'a' any letter? */
static bool shaped(const char *text, const char *pattern)
{
	for (; *pattern; pattern++, text++) {
		unsigned char c = (unsigned char)*text;

		if (*pattern == '0' ? !isdigit(c) : *pattern == 'a' ? !isalpha(c) : *pattern != *text)
			return false;
	}
	return *text == '\0';
}

int64_t imf_date_parse(const char *text)
{
	int year, month, day, hour, minute, second;

	if (!text || !shaped(text, "aaa, 00 aaa 0000 00:00:00 GMT"))
		return 0;
	day = atoi(text + 5);
	month = month_number(text + 8);
	year = atoi(text + 12);
	hour = atoi(text + 17);
	minute = atoi(text + 20);
	second = atoi(text + 23);
	if (year < 1970 || !utc_day_exists(year, month, day) || hour > 23 || minute > 59 || second > 60)
		return 0;
	return utc_seconds(year, month, day, hour, minute, second);
}

uint64_t retry_after_ms(const char *text, int64_t now)
{
	int64_t seconds;

	if (!text)
		return 0;
	if (*text && strspn(text, "0123456789") == strlen(text)) {
		seconds = strlen(text) > 9 ? RETRY_MOST_S : atoll(text);
	} else {
		int64_t date = imf_date_parse(text);

		if (date == 0)
			return 0;
		seconds = date - now;
	}
	if (seconds < RETRY_LEAST_S)
		seconds = RETRY_LEAST_S;
	if (seconds > RETRY_MOST_S)
		seconds = RETRY_MOST_S;
	return (uint64_t)seconds * 1000;
}

static const char *skip_space(const char *at)
{
	return at + strspn(at, " \t");
}

/* Is "alternate" one of the words of a rel value? */
static bool relation_alternate(const char *value, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t word = 0;

		while (i + word < n && value[i + word] != ' ')
			word++;
		if (word == 9 && strncasecmp(value + i, "alternate", 9) == 0)
			return true;
		i += word + 1;
	}
	return false;
}

/* Reads one ;name=value behind a link's URL; NULL at the end of this link. */
static const char *parameter(const char *at, bool *alternate)
{
	const char *name, *value;
	size_t name_len, n;

	at = skip_space(at);
	if (*at != ';')
		return NULL;
	name = skip_space(at + 1);
	name_len = strcspn(name, "=;, \t");
	at = skip_space(name + name_len);
	if (*at != '=')
		return at;
	value = skip_space(at + 1);
	if (*value == '"') {
		value++;
		n = strcspn(value, "\"");
		at = value + n + (value[n] == '"');
	} else {
		n = strcspn(value, ";, \t");
		at = value + n;
	}
	if (name_len == 3 && strncasecmp(name, "rel", 3) == 0 && relation_alternate(value, n))
		*alternate = true;
	return at;
}

static void field_alternates(const char *at, struct strs *out)
{
	while (*(at = at + strspn(at, " \t,")) == '<') {
		size_t n = strcspn(at + 1, ">");
		char *url = xstrndup(at + 1, n);
		const char *next;
		bool alternate = false;

		at += 1 + n + (at[1 + n] == '>');
		while ((next = parameter(at, &alternate)) != NULL)
			at = next;
		if (alternate && url_valid(url) && out->n < ALTERNATES_MOST && !strs_has(out, url))
			strs_add(out, url);
		free(url);
		at = skip_space(at);
		if (*at != ',')
			return;
	}
}

void links_alternate(const struct strs *fields, struct strs *out)
{
	for (size_t i = 0; i < fields->n; i++)
		field_alternates(fields->at[i], out);
}

struct problem *clock_problem(int64_t now, int64_t built, const char *date)
{
	int64_t said = imf_date_parse(date);
	char ours[WHEN_ROOM], theirs[WHEN_ROOM];

	when_text(now, ours);
	if (said && (now - said > DAY || said - now > DAY)) {
		when_text(said, theirs);
		return problem_new(PROBLEM_PERSON, 0, "",
		                   "this machine's clock says %s, the CA's says %s; set the clock", ours,
		                   theirs);
	}
	if (now < built - DAY) {
		when_text(built, theirs);
		return problem_new(PROBLEM_PERSON, 0, "",
		                   "this machine's clock says %s, before this program was built (%s); "
		                   "set the clock",
		                   ours, theirs);
	}
	return NULL;
}
