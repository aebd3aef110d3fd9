#include "config.h"

#include "setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"

#define DOCUMENT_MOST (64 * 1024 * 1024)

static bool document_read(int fd, struct buf *b, struct err *e)
{
	return io_read(fd, b) || err_set(e, "setup document on descriptor %d: %s; see dnsproof-provider(7)",
	                                 fd, errno == EFBIG ? "larger than 64 MiB" : strerror(errno));
}

/* 0 = none that can be. */
static int fd_of(const json_t *number)
{
	json_int_t fd = json_integer_value(number);

	return fd >= 3 && fd <= 65535 ? (int)fd : 0;
}

static char *value_from_fd(const json_t *given, const char *key, const char *source, struct err *e)
{
	int fd = fd_of(json_object_get(given, "fd"));
	char *value;

	if (!fd) {
		err_set(e, "option %s: needs a value, a secret or an fd in the setup document", key);
		return NULL;
	}
	value = option_read(fd, source, e);
	close(fd);
	if (!value)
		err_prefix(e, "option %s", key);
	return value;
}

static bool given_read(struct setup *s, const char *key, const json_t *given, struct err *e)
{
	const char *value = json_string_value(json_object_get(given, "value"));
	const char *secret = json_string_value(json_object_get(given, "secret"));
	const char *source = json_string_value(json_object_get(given, "source"));
	char *copy;

	if (value && !source) {
		givens_add(&s->options, key, xstrdup(value), NULL);
		return true;
	}
	source = source ? source : "its source";
	copy = secret ? xstrdup(secret) : value ? xstrdup(value) : value_from_fd(given, key, source, e);
	if (!copy)
		return false;
	givens_add(&s->options, key, copy, source);
	return true;
}

static void names_read(struct policy *p, const json_t *list, void (*add)(struct policy *, const char *))
{
	const json_t *name;
	size_t i;

	json_array_foreach(list, i, name) if (json_is_string(name)) add(p, json_string_value(name));
}

/* Every object may add to the lists. */
static void lists_read(struct setup *s, const json_t *document)
{
	names_read(&s->policy, json_object_get(document, "zones"), policy_add_zone);
	names_read(&s->policy, json_object_get(document, "targets"), policy_add_target);
}

static bool go_read(struct setup *s, const json_t *number, struct err *e)
{
	if (!number || json_is_null(number))
		return true;
	s->go = fd_of(number);
	if (s->go && fcntl(s->go, F_SETFD, FD_CLOEXEC) == 0)
		return true;
	return err_set(e, "setup document: go must be the number of an open descriptor");
}

static bool members_read(struct setup *s, const json_t *document, struct err *e)
{
	const char *account = json_string_value(json_object_get(document, "account"));
	const char *provider = json_string_value(json_object_get(document, "provider"));
	json_t *options = json_object_get(document, "options"), *given;
	const char *key;

	if (!provider)
		return err_set(e, "setup document: names no provider");
	s->provider = xstrdup(provider);
	s->policy.account = xstrdup(account ? account : provider);
	s->modules = xstrdup(json_string_value(json_object_get(document, "modules")));
	s->descriptors = xstrdup(json_string_value(json_object_get(document, "descriptors")));
	s->verbose = (int)json_integer_value(json_object_get(document, "verbose"));
	if (!go_read(s, json_object_get(document, "go"), e))
		return false;
	json_object_foreach(options, key, given) if (!given_read(s, key, given, e)) return false;
	return true;
}

/* The first object names the account, what comes after it goes on with its lists. */
static bool object_read(struct setup *s, const json_t *document, struct err *e)
{
	json_t *options = json_object_get(document, "options"), *given;
	const char *key;
	bool ok = s->provider || members_read(s, document, e);

	lists_read(s, document);
	json_object_foreach(options, key, given) options_wipe(given);
	return ok;
}

static bool objects_read(struct setup *s, const struct buf *b, int fd, struct err *e)
{
	bool ok = true;

	for (size_t at = 0; ok && at < b->len;) {
		json_error_t why;
		json_t *document = json_loadb(b->data + at, b->len - at,
		                              JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &why);

		ok = json_is_object(document)
		         ? object_read(s, document, e)
		         : err_set(e, "setup document on descriptor %d: not a JSON object", fd);
		json_decref(document);
		at += (size_t)why.position;
		while (at < b->len && strchr(" \t\r\n", b->data[at]))
			at++;
	}
	return ok && (s->provider || err_set(e, "setup document on descriptor %d: not a JSON object", fd));
}

bool setup_read(struct setup *s, int fd, struct err *e)
{
	struct buf b;
	bool ok;

	buf_init(&b, DOCUMENT_MOST);
	ok = document_read(fd, &b, e) && objects_read(s, &b, fd, e);
	if (fd > 2)
		close(fd);
	buf_wipe(&b);
	return ok;
}

void setup_free(struct setup *s)
{
	free(s->provider);
	free(s->modules);
	free(s->descriptors);
	givens_free(&s->options);
	policy_free(&s->policy);
}
