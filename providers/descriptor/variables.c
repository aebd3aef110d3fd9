#include "config.h"

#include "variables.h"

#include <string.h>

#include "common/nearest.h"

static void add_keys(json_t *known, const json_t *map)
{
	void *iter = json_object_iter((json_t *)map);

	for (; iter; iter = json_object_iter_next((json_t *)map, iter))
		json_object_set_new(known, json_object_iter_key(iter), json_true());
}

static void add_captures(json_t *known, const json_t *tree)
{
	const json_t *value;
	void *iter = json_object_iter((json_t *)tree);
	size_t i;

	json_array_foreach(tree, i, value) add_captures(known, value);
	for (; iter; iter = json_object_iter_next((json_t *)tree, iter)) {
		value = json_object_iter_value(iter);
		if (!strcmp(json_object_iter_key(iter), "capture"))
			add_keys(known, value);
		else
			add_captures(known, value);
	}
}

json_t *names_known(const json_t *root)
{
	static const char *const always[] = {
	    "name",      "zone",         "relative",    "sub",         "value",        "ttl",
	    "candidate", "unix",         "unix_ms",     "iso_time",    "http_time",    "uuid",
	    "random",    "page",         "item",        "item_key",    "item_index",   "items",
	    "answer",    "method",       "url",         "host",        "path",         "query",
	    "body",      "sorted_query", "sorted_form", "sorted_text", "sorted_plain",
	};
	json_t *known = json_object();

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		json_object_set_new(known, always[i], json_true());
	add_keys(known, json_object_get(root, "credentials"));
	add_keys(known, json_object_get(root, "sign"));
	add_keys(known, json_object_get(root, "make"));
	add_captures(known, root);
	return known;
}

const char *names_nearest(const json_t *known, const char *name)
{
	const char *best = NULL;
	size_t least = strlen(name) / 2 + 1;
	void *iter = json_object_iter((json_t *)known);

	for (; iter; iter = json_object_iter_next((json_t *)known, iter)) {
		size_t d = nearest_distance(name, json_object_iter_key(iter));

		if (d <= least) {
			least = d;
			best = json_object_iter_key(iter);
		}
	}
	return best;
}

int names_filter(const char *name)
{
	static const char *const plain[] = {
	    "quote",   "unquote", "dot",    "dash", "underscore", "lower",     "upper",    "trim",
	    "minutes", "string",  "number", "json", "form",       "path",      "segments", "md5",
	    "sha1",    "sha256",  "sha512", "hex",  "base64",     "base64url", "unbase64",
	};
	static const char *const with_argument[] = {
	    "or",   "first", "last", "after",    "before",    "without",     "replace",
	    "time", "cet",   "plus", "hmac_md5", "hmac_sha1", "hmac_sha256", "hmac_sha512",
	};

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strcmp(name, plain[i]))
			return 1;
	for (size_t i = 0; i < sizeof(with_argument) / sizeof(with_argument[0]); i++)
		if (!strcmp(name, with_argument[i]))
			return 2;
	return 0;
}
