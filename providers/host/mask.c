#include "config.h"

#include "mask.h"

#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/b64.h"
#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"

#define VALUE_LEAST 4
#define KEY_LEAST   16

static struct {
	char **at; /* longest first */
	size_t n;
} secrets;

static void remember(const char *from, size_t n)
{
	char *copy;
	size_t i;

	if (n < VALUE_LEAST)
		return;
	for (i = 0; i < secrets.n; i++)
		if (!strncmp(secrets.at[i], from, n) && !secrets.at[i][n])
			return;
	copy = xstrndup(from, n);
	secrets.at = xgrow(secrets.at, secrets.n, sizeof(*secrets.at));
	for (i = secrets.n++; i > 0 && strlen(secrets.at[i - 1]) < n; i--)
		secrets.at[i] = secrets.at[i - 1];
	secrets.at[i] = copy;
}

static bool is_key_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("+/=_-", c));
}

/* A key has letters and something that words lack: digits, capitals, signs of base64. */
static bool looks_like_key(const char *part, size_t n)
{
	bool letter = false, other = false;

	for (size_t i = 0; i < n; i++) {
		letter |= isalpha((unsigned char)part[i]) != 0;
		other |= isdigit((unsigned char)part[i]) || isupper((unsigned char)part[i]) ||
		         strchr("+/=", part[i]);
	}
	return n >= KEY_LEAST && letter && other;
}

static void remember_keys(const char *secret)
{
	while (*secret) {
		size_t n = 0;

		while (is_key_char(secret[n]))
			n++;
		if (looks_like_key(secret, n))
			remember(secret, n);
		secret += n ? n : 1;
	}
}

/* What key files of clouds hold besides their secrets, and people must read: names and places. */
static bool is_public(const char *member)
{
	static const char *const parts[] = {"domain", "url", "uri", "email", "project"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(member, parts[i]))
			return true;
	return false;
}

static void remember_members(json_t *json)
{
	const char *member;
	json_t *value;
	size_t i;

	json_array_foreach(json, i, value) remember_members(value);
	json_object_foreach(json, member, value) if (!json_is_string(value)) remember_members(value);
	else if (!is_public(member)) remember_keys(json_string_value(value));
	if (json_is_string(json))
		remember_keys(json_string_value(json));
}

/* Key files may be JSON, whose members have names. */
static void remember_parts(const char *secret)
{
	json_t *json = *secret == '{' ? json_loads(secret, 0, NULL) : NULL;

	if (json)
		remember_members(json);
	else
		remember_keys(secret);
	json_decref(json);
}

static void remember_free(char *text)
{
	remember(text, strlen(text));
	mem_wipe_free(text);
}

static char *in_url(const char *secret, const char *space, const char *digits)
{
	struct buf b;

	buf_init(&b, 0);
	for (const char *c = secret; *c; c++)
		if (isalnum((unsigned char)*c) || strchr("-._~", *c))
			buf_add(&b, c, 1);
		else if (*c == ' ')
			buf_add_str(&b, space);
		else
			buf_printf(&b, "%%%c%c", digits[(unsigned char)*c >> 4], digits[*c & 15]);
	return buf_take(&b);
}

static char *in_json(const char *secret)
{
	json_t *text = json_string(secret);
	char *quoted = json_dumps(text, JSON_ENCODE_ANY | JSON_COMPACT), *inner;
	size_t n = quoted ? strlen(quoted) : 0;

	inner = n > 2 ? xstrndup(quoted + 1, n - 2) : xstrdup("");
	if (text)
		mem_wipe((char *)(uintptr_t)json_string_value(text), json_string_length(text));
	json_decref(text);
	mem_wipe_free(quoted);
	return inner;
}

/* As it stands in requests and in what servers quote of them. */
static void remember_forms(const char *secret)
{
	static const char upper[] = "0123456789ABCDEF", small[] = "0123456789abcdef";

	if (strlen(secret) < VALUE_LEAST)
		return;
	remember_free(in_url(secret, "%20", upper));
	remember_free(in_url(secret, "+", upper));
	remember_free(in_url(secret, "%20", small));
	remember_free(in_json(secret));
	remember_free(b64_encode(secret, strlen(secret)));
}

void mask_add(const char *secret)
{
	remember(secret, strlen(secret));
	remember_forms(secret);
	if (strchr(secret, '\n'))
		for (const char *line = secret; *line;) {
			size_t n = strcspn(line, "\r\n");

			remember(line, n);
			line += n + strspn(line + n, "\r\n");
		}
	remember_parts(secret);
}

static size_t secret_at(const char *text)
{
	for (size_t i = 0; i < secrets.n; i++) {
		size_t n = strlen(secrets.at[i]);

		if (!strncmp(text, secrets.at[i], n))
			return n;
	}
	return 0;
}

char *mask_text(const char *text)
{
	struct buf b;

	buf_init(&b, 0);
	while (*text) {
		size_t n = secret_at(text);

		if (n)
			buf_add_str(&b, "***");
		else
			buf_add(&b, text, 1);
		text += n ? n : 1;
	}
	return buf_take(&b);
}

char *mask_line(const char *text, size_t most)
{
	char *masked = mask_text(text);
	char *line = str_printable(masked, most);

	free(masked);
	return line;
}

void mask_wipe(void)
{
	for (size_t i = 0; i < secrets.n; i++)
		mem_wipe_free(secrets.at[i]);
	free(secrets.at);
	secrets.at = NULL;
	secrets.n = 0;
}
