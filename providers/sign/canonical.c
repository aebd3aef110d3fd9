#include "canonical.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *lower_case(const struct dnsproof_call *call, const char *text)
{
	char *copy = call->host->text(call, "%s", text);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

/* Without spaces at the ends, runs of spaces as one. */
static const char *trimmed(const struct dnsproof_call *call, const char *text)
{
	char *copy = call->host->text(call, "%s", text), *to = copy;

	for (const char *from = copy; *from; from++) {
		int space = *from == ' ' || *from == '\t';

		if (!space)
			*to++ = *from;
		else if (to > copy && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > copy && to[-1] == ' ')
		to--;
	*to = '\0';
	return copy;
}

void canonical_header_add(const struct dnsproof_call *call, struct canonical_headers *headers,
                          const char *name, const char *value)
{
	struct dnsproof_http_header new;
	size_t i;

	if (!value || !*value || headers->n == CANONICAL_HEADERS_MOST)
		return;
	new = (struct dnsproof_http_header){lower_case(call, name), trimmed(call, value)};
	for (i = headers->n++; i > 0 && strcmp(headers->at[i - 1].name, new.name) > 0; i--)
		headers->at[i] = headers->at[i - 1];
	headers->at[i] = new;
}

const char *canonical_header_lines(const struct dnsproof_call *call, const struct canonical_headers *headers)
{
	const char *text = "";

	for (size_t i = 0; i < headers->n; i++)
		text = call->host->text(call, "%s%s:%s\n", text, headers->at[i].name, headers->at[i].value);
	return text;
}

const char *canonical_header_names(const struct dnsproof_call *call, const struct canonical_headers *headers)
{
	const char *text = "";

	for (size_t i = 0; i < headers->n; i++)
		text = call->host->text(call, "%s%s%s", text, i ? ";" : "", headers->at[i].name);
	return text;
}

static int by_whole_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_name_then_value(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	size_t nx = strcspn(x, "="), ny = strcspn(y, "=");
	int difference = strncmp(x, y, nx < ny ? nx : ny);

	if (difference)
		return difference;
	return nx != ny ? (nx < ny ? -1 : 1) : strcmp(x + nx, y + ny);
}

const char *canonical_query(const struct dnsproof_call *call, const char *query, int by_text)
{
	const char *part[CANONICAL_QUERY_MOST], *text = "";
	size_t n = 0;

	while (query && *query && n < CANONICAL_QUERY_MOST) {
		size_t length = strcspn(query, "&");

		if (length)
			part[n++] = call->host->text(call, "%.*s%s", (int)length, query,
			                             memchr(query, '=', length) ? "" : "=");
		query += length + (query[length] != '\0');
	}
	qsort(part, n, sizeof(*part), by_text ? by_whole_text : by_name_then_value);
	for (size_t i = 0; i < n; i++)
		text = call->host->text(call, "%s%s%s", text, i ? "&" : "", part[i]);
	return text;
}

const char *canonical_path(const struct dnsproof_call *call, const char *path)
{
	const char *text = "";

	for (;;) {
		size_t n = strcspn(path, "/");

		text = call->host->text(call, "%s%s", text, call->host->encode(call, "path", path, n));
		if (!path[n])
			return *text ? text : "/";
		text = call->host->text(call, "%s/", text);
		path += n + 1;
	}
}

const char *canonical_hash(const struct dnsproof_call *call, const void *bytes, size_t n)
{
	unsigned char digest[64];
	size_t length = call->host->digest("sha256", bytes, n, digest);

	return call->host->encode(call, "hex", digest, length);
}

const char *canonical_pairs(const struct dnsproof_call *call, const char *name, ...)
{
	const char *text = "";
	va_list args;

	va_start(args, name);
	for (; name; name = va_arg(args, const char *)) {
		const char *value = va_arg(args, const char *);

		if (value)
			text = call->host->text(call, "%s%s%s=%s", text, *text ? "&" : "",
			                        call->host->encode(call, "path", name, strlen(name)),
			                        call->host->encode(call, "path", value, strlen(value)));
	}
	va_end(args);
	return text;
}
