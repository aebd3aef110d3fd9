#include "config.h"

#include "common/conf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"
#include "common/yaml_tree.h"

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

static json_t *value_of(struct conf *c, const struct yaml_node *v, const char *pointer);

static json_t *map_of(struct conf *c, const struct yaml_node *map, const char *pointer)
{
	json_t *all = json_object();

	for (const struct yaml_node *v = map->child; v; v = v->next) {
		char *inner = conf_pointer(pointer, v->key);

		json_object_set_new(all, v->key, value_of(c, v, inner));
		free(inner);
	}
	return all;
}

static json_t *list_of(struct conf *c, const struct yaml_node *list, const char *pointer)
{
	json_t *all = json_array();

	for (const struct yaml_node *v = list->child; v; v = v->next) {
		char *inner = xasprintf("%s/%zu", pointer, json_array_size(all));

		json_array_append_new(all, value_of(c, v, inner));
		free(inner);
	}
	return all;
}

static json_t *value_of(struct conf *c, const struct yaml_node *v, const char *pointer)
{
	json_object_set_new(c->lines, pointer, json_integer((json_int_t)v->line));
	if (v->kind == YAML_IS_MAP)
		return map_of(c, v, pointer);
	if (v->kind == YAML_IS_LIST)
		return list_of(c, v, pointer);
	return v->plain ? plain(v->text) : json_string(v->text);
}

/* Of all that is wrong, what was met first. */
struct first_trouble {
	const char *file;
	bool told;
	struct err *e;
};

static void keep_first(void *who, unsigned line, const char *trouble)
{
	struct first_trouble *first = who;

	if (!first->told)
		err_set(first->e, "%s:%u: %s", first->file, line, trouble);
	first->told = true;
}

bool conf_parse(struct conf *c, const char *file, const void *text, size_t n, struct err *e)
{
	struct first_trouble first = {.file = file, .e = e};
	struct yaml_tree tree;
	bool ok;

	*c = (struct conf){.file = xstrdup(file), .lines = json_object()};
	if (n > CONF_MOST)
		return err_set(e, "%s: larger than 256 KiB, expected less", file);
	ok = yaml_tree_parse(&tree, text, n, keep_first, &first);
	if (ok)
		c->root = tree.root ? value_of(c, tree.root, "") : json_null();
	yaml_tree_free(&tree);
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
