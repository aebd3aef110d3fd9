#include "config.h"

#include "mask.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

void mask_add(const char *secret)
{
	remember(secret, strlen(secret));
	if (strchr(secret, '\n'))
		for (const char *line = secret; *line;) {
			size_t n = strcspn(line, "\r\n");

			remember(line, n);
			line += n + strspn(line + n, "\r\n");
		}
	remember_keys(secret);
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
