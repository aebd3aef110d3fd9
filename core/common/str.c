#include "config.h"

#include "common/str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"

void strs_add(struct strs *s, const char *text)
{
	s->at = xgrow(s->at, s->n, sizeof(*s->at));
	s->at[s->n++] = xstrdup(text);
}

void strs_words(struct strs *s, const char *text)
{
	while (text && *(text += strspn(text, " "))) {
		size_t n = strcspn(text, " ");

		s->at = xgrow(s->at, s->n, sizeof(*s->at));
		s->at[s->n++] = xstrndup(text, n);
		text += n;
	}
}

bool strs_has(const struct strs *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->at[i], text))
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strs_sort(struct strs *s)
{
	if (s->n)
		qsort(s->at, s->n, sizeof(*s->at), compare);
}

char *strs_join(const struct strs *s, const char *between)
{
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < s->n; i++) {
		if (i)
			buf_add_str(&b, between);
		buf_add_str(&b, s->at[i]);
	}
	return buf_take(&b);
}

void strs_free(struct strs *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->at[i]);
	free(s->at);
	*s = (struct strs){0};
}

bool str_starts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

bool str_ends(const char *text, const char *suffix)
{
	size_t n = strlen(text), m = strlen(suffix);

	return n >= m && !strcmp(text + n - m, suffix);
}

/* Length of the UTF-8 sequence at s and its code point; 0 if it is none (RFC 3629). */
static size_t utf8_char(const char *s, uint32_t *point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = (unsigned char)*s;
	size_t n = c < 0x80 ? 1 : c >> 5 == 6 ? 2 : c >> 4 == 14 ? 3 : c >> 3 == 30 ? 4 : 0;
	uint32_t v;

	if (!n)
		return 0;
	v = n == 1 ? c : c & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 0;
	*point = v;
	return n;
}

/* Controls, and what turns the direction of a line or breaks it. */
static bool is_hostile(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

char *str_printable(const char *text, size_t most)
{
	struct buf b;
	size_t fits = 0; /* what may stay when "..." follows */

	buf_init(&b, most);
	while (*text && most) {
		uint32_t point = 0;
		size_t n = utf8_char(text, &point);
		bool bad = !n || is_hostile(point);

		if (!buf_add(&b, bad ? "?" : text, bad ? 1 : n)) {
			if (most >= 3) {
				b.len = fits;
				buf_add(&b, "...", 3);
			}
			break;
		}
		if (b.len + 3 <= most)
			fits = b.len;
		text += n ? n : 1;
	}
	return buf_take(&b);
}

bool str_is_b64url(const char *text, size_t least, size_t most)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

	return !text[n] && n >= least && n <= most && n;
}
