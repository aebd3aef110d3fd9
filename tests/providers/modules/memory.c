/*
 * A provider that keeps its records in a text file, one "NAME VALUE" a line, for tests without DNS.
 * Well-behaved, unless told otherwise by its options.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "provider.h"

#define FILE_MOST (1024 * 1024)

struct store {
	int fd;
	char *text; /* NUL-terminated */
};

static const char *text_option(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

static void pause_ms(const struct dnsproof_call *call, const char *key)
{
	json_int_t ms = json_integer_value(json_object_get(call->options, key));
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	if (ms)
		nanosleep(&t, NULL);
}

static enum dnsproof_rc store_open(const struct dnsproof_call *call, struct store *s)
{
	const char *path = text_option(call, "file");
	struct stat st;

	s->text = NULL;
	s->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->fd < 0 || flock(s->fd, LOCK_EX) != 0 || fstat(s->fd, &st) != 0 || st.st_size > FILE_MOST) {
		if (s->fd >= 0)
			close(s->fd);
		return call->host->fail(call, DNSPROOF_TEMP, "%s: %s", path, strerror(errno));
	}
	s->text = calloc(1, (size_t)st.st_size + 1);
	if (!s->text || read(s->fd, s->text, (size_t)st.st_size) != st.st_size)
		abort();
	return DNSPROOF_OK;
}

static void store_close(struct store *s)
{
	free(s->text);
	close(s->fd);
}

static char *line_of(const struct dnsproof_txt *txt)
{
	char *line;

	if (asprintf(&line, "%s %s\n", txt->name, txt->value) < 0)
		abort();
	return line;
}

/* Where the line stands in the text, or NULL. */
static char *find(const struct store *s, const char *line)
{
	for (char *at = s->text; (at = strstr(at, line)); at++)
		if (at == s->text || at[-1] == '\n')
			return at;
	return NULL;
}

static enum dnsproof_rc store_write(const struct dnsproof_call *call, struct store *s, const char *text)
{
	size_t n = strlen(text);

	if (pwrite(s->fd, text, n, 0) == (ssize_t)n && ftruncate(s->fd, (off_t)n) == 0)
		return DNSPROOF_OK;
	return call->host->fail(call, DNSPROOF_TEMP, "write: %s", strerror(errno));
}

static enum dnsproof_rc store_add(const struct dnsproof_call *call, struct store *s,
                                  const struct dnsproof_txt *txt)
{
	char *line = line_of(txt), *text = NULL;
	enum dnsproof_rc rc = DNSPROOF_OK;

	if (!find(s, line)) {
		if (asprintf(&text, "%s%s", s->text, line) < 0)
			abort();
		rc = store_write(call, s, text);
		free(s->text);
		s->text = text;
	}
	free(line);
	return rc;
}

static enum dnsproof_rc store_del(const struct dnsproof_call *call, struct store *s,
                                  const struct dnsproof_txt *txt)
{
	char *line = line_of(txt), *at = find(s, line);
	enum dnsproof_rc rc = DNSPROOF_OK;

	if (at) {
		memmove(at, at + strlen(line), strlen(at + strlen(line)) + 1);
		rc = store_write(call, s, s->text);
	}
	free(line);
	return rc;
}

/* The result that the option asks for, or OK. */
static enum dnsproof_rc told(const struct dnsproof_call *call)
{
	json_int_t rc = json_integer_value(json_object_get(call->options, "answer"));

	if (!rc)
		return DNSPROOF_OK;
	return call->host->fail(call, (enum dnsproof_rc)rc, "told to answer %d", (int)rc);
}

static enum dnsproof_rc change(const struct dnsproof_call *call, struct dnsproof_txt *txt, int del)
{
	enum dnsproof_rc rc = del ? DNSPROOF_OK : told(call);
	struct store s;

	if (rc != DNSPROOF_OK)
		return rc;
	pause_ms(call, del ? "pause_del" : "pause");
	rc = store_open(call, &s);
	if (rc != DNSPROOF_OK)
		return rc;
	rc = del ? store_del(call, &s, txt) : store_add(call, &s, txt);
	store_close(&s);
	if (!del)
		snprintf(txt->handle, sizeof(txt->handle), "line-%.8s", txt->value);
	pause_ms(call, "linger");
	return rc;
}

static enum dnsproof_rc memory_add(struct dnsproof_txt_call *c)
{
	return change(&c->call, c->txt, 0);
}

static enum dnsproof_rc memory_del(struct dnsproof_txt_call *c)
{
	return change(&c->call, c->txt, 1);
}

static enum dnsproof_rc memory_batch(struct dnsproof_batch_call *c)
{
	for (size_t i = 0; i < c->n; i++)
		c->change[i].rc = change(&c->call, &c->change[i].txt, c->change[i].del);
	return DNSPROOF_OK;
}

static enum dnsproof_rc memory_check(struct dnsproof_check_call *c)
{
	const char *zone = text_option(&c->call, "zone");

	if (!zone || !strcmp(zone, c->zone))
		return DNSPROOF_OK;
	return c->call.host->fail(&c->call, DNSPROOF_NOZONE, "only %s is here", zone);
}

static enum dnsproof_rc memory_list(struct dnsproof_list_call *c)
{
	size_t n = strlen(c->name);
	struct store s;
	enum dnsproof_rc rc = store_open(&c->call, &s);

	if (rc != DNSPROOF_OK)
		return rc;
	for (char *line = strtok(s.text, "\n"); line; line = strtok(NULL, "\n"))
		if (!strncmp(line, c->name, n) && line[n] == ' ')
			c->value(c, line + n + 1, strlen(line + n + 1));
	store_close(&s);
	return DNSPROOF_OK;
}

static const struct dnsproof_option options[] = {
    {"file", DNSPROOF_REQUIRED, NULL, NULL, "where the records are kept"},
    {"zone", 0, NULL, NULL, "check knows only this zone"},
    {"answer", DNSPROOF_INT, NULL, "0", "result of each add, as a number of enum dnsproof_rc"},
    {"pause", DNSPROOF_INT, NULL, "0", "milliseconds before an add is done"},
    {"pause_del", DNSPROOF_INT, NULL, "0", "milliseconds before a del is done"},
    {"linger", DNSPROOF_INT, NULL, "0", "milliseconds between done and answered"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
    .name = "memory",
    .summary = "test: records in a text file",
    .options = options,
    .replaces = DNSPROOF_RECORD,
    .add = memory_add,
    .del = memory_del,
    .check = memory_check,
    .list = memory_list,
    .batch = memory_batch,
};
