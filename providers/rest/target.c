#include "config.h"

#include "target.h"

#include <string.h>
#include <strings.h>

#include "template.h"

static bool is_https(const char *url)
{
	return !strncmp(url, "https://", 8);
}

static const char *behind_scheme(const char *url)
{
	return is_https(url) ? url + 8 : !strncmp(url, "http://", 7) ? url + 7 : NULL;
}

/* Takes scheme://host[:port] and the path apart. */
static bool split(struct run *r, const char *url, struct target *t)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
	const char *authority = behind_scheme(url);
	size_t n = authority ? strcspn(authority, "/?#") : 0, host;

	if (n == 0 || strspn(authority, set) < n) {
		run_fail(r, DNSPROOF_INVALID, "'%.100s' is not the URL of an API", url);
		return false;
	}
	host = *authority == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/?#");
	t->origin = arena_copy(&r->arena, url, (size_t)(authority - url) + n);
	t->host = arena_copy(&r->arena, authority, host < n ? host : n);
	t->path = arena_copy(&r->arena, authority + n, strcspn(authority + n, "?#"));
	return true;
}

/* A URL that may begin with a variable, which is put in as it is; in the rest values are escaped. */
static char *url_text(struct run *r, const char *template)
{
	size_t n = *template == '{' ? strcspn(template, "}") + 1 : 0, end;
	char *first, *rest;

	first = template_text(r, arena_copy(&r->arena, template, n), LAND_PLAIN);
	rest = first ? template_text(r, template + n, LAND_PATH) : NULL;
	if (!rest)
		return NULL;
	for (end = strlen(first); end > 0 && first[end - 1] == '/';)
		first[--end] = '\0';
	return arena_printf(&r->arena, "%s%s", first, rest);
}

static bool base_read(struct run *r, struct target *t)
{
	const char *base = json_string_value(run_descriptor(r, "base"));
	char *url = base ? url_text(r, base) : NULL;
	size_t n;

	if (!base)
		run_fail(r, DNSPROOF_INVALID, "descriptor: has no base");
	if (!url || !split(r, url, t))
		return false;
	n = strlen(t->path);
	if (n > 0 && t->path[n - 1] == '/' && !strchr(base, '?'))
		t->path = arena_copy(&r->arena, t->path, n - 1);
	return true;
}

static bool host_fits(const char *host, const char *pattern, const char *base)
{
	size_t n = strlen(host), p = strlen(pattern);

	if (!strcmp(pattern, "same"))
		return !strcasecmp(host, base);
	if (!strncmp(pattern, "*.", 2))
		return n > p - 1 && !strcasecmp(host + n - (p - 1), pattern + 1);
	return !strcasecmp(host, pattern);
}

/* May a URL that came from an answer be asked? */
static bool host_allowed(struct run *r, const struct target *t)
{
	const json_t *hosts = run_descriptor(r, "hosts"), *pattern;
	struct target base = {0};
	size_t i;

	if (run_descriptor(r, "base") && !base_read(r, &base))
		return false;
	json_array_foreach(hosts, i, pattern)
	{
		const char *written = json_string_value(pattern);
		const char *one = template_ready(r, written) ? template_text(r, written, LAND_PLAIN) : NULL;

		if (one && host_fits(t->host, one, base.host ? base.host : "") &&
		    (is_https(t->origin) || (base.origin && !is_https(base.origin))))
			return true;
	}
	run_fail(r, DNSPROOF_INVALID, "the API named the host %.100s, which the descriptor does not allow",
	         t->host);
	return false;
}

static bool place_read(struct run *r, const char *place, struct target *t)
{
	char *url, *path;

	if (*place == '{' || behind_scheme(place)) {
		url = url_text(r, place);
		return url && split(r, url, t) && (*place != '{' || host_allowed(r, t));
	}
	if (*place && *place != '/') {
		run_fail(r, DNSPROOF_INVALID, "descriptor: request: expected /path, not %.60s", place);
		return false;
	}
	if (!base_read(r, t))
		return false;
	path = template_text(r, place, LAND_PATH);
	if (!path)
		return false;
	t->path = arena_printf(&r->arena, "%s%s", t->path, path);
	return true;
}

/* Up to the question mark that is not inside braces. */
static size_t path_span(const char *place)
{
	size_t n = 0;

	for (bool inside = false; place[n] && (inside || place[n] != '?'); n++)
		inside = place[n] == '{' || (inside && place[n] != '}');
	return n;
}

bool target_make(struct run *r, const char *line, struct target *t)
{
	size_t method = strcspn(line, " "), n;
	const char *place = line + method + strspn(line + method, " ");

	*t = (struct target){.method = arena_copy(&r->arena, line, method)};
	n = path_span(place);
	if (!place_read(r, arena_copy(&r->arena, place, n), t))
		return false;
	if (!*t->path)
		t->path = "/";
	return place[n] != '?' || pairs_from_query(r, &t->query, place + n + 1);
}

bool target_next(struct run *r, const char *url, struct target *t)
{
	size_t n = strlen(t->origin);

	if (!strncmp(url, t->origin, n) && (url[n] == '/' || url[n] == '?'))
		url += n;
	if (*url == '?') {
		t->path = arena_printf(&r->arena, "%s%s", t->path, url);
	} else if (*url == '/') {
		t->path = arena_copy(&r->arena, url, strlen(url));
	} else {
		run_fail(r, DNSPROOF_TEMP, "the next page is on another host: %.100s", url);
		return false;
	}
	t->query = (struct pairs){0};
	return true;
}
