#include "config.h"

#include "common/conf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"

#define DEEP_MOST 32

struct reader {
	struct conf *conf;
	yaml_parser_t parser;
	yaml_event_t event; /* the one that is looked at */
	struct err *e;
};

static json_t *value_read(struct reader *r, const char *pointer, int deep);

static bool wrong(struct reader *r, const char *words)
{
	return err_set(r->e, "%s:%zu: %s", r->conf->file, r->event.start_mark.line + 1, words);
}

static bool next(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return true;
	memset(&r->event, 0, sizeof(r->event));
	return err_set(r->e, "%s:%zu: %s%s%s, expected YAML", r->conf->file, r->parser.problem_mark.line + 1,
	               r->parser.problem ? r->parser.problem : "cannot be read", r->parser.context ? " " : "",
	               r->parser.context ? r->parser.context : "");
}

static bool is_one_of(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(text, words[i]))
			return true;
	return false;
}

#define IS_ONE_OF(text, words) is_one_of(text, words, sizeof(words) / sizeof((words)[0]))

static bool is_integer(const char *text)
{
	size_t n;

	if (*text == '-')
		text++;
	n = strlen(text);
	return n > 0 && n <= 18 && strspn(text, "0123456789") == n && (text[0] != '0' || n == 1);
}

static json_t *plain(const char *text)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
	static const char *const yes[] = {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"};
	static const char *const no[] = {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"};

	if (IS_ONE_OF(text, nulls))
		return json_null();
	if (IS_ONE_OF(text, yes))
		return json_true();
	if (IS_ONE_OF(text, no))
		return json_false();
	return is_integer(text) ? json_integer(strtoll(text, NULL, 10)) : json_string(text);
}

static json_t *scalar_read(struct reader *r)
{
	const char *text = (const char *)r->event.data.scalar.value;
	size_t n = r->event.data.scalar.length;
	json_t *value = NULL;

	if (memchr(text, '\0', n))
		wrong(r, "a NUL character, expected text");
	else if (r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		value = plain(text);
	else
		value = json_stringn(text, n);
	return value;
}

/* Anchors and tags; also the merge key, when it is a key. */
static bool is_simple(struct reader *r)
{
	const yaml_event_t *v = &r->event;

	if (v->type == YAML_ALIAS_EVENT)
		return wrong(r, "an alias (*), expected the value itself");
	if ((v->type == YAML_SCALAR_EVENT && v->data.scalar.anchor) ||
	    (v->type == YAML_SEQUENCE_START_EVENT && v->data.sequence_start.anchor) ||
	    (v->type == YAML_MAPPING_START_EVENT && v->data.mapping_start.anchor))
		return wrong(r, "an anchor (&), expected a value without");
	if ((v->type == YAML_SCALAR_EVENT && v->data.scalar.tag) ||
	    (v->type == YAML_SEQUENCE_START_EVENT && v->data.sequence_start.tag) ||
	    (v->type == YAML_MAPPING_START_EVENT && v->data.mapping_start.tag))
		return wrong(r, "a tag (!), expected a value without");
	return true;
}

static char *key_read(struct reader *r, const json_t *map)
{
	const char *key = (const char *)r->event.data.scalar.value;

	if (!is_simple(r))
		return NULL;
	if (r->event.type != YAML_SCALAR_EVENT)
		wrong(r, "a map or list as a key, expected a word");
	else if (memchr(key, '\0', r->event.data.scalar.length))
		wrong(r, "a NUL character, expected text");
	else if (!strcmp(key, "<<"))
		wrong(r, "a merge key (<<), expected the keys themselves");
	else if (json_object_get(map, key))
		err_set(r->e, "%s:%zu: %.80s is there twice, expected it once", r->conf->file,
		        r->event.start_mark.line + 1, key);
	else
		return xstrdup(key);
	return NULL;
}

static json_t *map_read(struct reader *r, const char *pointer, int deep)
{
	json_t *map = json_object(), *value;

	while (next(r)) {
		char *key, *inner;

		if (r->event.type == YAML_MAPPING_END_EVENT)
			return map;
		key = key_read(r, map);
		if (!key)
			break;
		inner = conf_pointer(pointer, key);
		value = next(r) ? value_read(r, inner, deep + 1) : NULL;
		if (value)
			json_object_set_new(map, key, value);
		free(inner);
		free(key);
		if (!value)
			break;
	}
	json_decref(map);
	return NULL;
}

static json_t *list_read(struct reader *r, const char *pointer, int deep)
{
	json_t *list = json_array(), *value;

	while (next(r)) {
		char *inner;

		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return list;
		inner = xasprintf("%s/%zu", pointer, json_array_size(list));
		value = value_read(r, inner, deep + 1);
		free(inner);
		if (!value)
			break;
		json_array_append_new(list, value);
	}
	json_decref(list);
	return NULL;
}

/* The value whose first event is looked at. NULL with e. */
static json_t *value_read(struct reader *r, const char *pointer, int deep)
{
	if (!is_simple(r))
		return NULL;
	if (deep > DEEP_MOST) {
		wrong(r, "deeper than 32 levels, expected less");
		return NULL;
	}
	json_object_set_new(r->conf->lines, pointer, json_integer((json_int_t)r->event.start_mark.line + 1));
	if (r->event.type == YAML_SCALAR_EVENT)
		return scalar_read(r);
	if (r->event.type == YAML_SEQUENCE_START_EVENT)
		return list_read(r, pointer, deep);
	if (r->event.type == YAML_MAPPING_START_EVENT)
		return map_read(r, pointer, deep);
	wrong(r, "nothing, expected a value");
	return NULL;
}

static bool document_read(struct reader *r)
{
	if (!next(r) || !next(r)) /* stream start, document start or stream end */
		return false;
	if (r->event.type == YAML_STREAM_END_EVENT) {
		r->conf->root = json_null();
		return true;
	}
	if (!next(r))
		return false;
	r->conf->root = value_read(r, "", 0);
	if (!r->conf->root || !next(r) || !next(r)) /* document end, stream end */
		return false;
	return r->event.type == YAML_STREAM_END_EVENT || wrong(r, "another document, expected one");
}

bool conf_parse(struct conf *c, const char *file, const void *text, size_t n, struct err *e)
{
	struct reader r = {.conf = c, .e = e};
	bool ok;

	*c = (struct conf){.file = xstrdup(file), .lines = json_object()};
	if (n > CONF_MOST)
		return err_set(e, "%s: larger than 256 KiB, expected less", file);
	if (!yaml_parser_initialize(&r.parser))
		return err_set(e, "%s: out of memory", file);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, text, n);
	ok = document_read(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return ok;
}

bool conf_read(struct conf *c, const char *file, int fd, struct err *e)
{
	struct buf b;
	bool ok = false;

	*c = (struct conf){0};
	buf_init(&b, CONF_MOST + 1);
	if (!io_read(fd, &b)) {
		if (errno == EFBIG)
			err_set(e, "%s: larger than 256 KiB, expected less", file);
		else
			err_set(e, "%s: %s", file, strerror(errno));
		goto out;
	}
	ok = conf_parse(c, file, b.data ? b.data : "", b.len, e);
out:
	buf_free(&b);
	return ok;
}

void conf_free(struct conf *c)
{
	free(c->file);
	json_decref(c->root);
	json_decref(c->lines);
	*c = (struct conf){0};
}

int conf_line(const struct conf *c, const char *pointer)
{
	char *above = xstrdup(pointer), *slash;
	const json_t *line;

	while (!(line = json_object_get(c->lines, above)) && (slash = strrchr(above, '/')))
		*slash = '\0';
	free(above);
	return line ? (int)json_integer_value(line) : 1;
}

char *conf_pointer(const char *above, const char *key)
{
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, "%s/", above);
	for (; *key; key++) {
		if (*key == '~')
			buf_add_str(&b, "~0");
		else if (*key == '/')
			buf_add_str(&b, "~1");
		else
			buf_add(&b, key, 1);
	}
	return buf_take(&b);
}

bool conf_wrong(const struct conf *c, const char *pointer, struct err *e, const char *format, ...)
{
	char words[900];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return err_set(e, "%s:%d: %s", c->file, conf_line(c, pointer), words);
}
