#include "config.h"

#include "filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter_digest.h"
#include "filter_part.h"

#define HOUR 3600

static bool f_quote(struct run *r, const char *a, struct bytes *v)
{
	v->at = arena_printf(&r->arena, "\"%s\"", v->at);
	v->n += 2;
	return true;
}

static bool f_unquote(struct run *r, const char *a, struct bytes *v)
{
	if (v->n >= 2 && v->at[0] == '"' && v->at[v->n - 1] == '"')
		*v = (struct bytes){arena_copy(&r->arena, v->at + 1, v->n - 2), v->n - 2};
	return true;
}

static bool f_dot(struct run *r, const char *a, struct bytes *v)
{
	if (v->n == 0 || v->at[v->n - 1] != '.')
		*v = bytes_of(arena_printf(&r->arena, "%s.", v->at));
	return true;
}

static bool change(struct run *r, struct bytes *v, char from, char to)
{
	char *copy = arena_copy(&r->arena, v->at, v->n);

	for (size_t i = 0; i < v->n; i++)
		if (copy[i] == from)
			copy[i] = to;
	v->at = copy;
	return true;
}

static bool f_dash(struct run *r, const char *a, struct bytes *v)
{
	return change(r, v, '.', '-');
}

static bool f_underscore(struct run *r, const char *a, struct bytes *v)
{
	return change(r, v, '.', '_');
}

static bool f_lower(struct run *r, const char *a, struct bytes *v)
{
	char *copy = arena_copy(&r->arena, v->at, v->n);

	for (size_t i = 0; i < v->n; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] + 32);
	v->at = copy;
	return true;
}

static bool f_upper(struct run *r, const char *a, struct bytes *v)
{
	char *copy = arena_copy(&r->arena, v->at, v->n);

	for (size_t i = 0; i < v->n; i++)
		if (copy[i] >= 'a' && copy[i] <= 'z')
			copy[i] = (char)(copy[i] - 32);
	v->at = copy;
	return true;
}

static bool f_or(struct run *r, const char *a, struct bytes *v)
{
	if (v->n == 0)
		*v = bytes_of(a);
	return true;
}

static bool f_minutes(struct run *r, const char *a, struct bytes *v)
{
	*v = bytes_of(arena_printf(&r->arena, "%lld", (strtoll(v->at, NULL, 10) + 59) / 60));
	return true;
}

static bool f_plus(struct run *r, const char *a, struct bytes *v)
{
	*v = bytes_of(arena_printf(&r->arena, "%lld", strtoll(v->at, NULL, 10) + strtoll(a, NULL, 10)));
	return true;
}

static bool f_form(struct run *r, const char *a, struct bytes *v)
{
	*v = bytes_of(r->host->encode(r->call, "form", v->at, v->n));
	return true;
}

static bool f_path(struct run *r, const char *a, struct bytes *v)
{
	*v = bytes_of(r->host->encode(r->call, "path", v->at, v->n));
	return true;
}

static bool time_format(struct run *r, const char *format, struct bytes *v, time_t t)
{
	char text[200];
	struct tm tm;
	size_t n;

	gmtime_r(&t, &tm);
	n = strftime(text, sizeof(text), format, &tm);
	*v = (struct bytes){arena_copy(&r->arena, text, n), n};
	return true;
}

static bool f_time(struct run *r, const char *a, struct bytes *v)
{
	return time_format(r, a, v, (time_t)strtoll(v->at, NULL, 10));
}

/* The last Sunday of a month of 31 days at 01:00 UTC, in seconds of its year's calendar. */
static time_t last_sunday(int year, int month)
{
	struct tm tm = {.tm_year = year, .tm_mon = month, .tm_mday = 31, .tm_hour = 1};
	time_t t = timegm(&tm);

	return t - (time_t)tm.tm_wday * 24 * HOUR;
}

static bool f_cet(struct run *r, const char *a, struct bytes *v)
{
	time_t t = (time_t)strtoll(v->at, NULL, 10);
	bool summer;
	struct tm tm;

	gmtime_r(&t, &tm);
	summer = t >= last_sunday(tm.tm_year, 2) && t < last_sunday(tm.tm_year, 9);
	return time_format(r, a, v, t + (summer ? 2 : 1) * HOUR);
}

/* `same`: the work is done elsewhere (types of JSON, escaping). */
static bool f_same(struct run *r, const char *a, struct bytes *v)
{
	return true;
}

struct filter {
	const char *name;
	bool (*apply)(struct run *r, const char *argument, struct bytes *v);
	bool wants_argument;
};

static const struct filter filters[] = {
    {"quote", f_quote, false},
    {"unquote", f_unquote, false},
    {"dot", f_dot, false},
    {"dash", f_dash, false},
    {"underscore", f_underscore, false},
    {"lower", f_lower, false},
    {"upper", f_upper, false},
    {"trim", part_trim, false},
    {"or", f_or, true},
    {"first", part_first, true},
    {"last", part_last, true},
    {"after", part_after, true},
    {"before", part_before, true},
    {"without", part_without, true},
    {"replace", part_replace, true},
    {"minutes", f_minutes, false},
    {"plus", f_plus, true},
    {"string", f_same, false},
    {"number", f_same, false},
    {"json", f_same, false},
    {"segments", f_same, false},
    {"form", f_form, false},
    {"path", f_path, false},
    {"time", f_time, true},
    {"cet", f_cet, true},
    {"md5", digest_md5, false},
    {"sha1", digest_sha1, false},
    {"sha256", digest_sha256, false},
    {"sha512", digest_sha512, false},
    {"hmac_md5", hmac_md5, true},
    {"hmac_sha1", hmac_sha1, true},
    {"hmac_sha256", hmac_sha256, true},
    {"hmac_sha512", hmac_sha512, true},
    {"hex", digest_hex, false},
    {"base64", digest_base64, false},
    {"base64url", digest_base64url, false},
    {"unbase64", digest_unbase64, false},
};

bool filter_apply(struct run *r, const char *name, const char *argument, struct bytes *value)
{
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		if (strcmp(filters[i].name, name) != 0)
			continue;
		if (filters[i].wants_argument != (argument != NULL))
			break;
		return filters[i].apply(r, argument, value);
	}
	run_fail(r, DNSPROOF_INVALID, "descriptor: filter %.40s: unknown, or its argument is", name);
	return false;
}
