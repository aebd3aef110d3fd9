#include "config.h"

#include "launcher/secret.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"

#define LEAST_MASKED     4  /* shorter values would mask half of every message */
#define LEAST_BASE64_RUN 16 /* a 96-bit key */

bool secret_is_source(const char *text)
{
	return str_starts(text, "file:") || str_starts(text, "env:");
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

char *secret_absolute(const char *source, const char *folder, struct err *e)
{
	if (str_starts(source, "env:")) {
		if (is_variable(source + 4))
			return xstrdup(source);
		err_set(e, "%s names no environment variable; type env:NAME", source);
		return NULL;
	}
	const char *path = source + strlen("file:");
	if (!*path) {
		err_set(e, "file: names no file; type file:/PATH");
		return NULL;
	}
	return *path == '/' ? xstrdup(source) : xasprintf("file:%s/%s", folder, path);
}

static bool owner_is_fine(const char *path, const struct stat *st, struct err *e)
{
	if (st->st_uid == 0 || st->st_uid == geteuid())
		return true;
	return err_set(e, "secret file %s belongs to user %lu, neither to root nor to us; type: "
		       "chown %lu '%s'", path, (unsigned long)st->st_uid,
		       (unsigned long)geteuid(), path);
}

static bool mode_is_fine(const char *path, const struct stat *st, struct err *e)
{
	if (st->st_mode & S_IROTH)
		return err_set(e, "secret file %s can be read by everyone (mode %04o); type: "
			       "chmod 640 '%s'", path, (unsigned)st->st_mode & 07777, path);
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return err_set(e, "secret file %s can be written by others than its owner (mode "
			       "%04o); type: chmod 640 '%s'", path,
			       (unsigned)st->st_mode & 07777, path);
	return true;
}

static bool file_is_fine(int fd, const char *path, struct err *e)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return err_set(e, "secret file %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, "secret file %s is no regular file; type file:PATH of one", path);
	if (!owner_is_fine(path, &st, e) || !mode_is_fine(path, &st, e))
		return false;
	if (st.st_size == 0)
		return err_set(e, "secret file %s is empty; write the secret into it", path);
	if (st.st_size > SECRET_MOST)
		return err_set(e, "secret file %s has %lld octets, more than %d; is it the right "
			       "file?", path, (long long)st.st_size, SECRET_MOST);
	return true;
}

static bool open_file(const char *path, struct secret *s, struct err *e)
{
	s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (s->fd < 0 && errno == EACCES)
		return err_set(e, "secret file %s cannot be read by us (user %lu): %s; check the "
			       "owner and the modes of the file and of its folders", path,
			       (unsigned long)geteuid(), strerror(errno));
	if (s->fd < 0)
		return err_set(e, "secret file %s: %s; check the path after file:", path,
			       strerror(errno));
	if (file_is_fine(s->fd, path, e))
		return true;
	secret_close(s);
	return false;
}

static bool open_variable(const char *name, struct secret *s, struct err *e)
{
	const char *value = getenv(name);
	if (!value || !*value)
		return err_set(e, "environment variable %s is %s; set and export it, or name "
			       "another source (file:PATH)", name, value ? "empty" : "not set");
	if (strlen(value) > SECRET_MOST)
		return err_set(e, "environment variable %s is longer than %d octets", name,
			       SECRET_MOST);
	s->value = xstrdup(value);
	return true;
}

bool secret_open(const char *source, struct secret *s, struct err *e)
{
	s->fd = -1;
	s->value = NULL;
	if (str_starts(source, "file:"))
		return open_file(source + strlen("file:"), s, e);
	if (str_starts(source, "env:"))
		return open_variable(source + strlen("env:"), s, e);
	return err_set(e, "%s is no source of a secret; type file:PATH or env:NAME", source);
}

void secret_close(struct secret *s)
{
	if (s->fd >= 0)
		close(s->fd);
	mem_wipe_free(s->value);
	s->fd = -1;
	s->value = NULL;
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
