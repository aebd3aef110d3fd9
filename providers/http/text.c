#include "config.h"

#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/b64.h"
#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"

static struct {
	char **at;
	size_t n;
} texts;

static char *keep(char *text)
{
	texts.at = xgrow(texts.at, texts.n, sizeof(*texts.at));
	texts.at[texts.n++] = text;
	return text;
}

char *http_text(const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		log_fatal(70, "out of memory for a text");
	return keep(text);
}

void http_text_end(void)
{
	for (size_t i = 0; i < texts.n; i++)
		mem_wipe_free(texts.at[i]);
	free(texts.at);
	texts.at = NULL;
	texts.n = 0;
}

/* RFC 3986 section 2.1; space as given. */
static char *percent(const unsigned char *bytes, size_t n, const char *space)
{
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < n; i++) {
		if (isalnum(bytes[i]) || (bytes[i] && strchr("-._~", bytes[i])))
			buf_add(&b, &bytes[i], 1);
		else if (bytes[i] == ' ')
			buf_add_str(&b, space);
		else
			buf_printf(&b, "%%%02X", bytes[i]);
	}
	return buf_take(&b);
}

static char *xml(const char *bytes, size_t n)
{
	static const char *const entities[] = {"&&amp;", "<&lt;", ">&gt;", "\"&quot;", "'&apos;"};
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < n; i++) {
		const char *entity = NULL;

		for (size_t k = 0; k < sizeof(entities) / sizeof(entities[0]); k++)
			if (bytes[i] == entities[k][0])
				entity = entities[k] + 1;
		if (entity)
			buf_add_str(&b, entity);
		else
			buf_add(&b, &bytes[i], 1);
	}
	return buf_take(&b);
}

char *http_encode(const char *kind, const void *bytes, size_t n)
{
	bytes = n ? bytes : "";
	if (!strcmp(kind, "hex"))
		return keep(hex_encode(bytes, n));
	if (!strcmp(kind, "base64"))
		return keep(b64_encode(bytes, n));
	if (!strcmp(kind, "base64url"))
		return keep(b64url_encode(bytes, n));
	if (!strcmp(kind, "path"))
		return keep(percent(bytes, n, "%20"));
	if (!strcmp(kind, "form"))
		return keep(percent(bytes, n, "+"));
	if (!strcmp(kind, "xml"))
		return keep(xml(bytes, n));
	return NULL;
}
