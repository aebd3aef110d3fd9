#include "config.h"

#include "options.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"
#include "common/str.h"
#include "mask.h"
#include "common/nearest.h"

void givens_add(struct givens *g, const char *key, char *value, const char *source)
{
	g->at = xgrow(g->at, g->n, sizeof(*g->at));
	g->at[g->n++] = (struct given){xstrdup(key), value, xstrdup(source)};
}

const struct given *givens_find(const struct givens *g, const char *key)
{
	for (size_t i = 0; i < g->n; i++)
		if (!strcmp(g->at[i].key, key))
			return &g->at[i];
	return NULL;
}

static void given_free(struct given *g)
{
	free(g->key);
	mem_wipe_free(g->value);
	free(g->source);
}

void givens_drop(struct givens *g, const char *key)
{
	for (size_t i = 0; i < g->n; i++)
		if (!strcmp(g->at[i].key, key)) {
			given_free(&g->at[i]);
			g->at[i--] = g->at[--g->n];
		}
}

void givens_forget(struct givens *g)
{
	for (size_t i = 0; i < g->n; i++) {
		mem_wipe_free(g->at[i].value);
		g->at[i].value = NULL;
	}
}

void givens_free(struct givens *g)
{
	for (size_t i = 0; i < g->n; i++)
		given_free(&g->at[i]);
	free(g->at);
	*g = (struct givens){0};
}

static const struct dnsproof_option *option_find(const struct dnsproof_option *table, const char *key)
{
	for (const struct dnsproof_option *o = table; o && o->key; o++)
		if (!strcmp(o->key, key))
			return o;
	return NULL;
}

static const char *nearest(const struct dnsproof_option *table, const char *key)
{
	size_t best = strlen(key) / 2 + 1;
	const char *name = NULL;

	for (const struct dnsproof_option *o = table; o && o->key; o++) {
		size_t d = nearest_distance(key, o->key);

		if (d <= best) {
			best = d;
			name = o->key;
		}
	}
	return name;
}

static bool unknown(const struct dnsproof_option *table, const char *provider, const char *key, struct err *e)
{
	const char *near = nearest(table, key);
	struct strs all = {0};
	char *list;

	if (near)
		return err_set(e, "option %.64s: %s has no such option; did you mean %s?", key, provider,
		               near);
	for (const struct dnsproof_option *o = table; o && o->key; o++)
		strs_add(&all, o->key);
	list = strs_join(&all, ", ");
	err_set(e, "option %.64s: %s has no such option; it has %s", key, provider,
	        *list ? list : "none at all");
	free(list);
	strs_free(&all);
	return false;
}

static const char *example(const struct dnsproof_option *o)
{
	if (o->flags & DNSPROOF_SECRET)
		return "file:/path";
	if (o->flags & DNSPROOF_INT)
		return "NUMBER";
	if (o->flags & DNSPROOF_BOOL)
		return "yes";
	if (o->flags & DNSPROOF_URL)
		return "https://...";
	return "VALUE";
}

static bool missing(const struct dnsproof_option *o, const char *provider, struct err *e)
{
	return err_set(e, "option %s: %s needs it (%s); add --set %s=%s%s%s%s", o->key, provider,
	               o->help ? o->help : "no help", o->key, example(o),
	               o->env ? " (environment names known for it: " : "", o->env ? o->env : "",
	               o->env ? ")" : "");
}

static json_t *to_integer(const char *key, const char *text, struct err *e)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno || end == text || *end || strchr(" \t\n\v\f\r+", text[0])) {
		err_set(e, "option %s: '%.40s' is not a whole number", key, text);
		return NULL;
	}
	return json_integer(n);
}

static json_t *to_boolean(const char *key, const char *text, struct err *e)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcasecmp(text, words[i]))
			return json_boolean(i % 2);
	err_set(e, "option %s: '%.40s' is neither yes nor no", key, text);
	return NULL;
}

static json_t *to_url(const char *key, const char *text, struct err *e)
{
	const char *host = str_starts(text, "https://")  ? text + 8
	                   : str_starts(text, "http://") ? text + 7
	                                                 : NULL;

	for (const char *c = text; host && *c; c++)
		if (*c <= ' ' || *c > '~')
			host = NULL;
	if (!host || !*host || strchr("/:?#", *host)) {
		err_set(e, "option %s: '%.200s' is not a URL; expected https://HOST/...", key, text);
		return NULL;
	}
	return json_string(text);
}

