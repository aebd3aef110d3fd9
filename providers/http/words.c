#include "config.h"

#include "words.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"

#define WORDS_MOST    (8 * 1024)
#define TEXTS_MOST    4
#define ELEMENTS_MOST 3
#define DEPTH_MOST    6

static const char *const speaking[] = {
    "error_description",
    "error_message",
    "errorMessage",
    "message",
    "msg",
    "detail",
    "details",
    "description",
    "reason",
    "title",
    "faultstring",
    "fault",
    "error",
    "errors",
    "err",
    "error_chain",
    "status_message",
    "statusText",
    "errormsg",
    "error_msg",
    "info",
    "text",
    "cause",
    "hint",
    "response",
    "result",
    "status",
};
static const char *const naming[] = {"code", "error_code", "errorCode", "type"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const json_t *member(const json_t *object, const char *name)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value) if (!strcasecmp(key, name)) return value;
	return NULL;
}

static bool says_nothing(const char *text)
{
	static const char *const words[] = {"",        "error", "err",     "fail",       "failed",
	                                    "failure", "ok",    "success", "about:blank"};

	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcasecmp(text, words[i]))
			return true;
	return false;
}

static void add(struct strs *texts, const char *text)
{
	if (says_nothing(text) || texts->n >= TEXTS_MOST)
		return;
	for (size_t i = 0; i < texts->n; i++)
		if (strstr(texts->at[i], text))
			return;
	strs_add(texts, text);
}

static void collect(const json_t *value, struct strs *texts, int depth);

static void collect_members(const json_t *object, const char *const *names, size_t n, struct strs *texts,
                            int depth)
{
	for (size_t i = 0; i < n; i++)
		collect(member(object, names[i]), texts, depth);
}

/* {"name": ["is taken"]} and {"name": "is taken"}: fields and what is wrong with each. */
static void collect_fields(const json_t *object, struct strs *texts)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		const json_t *first = json_is_array(value) ? json_array_get(value, 0) : value;
		char *text =
		    json_is_string(first) ? xasprintf("%s: %s", key, json_string_value(first)) : NULL;

		if (text)
			add(texts, text);
		free(text);
	}
}

static void collect_code(const json_t *object, struct strs *texts)
{
	for (size_t i = 0; i < COUNT(naming); i++) {
		const json_t *value = member(object, naming[i]);
		char *text = json_is_integer(value)
		                 ? xasprintf("%s %lld", naming[i], (long long)json_integer_value(value))
		             : json_is_string(value) ? xstrdup(json_string_value(value))
		                                     : NULL;

		if (text)
			add(texts, text);
		free(text);
	}
}

static void collect(const json_t *value, struct strs *texts, int depth)
{
	size_t before = texts->n;

	if (!value || depth > DEPTH_MOST)
		return;
	if (json_is_string(value))
		add(texts, json_string_value(value));
	for (size_t i = 0; json_is_array(value) && i < json_array_size(value) && i < ELEMENTS_MOST; i++)
		collect(json_array_get(value, i), texts, depth + 1);
	if (!json_is_object(value))
		return;
	collect_members(value, speaking, COUNT(speaking), texts, depth + 1);
	if (texts->n == before)
		collect_code(value, texts);
	if (texts->n == before && depth > 0)
		collect_fields(value, texts);
}

static char *from_json(const json_t *json)
{
	struct strs texts = {0}, rest = {0};
	char *in_brackets, *words;

	collect(json, &texts, 0);
	for (size_t i = 1; i < texts.n; i++)
		strs_add(&rest, texts.at[i]);
	in_brackets = strs_join(&rest, "; ");
	words = xasprintf("%s%s%s%s", texts.n ? texts.at[0] : "", rest.n ? " (" : "", in_brackets,
	                  rest.n ? ")" : "");
	free(in_brackets);
	strs_free(&rest);
	strs_free(&texts);
	return words;
}

/* The text of the first element of that name, without looking at structure; NULL if there is none. */
static char *element(const char *body, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = body; (at = strchr(at, '<')); at++) {
		if (strncasecmp(at + 1, name, n) != 0 || !strchr(" >\t\r\n", at[1 + n]))
			continue;
		at = strchr(at, '>');
		if (!at)
			break;
		n = strcspn(at + 1, "<");
		return n ? xstrndup(at + 1, n) : NULL;
	}
	return NULL;
}

static char *without_markup(const char *body)
{
	struct buf b;
	bool inside = false;

	buf_init(&b, WORDS_MOST);
	for (; *body; body++) {
		if (*body == '<')
			inside = true;
		if (!inside && !buf_add(&b, body, 1))
			break;
		if (*body == '>' && inside) {
			inside = false;
			buf_add_str(&b, " ");
		}
	}
	return buf_take(&b);
}

static char *from_markup(const char *body)
{
	static const char *const elements[] = {"message", "faultstring", "errortext",
	                                       "error",   "err",         "title"};
	char *text = NULL;

	for (size_t i = 0; !text && i < COUNT(elements); i++)
		text = element(body, elements[i]);
	return text ? text : without_markup(body);
}

/* White space of any kind and length becomes one space, none at the ends. */
static void join_space(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (!isspace((unsigned char)*from))
			*to++ = *from;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

char *http_words(const json_t *json, const char *body, size_t len)
{
	char *words = json ? from_json(json) : NULL, *text;

	if (words && *words) {
		join_space(words);
		return words;
	}
	free(words);
	if (!body || memchr(body, '\0', len))
		return xstrdup("");
	text = xstrndup(body, len < WORDS_MOST ? len : WORDS_MOST);
	words = text[strspn(text, " \t\r\n")] == '<' ? from_markup(text) : xstrdup(text);
	mem_wipe_free(text);
	join_space(words);
	return words;
}
