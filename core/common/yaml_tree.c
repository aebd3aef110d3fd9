#include "config.h"

#include "common/yaml_tree.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "common/buf.h"
#include "common/fnv.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/yaml_advice.h"

#define DEEP_MOST 32

struct reader {
	struct yaml_tree *tree;
	yaml_parser_t parser;
	yaml_event_t event; /* the one that is looked at */
	yaml_tell_fn *tell;
	void *who;
	bool told, ended;
};

static void complain(struct reader *r, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void complain(struct reader *r, unsigned line, const char *format, ...)
{
	char text[600];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	r->told = true;
	r->tell(r->who, line, text);
}

static unsigned line_of(const struct reader *r)
{
	return (unsigned)r->event.start_mark.line + 1;
}

/* Ends the reading: what follows cannot be understood. */
static bool stop(struct reader *r, const char *trouble)
{
	complain(r, line_of(r), "%s", trouble);
	r->ended = true;
	return false;
}

static void tell_syntax(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	struct yaml_fault f = {.source = r->tree->source,
	                       .size = r->tree->size,
	                       .problem = p->problem ? p->problem : "cannot be read",
	                       .context = p->context ? p->context : "",
	                       .line = p->problem_mark.line,
	                       .column = p->problem_mark.column,
	                       .context_line = p->context ? p->context_mark.line : p->problem_mark.line};
	char *advice = yaml_advice(&f);
	if (advice)
		complain(r, (unsigned)f.line + 1, "%s", advice);
	else
		complain(r, (unsigned)f.line + 1, "%s%s%s, expected YAML", f.problem, *f.context ? " " : "",
		         f.context);
	free(advice);
}

static bool next(struct reader *r)
{
	if (r->ended)
		return false;
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return true;
	memset(&r->event, 0, sizeof r->event);
	r->ended = true;
	tell_syntax(r);
	return false;
}

static const char *text_take(struct reader *r)
{
	const char *text = (const char *)r->event.data.scalar.value;
	size_t n = r->event.data.scalar.length;
	if (n && memchr(text, '\0', n))
		complain(r, line_of(r), "a NUL character, expected text");
	return arena_text(&r->tree->arena, text, n);
}

static void judge_anchor_and_tag(struct reader *r)
{
	const yaml_event_t *v = &r->event;
	if ((v->type == YAML_SCALAR_EVENT && v->data.scalar.anchor) ||
	    (v->type == YAML_SEQUENCE_START_EVENT && v->data.sequence_start.anchor) ||
	    (v->type == YAML_MAPPING_START_EVENT && v->data.mapping_start.anchor))
		complain(r, line_of(r),
		         "an anchor (&), expected a value without; text that begins with '&' needs quotes");
	if ((v->type == YAML_SCALAR_EVENT && v->data.scalar.tag) ||
	    (v->type == YAML_SEQUENCE_START_EVENT && v->data.sequence_start.tag) ||
	    (v->type == YAML_MAPPING_START_EVENT && v->data.mapping_start.tag))
		complain(r, line_of(r),
		         "a tag (!), expected a value without; text that begins with '!' needs quotes");
}

static struct yaml_node *node_new(struct reader *r, enum yaml_kind kind)
{
	struct yaml_node *v = arena_take(&r->tree->arena, sizeof *v);
	const yaml_mark_t *from = &r->event.start_mark, *to = &r->event.end_mark;
	v->kind = (uint8_t)kind;
	v->line = v->key_line = (uint32_t)from->line + 1;
	v->column = (uint32_t)from->column;
	v->end_line = (uint32_t)to->line + 1;
	v->end_column = (uint32_t)to->column;
	return v;
}

static void ends_here(struct yaml_node *v, const yaml_event_t *end)
{
	v->end_line = (uint32_t)end->end_mark.line + 1;
	v->end_column = (uint32_t)end->end_mark.column;
}

static struct yaml_node *value_read(struct reader *r, int deep);

/* Empty slots are NULL; `slots` is a power of two. */
static const struct yaml_node *seen(const struct yaml_node **table, size_t slots, const struct yaml_node *v)
{
	size_t at = (size_t)fnv64(v->key) & (slots - 1);
	while (table[at] && strcmp(table[at]->key, v->key) != 0)
		at = (at + 1) & (slots - 1);
	if (!table[at]) {
		table[at] = v;
		return NULL;
	}
	return table[at];
}

/* Of two members of one name the first stays. */
static void drop_duplicates(struct reader *r, struct yaml_node *map)
{
	size_t slots = 8;
	while (slots < (size_t)map->n * 2)
		slots *= 2;
	const struct yaml_node **table = xcalloc(slots, sizeof *table), *first;
	for (const struct yaml_node **link = &map->child; *link;) {
		const struct yaml_node *v = *link;
		if ((first = seen(table, slots, v))) {
			char *shown = str_printable(v->key, 80);
			complain(r, v->key_line, "%s is there twice (first on line %u), expected it once",
			         shown, (unsigned)first->key_line);
			free(shown);
			*link = v->next;
			map->n--;
		} else {
			link = (const struct yaml_node **)&v->next;
		}
	}
	free(table);
}

/* The key that is looked at; NULL when it cannot be one, and then its value is read over. */
static const char *key_read(struct reader *r, int deep)
{
	if (r->event.type == YAML_ALIAS_EVENT) {
		complain(r, line_of(r), "a key that begins with '*' needs quotes: '*%.80s':",
		         (const char *)r->event.data.alias.anchor);
		return NULL;
	}
	if (r->event.type != YAML_SCALAR_EVENT) {
		complain(r, line_of(r), "a map or list as a key, expected a word");
		value_read(r, deep + 1);
		return NULL;
	}
	judge_anchor_and_tag(r);
	if (strcmp((const char *)r->event.data.scalar.value, "<<") == 0)
		complain(r, line_of(r), "a merge key (<<), expected the keys themselves");
	return text_take(r);
}

static struct yaml_node *map_read(struct reader *r, int deep)
{
	struct yaml_node *map = node_new(r, YAML_IS_MAP), *v;
	const struct yaml_node **link = &map->child;
	while (next(r) && r->event.type != YAML_MAPPING_END_EVENT) {
		unsigned line = line_of(r);
		const char *key = key_read(r, deep);
		v = next(r) ? value_read(r, deep + 1) : NULL;
		if (!v || !key)
			continue;
		v->key = key;
		v->key_line = line;
		*link = v;
		link = &v->next;
		map->n++;
	}
	ends_here(map, &r->event);
	if (map->n > 1)
		drop_duplicates(r, map);
	return map;
}

static struct yaml_node *list_read(struct reader *r, int deep)
{
	struct yaml_node *list = node_new(r, YAML_IS_LIST), *v;
	const struct yaml_node **link = &list->child;
	while (next(r) && r->event.type != YAML_SEQUENCE_END_EVENT) {
		v = value_read(r, deep + 1);
		if (!v)
			continue;
		*link = v;
		link = &v->next;
		list->n++;
	}
	ends_here(list, &r->event);
	return list;
}

static struct yaml_node *text_read(struct reader *r)
{
	struct yaml_node *v = node_new(r, YAML_IS_TEXT);
	v->text = text_take(r);
	v->plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return v;
}

/* The value whose first event is looked at; NULL when there is none that could stand. */
static struct yaml_node *value_read(struct reader *r, int deep)
{
	if (deep > DEEP_MOST) {
		stop(r, "deeper than 32 levels, expected less");
		return NULL;
	}
	judge_anchor_and_tag(r);
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		return text_read(r);
	case YAML_SEQUENCE_START_EVENT:
		return list_read(r, deep);
	case YAML_MAPPING_START_EVENT:
		return map_read(r, deep);
	case YAML_ALIAS_EVENT:
		complain(r, line_of(r),
		         "an alias (*), expected the value itself; text that begins with '*' needs quotes: "
		         "'*%.80s'",
		         (const char *)r->event.data.alias.anchor);
		return NULL;
	default:
		stop(r, "nothing, expected a value");
		return NULL;
	}
}