static json_t *to_json(const struct dnsproof_option *o, const char *text, struct err *e)
{
	json_t *value;

	if (o->flags & DNSPROOF_INT)
		return to_integer(o->key, text, e);
	if (o->flags & DNSPROOF_BOOL)
		return to_boolean(o->key, text, e);
	if (o->flags & DNSPROOF_URL)
		return to_url(o->key, text, e);
	value = json_string(text);
	if (!value)
		err_set(e, "option %s: is not UTF-8 text", o->key);
	return value;
}

static bool is_file(const char *text)
{
	return *text && strlen(text) < PATH_MAX && access(text, F_OK) == 0;
}

static bool secret_check(const struct dnsproof_option *o, const struct given *g, struct err *e)
{
	if (!(o->flags & DNSPROOF_SECRET))
		return true;
	if (!g->source && is_file(g->value))
		return err_set(e,
		               "option %s: is a secret and must not be given literally; did you mean "
		               "--set %s=file:%.200s?",
		               o->key, o->key, g->value);
	if (!g->source)
		return err_set(e,
		               "option %s: is a secret and must not be given literally; put it into a file "
		               "that only you can read and type --set %s=file:/path",
		               o->key, o->key);
	mask_add(g->value);
	return true;
}

static bool option_resolve(const struct dnsproof_option *o, const char *provider, const struct givens *given,
                           json_t *into, struct err *e)
{
	const struct given *g = givens_find(given, o->key);
	const char *text = g ? g->value : o->standard;
	json_t *value;

	if (g && !secret_check(o, g, e))
		return false;
	if (!text || !*text)
		return o->flags & DNSPROOF_REQUIRED ? missing(o, provider, e) : true;
	value = to_json(o, text, e);
	if (!value && g && (o->flags & DNSPROOF_SECRET))
		err_set(e, "option %s: what %.200s holds is not of the right form", o->key, g->source);
	return value && json_object_set_new(into, o->key, value) == 0;
}

json_t *options_resolve(const struct dnsproof_option *table, const char *provider, const struct givens *given,
                        struct err *e)
{
	json_t *options = json_object();

	for (size_t i = 0; i < given->n; i++)
		if (!option_find(table, given->at[i].key)) {
			unknown(table, provider, given->at[i].key, e);
			goto fail;
		}
	for (const struct dnsproof_option *o = table; o && o->key; o++)
		if (!option_resolve(o, provider, given, options, e))
			goto fail;
	return options;
fail:
	options_free(options);
	return NULL;
}

void options_wipe(json_t *options)
{
	const char *key;
	json_t *value;

	json_object_foreach(options, key, value) if (json_is_string(value))
	    mem_wipe((char *)(uintptr_t)json_string_value(value), json_string_length(value));
}

void options_free(json_t *options)
{
	options_wipe(options);
	json_decref(options);
}

static char *text_check(struct buf *b, const char *what, struct err *e)
{
	json_t *utf8;

	if (b->len > 0 && b->data[b->len - 1] == '\n')
		b->data[--b->len] = '\0';
	if (b->len > 0 && b->data[b->len - 1] == '\r')
		b->data[--b->len] = '\0';
	if (b->len == 0) {
		err_set(e, "%s: is empty", what);
		return NULL;
	}
	utf8 = memchr(b->data, '\0', b->len) ? NULL : json_stringn(b->data, b->len);
	if (!utf8) {
		err_set(e, "%s: is not UTF-8 text", what);
		return NULL;
	}
	mem_wipe((char *)(uintptr_t)json_string_value(utf8), b->len);
	json_decref(utf8);
	return xstrdup(b->data);
}

char *option_read(int fd, const char *what, struct err *e)
{
	char *text = NULL;
	struct buf b;

	buf_init(&b, OPTION_MOST);
	if (io_read(fd, &b))
		text = text_check(&b, what, e);
	else if (errno == EFBIG)
		err_set(e, "%s: is larger than %d octets", what, OPTION_MOST);
	else
		err_set(e, "%s: %s", what, strerror(errno));
	buf_wipe(&b);
	return text;
}
