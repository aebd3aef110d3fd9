#include "config.h"

#include "common/yaml_advice.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"

#define SHOWN_MOST 80

/* Octets of the line break at text (YAML 1.1 knows five), 0 if there is none. */
static size_t line_break(const char *text, const char *end)
{
	size_t n = (size_t)(end - text);
	if (n >= 2 && memcmp(text, "\r\n", 2) == 0)
		return 2;
	if (n >= 1 && (*text == '\n' || *text == '\r'))
		return 1;
	if (n >= 2 && memcmp(text, "\xc2\x85", 2) == 0)
		return 2;
	if (n >= 3 && (memcmp(text, "\xe2\x80\xa8", 3) == 0 || memcmp(text, "\xe2\x80\xa9", 3) == 0))
		return 3;
	return 0;
}

size_t yaml_offset(const char *text, size_t n, size_t line, size_t column)
{
	const char *at = text, *end = text + n;
	while (line && at < end) {
		size_t broken = line_break(at, end);
		at += broken ? broken : 1;
		line -= broken > 0;
	}
	for (; column && at < end; column--)
		do
			at++;
		while (at < end && ((unsigned char)*at & 0xc0) == 0x80);
	return (size_t)(at - text);
}

/* The line as a string of its own, without its comment. New. */
static char *line_text(const struct yaml_fault *f, size_t line)
{
	size_t from = yaml_offset(f->source, f->size, line, 0), to = from;
	while (to < f->size && !line_break(f->source + to, f->source + f->size))
		to++;
	for (size_t i = from + 1; i < to; i++)
		if (f->source[i] == '#' && isspace((unsigned char)f->source[i - 1])) {
			to = i;
			break;
		}
	while (to > from && isspace((unsigned char)f->source[to - 1]))
		to--;
	return xstrndup(f->source + from, to - from);
}

static char *quoted(const char *lead, const char *from, size_t n, const char *tail)
{
	char *text = xstrndup(from, n), *shown = str_printable(text, SHOWN_MOST);
	const char *mark = strchr(shown, '\'') ? "\"" : "'";
	char *advice = xasprintf("%s%s%s%s%s", lead, mark, shown, mark, tail);
	free(shown);
	free(text);
	return advice;
}

/* Where the value that begins at `text` ends: in a list or map of one line at its comma or bracket, else with the line. */
static size_t value_length(const char *line, const char *text)
{
	bool flow = false;
	for (const char *c = line; c < text; c++)
		flow = flow || *c == '{' || *c == '[';
	size_t n = flow ? strcspn(text, ",]}") : strlen(text);
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	return n;
}

static bool begins_value(const char *line, const char *at)
{
	while (at > line && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	return at == line || strchr(":-,[{?", at[-1]);
}

/* *.example.com, as a value or as a key. */
static char *star(const char *line)
{
	for (const char *at = strchr(line, '*'); at; at = strchr(at + 1, '*')) {
		if (!begins_value(line, at))
			continue;
		size_t key = strcspn(at, ": \t");
		if (at[key] == ':' && (!at[key + 1] || isspace((unsigned char)at[key + 1])))
			return quoted("a key that begins with '*' needs quotes: ", at, key, ":");
		return quoted("text that begins with '*' needs quotes: ", at, value_length(line, at), "");
	}
	return NULL;
}

static const char *word_begin(const char *line, const char *at)
{
	while (at > line && !strchr(" \t,", at[-1]))
		at--;
	while (*at == '[' || *at == '{')
		at++;
	return at;
}

/* 2001:db8:: before the bracket of its map or list. */
static char *colons(const char *line)
{
	const char *at = line;
	while ((at = strchr(at, ':')) && !strchr(",?[]{}", at[1] ? at[1] : 'x'))
		at++;
	if (!at)
		return NULL;
	const char *from = word_begin(line, at);
	return quoted("text that ends in ':' needs quotes there: ", from, (size_t)(at + 1 - from), "");
}

/* /x/{id}.pem, and [2001:db8::53]:53. */
static char *brackets(const char *line)
{
	for (const char *at = line; *at; at++) {
		bool inside = *at == '{' && at > line && !strchr(" \t,:[{(", at[-1]);
		bool behind = *at == ']' && at[1] == ':' && isdigit((unsigned char)at[2]);
		if (!inside && !behind)
			continue;
		const char *from = at;
		while (behind && from > line && *from != '[')
			from--;
		if (inside)
			from = word_begin(line, at);
		const char *close = inside ? strchr(at, '}') : at;
		size_t n = close ? (size_t)(close - from) + 1 : strlen(from);
		n += strcspn(from + n, " \t,]}");
		return quoted("text with brackets needs quotes: ", from, n, "");
	}
	return NULL;
}

static char *first_character(const char *line, size_t column)
{
	const char *at = column < strlen(line) ? line + column : line;
	if (strchr(line, '\t') && strspn(line, " \t") >= (size_t)(strchr(line, '\t') - line))
		return xstrdup("a tab, expected blanks: YAML is indented by blanks");
	if (!*at || !strchr("@`%", *at))
		return NULL;
	char *lead = xasprintf("text that begins with '%c' needs quotes: ", *at);
	char *advice = quoted(lead, at, value_length(line, at), "");
	free(lead);
	return advice;
}

static char *advice_of_line(const struct yaml_fault *f, size_t line)
{
	char *text = line_text(f, line), *advice = NULL;
	if (strstr(f->context, "alias"))
		advice = star(text);
	else if (strstr(f->problem, "unexpected ':'"))
		advice = colons(text);
	else if (strstr(f->problem, "cannot start any token"))
		advice = first_character(text, line == f->line ? f->column : 0);
	else if (strstr(f->problem, "mapping values are not allowed"))
		advice = xstrdup(
		    "a second ': ' in one line, expected one; put quotes around text with ': ', or is "
		    "the line indented wrongly?");
	else if (strstr(f->problem, "did not find expected"))
		advice = brackets(text);
	free(text);
	return advice;
}

char *yaml_advice(struct yaml_fault *f)
{
	char *advice = advice_of_line(f, f->line);
	if (!advice && f->context_line < f->line && (advice = advice_of_line(f, f->context_line)))
		f->line = f->context_line;
	return advice;
}
