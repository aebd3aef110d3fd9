#include "config.h"

#include "case.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/conf.h"
#include "common/mem.h"
#include "host/options.h"

#define MS_STANDARD 10000

static const char *const words[] = {"provider", "zone", "name",  "apex", "wrong",
                                    "control",  "look", "plant", "reset"};
static const char *const others[] = {"fake",        "ttl",     "ms",    "foreign", "options",
                                     "bad_options", "results", "lacks", "notes"};
/* What may be lacking. That others' values are kept is not among them. */
static const char *const lackable[] = {"apex",        "delete", "second", "wrong",
                                       "credentials", "faults", "race",   "ttl"};

static bool is_one_of(const char *key, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(key, list[i]))
			return true;
	return false;
}

#define IS_ONE_OF(key, list) is_one_of(key, list, sizeof(list) / sizeof(*(list)))

static bool key_wrong(const struct conf *file, const char *above, const char *key, struct err *e,
                      const char *expected)
{
	char *pointer = conf_pointer(above, key);

	conf_wrong(file, pointer, e, "%.64s: expected %s", key, expected);
	free(pointer);
	return false;
}

static bool lacks_check(const struct conf *file, struct err *e)
{
	json_t *lacks = json_object_get(file->root, "lacks"), *value;
	const char *key;

	json_object_foreach(
	    lacks, key,
	    value) if (!IS_ONE_OF(key, lackable) ||
	               !json_string_length(value)) return key_wrong(file, "/lacks", key, e,
	                                                            "one of apex, delete, second, wrong, "
	                                                            "credentials, faults, race, ttl, with "
	                                                            "the reason why");
	return true;
}

static bool keys_check(const struct conf *file, struct err *e)
{
	const char *key;
	json_t *value;

	json_object_foreach(file->root, key, value)
	{
		if (!IS_ONE_OF(key, words) && !IS_ONE_OF(key, others))
			return key_wrong(file, "", key, e,
			                 "one of the keys of dnsproof-provider --conform --help");
		if (IS_ONE_OF(key, words) && !json_is_string(value))
			return key_wrong(file, "", key, e, "a text");
	}
	if (!json_string_length(json_object_get(file->root, "provider")))
		return conf_wrong(file, "", e, "names no provider, expected provider: NAME");
	return lacks_check(file, e);
}

static char *text_of(const json_t *file, const char *key, const char *standard)
{
	const char *text = json_string_value(json_object_get(file, key));

	return xstrdup(text ? text : standard);
}

static json_t *map_of(const json_t *file, const char *key)
{
	json_t *map = json_object_get(file, key);

	return json_is_object(map) ? json_incref(map) : NULL;
}

static void foreign_read(struct conform_case *c, const json_t *file)
{
	const json_t *list = json_object_get(file, "foreign");
	json_t *value;
	size_t i;

	json_array_foreach((json_t *)list, i, value) if (json_is_string(value))
	    strs_add(&c->foreign, json_string_value(value));
	if (json_is_string(list))
		strs_add(&c->foreign, json_string_value(list));
}

static unsigned number_of(const json_t *file, const char *key, unsigned standard)
{
	json_int_t n = json_integer_value(json_object_get(file, key));

	return n > 0 && n <= 600000 ? (unsigned)n : standard;
}

static struct conform_case *case_of(const json_t *file)
{
	struct conform_case *c = xcalloc(1, sizeof(*c));

	c->provider = text_of(file, "provider", NULL);
	c->zone = text_of(file, "zone", "example.test");
	c->name = json_object_get(file, "name") ? text_of(file, "name", NULL)
	                                        : xasprintf("_acme-challenge.%s", c->zone);
	c->control = text_of(file, "control", NULL);
	c->look = text_of(file, "look", NULL);
	c->plant = text_of(file, "plant", NULL);
	c->reset = text_of(file, "reset", NULL);
	c->apex = text_of(file, "apex", NULL);
	c->wrong = text_of(file, "wrong", "not-here.test");
	c->ttl = number_of(file, "ttl", 60);
	c->ms = number_of(file, "ms", MS_STANDARD);
	foreign_read(c, file);
	c->options = map_of(file, "options");
	c->bad_options = map_of(file, "bad_options");
	c->results = map_of(file, "results");
	c->lacks = map_of(file, "lacks");
	if (!c->options)
		c->options = json_object();
	return c;
}

struct conform_case *conform_case_read(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct conform_case *c = NULL;
	struct conf file;

	if (fd < 0) {
		err_set(e, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (!conf_read(&file, path, fd, e))
		;
	else if (!json_is_object(file.root))
		err_set(e, "%s:1: not a map, expected provider: NAME and what dnsproof-provider(7) tells",
		        path);
	else if (keys_check(&file, e))
		c = case_of(file.root);
	conf_free(&file);
	close(fd);
	return c;
}

void conform_case_free(struct conform_case *c)
{
	if (!c)
		return;
	free_all(c->provider, c->zone, c->name, c->apex, c->wrong, c->control, c->look, c->plant, c->reset);
	strs_free(&c->foreign);
	options_free(c->options);
	options_free(c->bad_options);
	json_decref(c->results);
	json_decref(c->lacks);
	free(c);
}

const char *conform_case_lacks(const struct conform_case *c, const char *what)
{
	return json_string_value(json_object_get(c->lacks, what));
}

bool conform_case_permits(const struct conform_case *c, const char *fault, const char *rc)
{
	const json_t *list = json_object_get(c->results, fault);
	json_t *word;
	size_t i;

	json_array_foreach((json_t *)list, i, word) if (json_is_string(word) &&
	                                                !strcmp(json_string_value(word), rc)) return true;
	return json_is_string(list) && !strcmp(json_string_value(list), rc);
}