static void document_read(struct reader *r)
{
	if (!next(r) || !next(r) || r->event.type == YAML_STREAM_END_EVENT || !next(r))
		return;
	r->tree->root = value_read(r, 0);
	if (next(r) && next(r) && r->event.type != YAML_STREAM_END_EVENT)
		stop(r, "another document, expected one");
}

bool yaml_tree_parse(struct yaml_tree *t, const char *text, size_t n, yaml_tell_fn *tell, void *who)
{
	struct reader r = {.tree = t, .tell = tell, .who = who};
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	*t = (struct yaml_tree){.source = text, .size = n};
	if (!yaml_parser_initialize(&r.parser)) {
		stop(&r, "out of memory, expected some");
		return false;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, n);
	document_read(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return !r.told;
}

void yaml_tree_free(struct yaml_tree *t)
{
	arena_free(&t->arena);
	*t = (struct yaml_tree){0};
}

char *yaml_tree_source(const struct yaml_tree *t, const struct yaml_node *v)
{
	size_t from = yaml_offset(t->source, t->size, v->line - 1, v->column);
	size_t to = yaml_offset(t->source, t->size, v->end_line - 1, v->end_column);
	struct buf b;
	buf_init(&b, 0);
	bool blank = false;
	for (size_t i = from; i < to; i++) {
		if (isspace((unsigned char)t->source[i])) {
			blank = b.len > 0;
			continue;
		}
		if (blank)
			buf_add(&b, " ", 1);
		blank = false;
		buf_add(&b, t->source + i, 1);
	}
	return buf_take(&b);
}

const struct yaml_node *yaml_member(const struct yaml_node *map, const char *key)
{
	for (const struct yaml_node *v = map ? map->child : NULL; v; v = v->next)
		if (v->key && strcmp(v->key, key) == 0)
			return v;
	return NULL;
}
