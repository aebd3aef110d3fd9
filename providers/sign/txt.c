#include "txt.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shared/quoted.h"

const char *txt_bare(const struct dnsproof_call *call, const char *text)
{
	size_t n;
	char *value = *text == '"' ? quoted_parse(text, &n) : NULL;
	const char *copy = call->host->text(call, "%s", value ? value : text);

	free(value);
	return copy;
}

static int is_there(const struct dnsproof_call *call, const json_t *list, const char *value)
{
	const json_t *text;
	size_t i;

	json_array_foreach(list, i,
	                   text) if (!strcmp(txt_bare(call, json_string_value(text)), value)) return 1;
	return 0;
}

json_t *txt_with(const struct dnsproof_call *call, const json_t *list, const char *value)
{
	json_t *all;

	if (is_there(call, list, value))
		return NULL;
	all = list ? json_copy((json_t *)(uintptr_t)list) : json_array();
	json_array_append_new(all, json_string(call->host->text(call, "\"%s\"", value)));
	return all;
}

json_t *txt_without(const struct dnsproof_call *call, const json_t *list, const char *value)
{
	json_t *rest, *text;
	size_t i;

	if (!is_there(call, list, value))
		return NULL;
	rest = json_array();
	json_array_foreach(list, i, text) if (strcmp(txt_bare(call, json_string_value(text)), value) != 0)
	    json_array_append(rest, text);
	return rest;
}

int txt_is_list(const json_t *list)
{
	const json_t *text;
	size_t i;

	if (!json_is_array(list))
		return 0;
	json_array_foreach(list, i, text) if (!json_is_string(text)) return 0;
	return 1;
}

void txt_report(struct dnsproof_list_call *c, const json_t *list)
{
	const json_t *text;
	size_t i;

	json_array_foreach(list, i, text)
	{
		const char *value = txt_bare(&c->call, json_string_value(text));

		c->value(c, value, strlen(value));
	}
}
