#include "config.h"

#include "answer.h"

#include <stdint.h>
#include <string.h>

#include "shared/xml.h"

static const char *trimmed(struct run *r, const char *from, size_t n)
{
	if (n >= 3 && !memcmp(from, "\xef\xbb\xbf", 3)) {
		from += 3;
		n -= 3;
	}
	while (n > 0 && strchr(" \t\r\n", *from)) {
		from++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", from[n - 1]))
		n--;
	return arena_copy(&r->arena, from, n);
}

static json_t *headers_copy(const struct dnsproof_http_answer *from)
{
	json_t *all = json_object();

	for (size_t i = 0; i < from->headers; i++)
		json_object_set_new(all, from->header[i].name, json_string(from->header[i].value));
	return all;
}

static json_t *lines_read(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		size_t n = strcspn(text, "\r\n");

		if (n)
			json_array_append_new(list, json_stringn(text, n));
		text += n;
		text += strspn(text, "\r\n");
	}
	return list;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

static json_t *unescaped(struct run *r, const char *from, size_t n)
{
	char *text = arena_get(&r->arena, n + 1);
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		if (from[i] == '%' && i + 2 < n && hex_digit(from[i + 1]) >= 0 &&
		    hex_digit(from[i + 2]) >= 0) {
			text[used++] = (char)(hex_digit(from[i + 1]) * 16 + hex_digit(from[i + 2]));
			i += 2;
		} else {
			text[used++] = from[i] == '+' ? ' ' : from[i];
		}
	}
	return json_stringn(text, used);
}

static json_t *form_read(struct run *r, const char *text)
{
	json_t *object = json_object();

	while (*text) {
		size_t all = strcspn(text, "&\r\n"), n = strcspn(text, "=&\r\n");
		char *name = arena_copy(&r->arena, text, n);

		if (all)
			json_object_set_new(object, name,
			                    n < all ? unescaped(r, text + n + 1, all - n - 1)
			                            : json_string(""));
		text += all + (text[all] != '\0');
	}
	return object;
}

static json_t *pairs_read(struct run *r, const char *text)
{
	json_t *object = json_object();

	while (*text) {
		size_t all = strcspn(text, "\r\n"), n = strcspn(text, ":=\r\n"), skip = n;

		if (n < all)
			skip += 1 + strspn(text + n + 1, " \t");
		if (n < all && skip <= all)
			json_object_set_new(object, arena_copy(&r->arena, text, n),
			                    json_stringn(text + skip, all - skip));
		text += all;
		text += strspn(text, "\r\n");
	}
	return object;
}

/* The text with what is not ASCII replaced: `wide` octets that begin a character of two (GBK), with the
 * next one. */
static char *in_ascii(struct run *r, const char *text, bool wide)
{
	char *copy = arena_copy(&r->arena, text, strlen(text));

	for (unsigned char *c = (unsigned char *)copy; *c; c++) {
		bool pair = wide && *c > 0x80 && *c < 0xff && c[1] >= 0x40;

		if (*c < 0x80)
			continue;
		*c = '?';
		if (pair)
			*++c = '?';
	}
	return copy;
}

/* Some APIs answer in Latin-1 or GBK; then words are lost, the rest is not. */
static json_t *json_of(struct run *r, const char *text)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL), *whole = json_string(text);
	bool utf8 = whole != NULL;

	json_decref(whole);
	if (json || utf8)
		return json;
	json = json_loads(in_ascii(r, text, true), JSON_DECODE_ANY, NULL);
	return json ? json : json_loads(in_ascii(r, text, false), JSON_DECODE_ANY, NULL);
}

static json_t *body_read(struct run *r, const struct dnsproof_http_answer *from, const char *kind,
                         const char *text)
{
	if (!strcmp(kind, "xml"))
		return xml_read(text, strlen(text));
	if (!strcmp(kind, "lines"))
		return lines_read(text);
	if (!strcmp(kind, "form"))
		return form_read(r, text);
	if (!strcmp(kind, "pairs"))
		return pairs_read(r, text);
	if (!strcmp(kind, "text"))
		return json_string(text);
	if (from->json)
		return json_incref((json_t *)(uintptr_t)from->json);
	return json_of(r, text);
}

bool answer_read(struct run *r, const struct dnsproof_http_answer *from, const char *kind, struct answer *a)
{
	json_t *json;

	*a = (struct answer){.status = from->status, .loose = strcmp(kind, "json") != 0};
	a->text = trimmed(r, from->body ? from->body : "", from->body_len);
	a->headers = run_keep(r, headers_copy(from));
	if (!*a->text && strcmp(kind, "lines") != 0)
		return true;
	json = body_read(r, from, kind, a->text);
	if (json)
		a->json = run_keep(r, json);
	else if (a->status >= 200 && a->status < 300)
		run_fail(r, DNSPROOF_TEMP, "HTTP %d, but the answer is not %s: %.80s", a->status, kind,
		         a->text);
	return json || a->status < 200 || a->status >= 300;
}
