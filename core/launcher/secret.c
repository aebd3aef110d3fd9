#include "config.h"

#include "launcher/secret.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"
#include "launcher/secret_kinds.h"

#define LEAST_MASKED     4  /* shorter values would mask half of every message */
#define LEAST_BASE64_RUN 16 /* a 96-bit key */

/* What programs and descriptors gave: asked for once. */
static struct {
	char *source, *value;
} * kept;
static size_t kept_n;

bool secret_is_source(const char *text)
{
	return str_starts(text, "file:") || str_starts(text, "cred:") || str_starts(text, "env:") ||
	       str_starts(text, "cmd:") || (str_starts(text, "fd:") && isdigit((unsigned char)text[3]));
}

static bool is_variable(const char *name)
{
	if (!isalpha((unsigned char)*name) && *name != '_')
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return false;
	return true;
}

static bool source_check(const char *source, struct err *e)
{
	if (str_starts(source, "cred:"))
		return secret_cred_check(source + 5, e);
	if (str_starts(source, "cmd:"))
		return secret_cmd_check(source + 4, e);
	if (str_starts(source, "fd:"))
		return secret_fd_check(source + 3, e);
	return is_variable(source + 4) ||
	       err_set(e, "%s names no environment variable; type env:NAME", source);
}

char *secret_absolute(const char *source, const char *folder, struct err *e)
{
	if (!str_starts(source, "file:"))
		return source_check(source, e) ? xstrdup(source) : NULL;
	const char *path = source + strlen("file:");
	if (!*path) {
		err_set(e, "file: names no file; type file:/PATH");
		return NULL;
	}
	return *path == '/' ? xstrdup(source) : xasprintf("file:%s/%s", folder, path);
}

static bool open_variable(const char *name, struct secret *s, struct err *e)
{
	const char *value = getenv(name);
	if (!value || !*value)
		return err_set(e,
		               "environment variable %s is %s; set and export it, or name "
		               "another source (file:PATH)",
		               name, value ? "empty" : "not set");
	if (strlen(value) > SECRET_MOST)
		return err_set(e, "environment variable %s is longer than %d octets", name, SECRET_MOST);
	s->value = xstrdup(value);
	return true;
}

static bool open_kept(const char *source, struct secret *s, struct err *e)
{
	for (size_t i = 0; i < kept_n; i++)
		if (strcmp(kept[i].source, source) == 0) {
			s->value = xstrdup(kept[i].value);
			return true;
		}
	s->value = *source == 'c' ? secret_cmd_read(source + 4, e) : secret_fd_read(source + 3, e);
	if (!s->value)
		return false;
	kept = xgrow(kept, kept_n, sizeof *kept);
	kept[kept_n].source = xstrdup(source);
	kept[kept_n++].value = xstrdup(s->value);
	return true;
}

void secret_forget(void)
{
	for (size_t i = 0; i < kept_n; i++) {
		free(kept[i].source);
		mem_wipe_free(kept[i].value);
	}
	free(kept);
	kept = NULL;
	kept_n = 0;
}

bool secret_open(const char *source, bool readable, struct secret *s, struct err *e)
{
	s->fd = -1;
	s->value = NULL;
	if (str_starts(source, "file:"))
		return (s->fd = secret_file_open(source + 5, readable, e)) >= 0;
	if (str_starts(source, "cred:"))
		return (s->fd = secret_cred_open(source + 5, readable, e)) >= 0;
	if (str_starts(source, "env:"))
		return open_variable(source + 4, s, e);
	if (secret_is_source(source))
		return open_kept(source, s, e);
	return err_set(e,
	               "%s is not the source of a secret; type file:PATH, cred:NAME, env:NAME, cmd:WORDS "
	               "or fd:N",
	               source);
}

void secret_close(struct secret *s)
{
	if (s->fd >= 0)
		close(s->fd);
	mem_wipe_free(s->value);
	s->fd = -1;
	s->value = NULL;
}

char *secret_value(const char *source, struct err *e)
{
	struct secret s;
	struct buf b;
	char *value = NULL;
	if (!secret_open(source, false, &s, e))
		return NULL;
	buf_init(&b, SECRET_MOST);
	if (s.value)
		value = xstrdup(s.value);
	else if (io_read(s.fd, &b))
		value = secret_text(&b, source, e);
	else
		err_set(e, "%s: %s", source, strerror(errno));
	buf_wipe(&b);
	secret_close(&s);
	return value;
}

static void add_mask(struct strs *masks, const char *at, size_t n)
{
	char *piece = xstrndup(at, n);
	if (n >= LEAST_MASKED && !strs_has(masks, piece))
		strs_add(masks, piece);
	mem_wipe_free(piece);
}

static void add_lines(struct strs *masks, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\r\n");
		size_t front = strspn(text, " \t"), end = n;
		while (end > front && isspace((unsigned char)text[end - 1]))
			end--;
		if (end > front)
			add_mask(masks, text + front, end - front);
		text += n + strspn(text + n, "\r\n");
	}
}

static void add_base64_runs(struct strs *masks, const char *text)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                               "0123456789+/=";
	while (*text) {
		size_t n = strspn(text, alphabet);
		if (n >= LEAST_BASE64_RUN)
			add_mask(masks, text, n);
		text += n + (text[n] != '\0');
	}
}

void secret_masks(const struct secret *s, struct strs *masks)
{
	char *text = s->value ? xstrdup(s->value) : xcalloc(1, SECRET_MOST + 1);
	if (!s->value && pread(s->fd, text, SECRET_MOST, 0) < 0)
		text[0] = '\0';
	add_lines(masks, text);
	add_base64_runs(masks, text);
	mem_wipe_free(text);
}

static void mask_one(char *text, const char *secret)
{
	size_t n = strlen(secret);
	for (char *at = text; n >= LEAST_MASKED && (at = strstr(at, secret)); at += 3) {
		memcpy(at, "***", 3);
		memmove(at + 3, at + n, strlen(at + n) + 1);
	}
}

void secret_mask(char *text, const struct strs *masks)
{
	for (size_t i = 0; i < masks->n; i++)
		mask_one(text, masks->at[i]);
}

void secret_masks_free(struct strs *masks)
{
	for (size_t i = 0; i < masks->n; i++)
		mem_wipe(masks->at[i], strlen(masks->at[i]));
	strs_free(masks);
}
