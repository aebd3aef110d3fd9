#include "config.h"

#include "xml.h"

#include <expat.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DEEP_MOST     64
#define ELEMENTS_MOST 50000

struct level {
	json_t *object; /* owned: members so far */
	char *text;
	size_t n;
};

struct reader {
	XML_Parser parser;
	struct level level[DEEP_MOST + 1];
	int deep; /* level[0] is above the root */
	int elements;
	bool bad;
};

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static void give_up(struct reader *r)
{
	r->bad = true;
	XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = arg;
	struct level *l;

	if (r->deep >= DEEP_MOST || ++r->elements > ELEMENTS_MOST) {
		give_up(r);
		return;
	}
	l = &r->level[++r->deep];
	*l = (struct level){.object = json_object()};
	for (; *attributes; attributes += 2) {
		char key[200];
		const char *from = local(attributes[0]);

		if (strlen(from) + 2 > sizeof(key))
			continue;
		key[0] = '@';
		memcpy(key + 1, from, strlen(from) + 1);
		json_object_set_new(l->object, key, json_string(attributes[1]));
	}
}

/* Puts a member in; one that is there already becomes a list. */
static void put(json_t *object, const char *name, json_t *value)
{
	json_t *there = json_object_get(object, name), *list;

	if (json_is_array(there)) {
		json_array_append_new(there, value);
		return;
	}
	if (!there) {
		json_object_set_new(object, name, value);
		return;
	}
	list = json_array();
	json_array_append(list, there);
	json_array_append_new(list, value);
	json_object_set_new(object, name, list);
}

static json_t *trimmed(const struct level *l)
{
	const char *from = l->text ? l->text : "", *to = from + l->n;

	while (from < to && strchr(" \t\r\n", *from))
		from++;
	while (to > from && strchr(" \t\r\n", to[-1]))
		to--;
	return json_stringn(from, (size_t)(to - from));
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
	struct reader *r = arg;
	struct level *l = &r->level[r->deep];
	json_t *text = trimmed(l), *value = l->object;

	r->deep--;
	if (json_object_size(value) == 0) {
		json_decref(value);
		value = text;
	} else if (json_string_length(text) > 0) {
		json_object_set_new(value, "#text", text);
	} else {
		json_decref(text);
	}
	free(l->text);
	*l = (struct level){0};
	put(r->level[r->deep].object, local(name), value);
}

static void XMLCALL on_text(void *arg, const XML_Char *s, int n)
{
	struct reader *r = arg;
	struct level *l = &r->level[r->deep];
	char *larger = realloc(l->text, l->n + (size_t)n + 1);

	if (!larger) {
		give_up(r);
		return;
	}
	memcpy(larger + l->n, s, (size_t)n);
	l->text = larger;
	l->n += (size_t)n;
}

static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid,
                               int internal)
{
	give_up(arg);
}

json_t *xml_read(const char *text, size_t n)
{
	struct reader r = {.parser = XML_ParserCreate("UTF-8")};
	json_t *result = NULL;

	if (!r.parser || n > 64 * 1024 * 1024)
		return NULL;
	r.level[0].object = json_object();
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	if (XML_Parse(r.parser, text, (int)n, 1) == XML_STATUS_OK && !r.bad)
		result = json_incref(r.level[0].object);
	for (int i = 0; i <= r.deep; i++) {
		json_decref(r.level[i].object);
		free(r.level[i].text);
	}
	XML_ParserFree(r.parser);
	return result;
}
