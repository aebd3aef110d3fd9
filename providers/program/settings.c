#define _GNU_SOURCE
#include "settings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *option(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

/* The length of a variable's name at the beginning of text, 0 if there is none before a '='. */
static size_t name_length(const char *text)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) || text[n] == '_')
		n++;
	return text[n] == '=' && !isdigit((unsigned char)text[0]) ? n : 0;
}

/* 'x' and "x" stand for x. */
static char *unquoted(char *value)
{
	size_t n = strlen(value);

	if (n < 2 || (value[0] != '\'' && value[0] != '"') || value[n - 1] != value[0])
		return value;
	value[n - 1] = '\0';
	return value + 1;
}

static void secret_tell(const struct dnsproof_call *call, const char *value)
{
	const struct dnsproof_host *h = call->host;

	if (*value && h->size >= offsetof(struct dnsproof_host, secret) + sizeof(h->secret))
		h->secret(call, value);
}

/* One NAME=VALUE; `number` counts from 1 within the option. */
static enum dnsproof_rc item_add(struct command *c, const char *key, size_t number, char *text, bool secret,
                                 settings_name_fn *name_of)
{
	size_t n = name_length(text);
	const char *name = text;
	char *value;

	if (!n)
		return c->call->host->fail(c->call, DNSPROOF_INVALID, "option %s: %s %zu is not NAME=VALUE",
		                           key, secret ? "line" : "word", number);
	text[n] = '\0';
	value = unquoted(text + n + 1);
	if (secret)
		secret_tell(c->call, value);
	if (name_of)
		name = name_of(name);
	if (name && !command_env(c, name, value))
		return c->call->host->fail(c->call, DNSPROOF_INVALID, "option %s: too many variables", key);
	return DNSPROOF_OK;
}

static char *line_trim(char *line)
{
	size_t n;

	line += strspn(line, " \t");
	if (strncmp(line, "export ", 7) == 0)
		line += 7 + strspn(line + 7, " \t");
	n = strlen(line);
	while (n && isspace((unsigned char)line[n - 1]))
		line[--n] = '\0';
	return line;
}

static enum dnsproof_rc lines_add(struct command *c, char *text, settings_name_fn *name_of)
{
	enum dnsproof_rc rc = DNSPROOF_OK;
	size_t number = 0;
	char *line;

	while (rc == DNSPROOF_OK && (line = strsep(&text, "\n"))) {
		number++;
		line = line_trim(line);
		if (*line && *line != '#')
			rc = item_add(c, "environment", number, line, true, name_of);
	}
	return rc;
}

static enum dnsproof_rc words_add(struct command *c, char *text, settings_name_fn *name_of)
{
	enum dnsproof_rc rc = DNSPROOF_OK;
	size_t number = 0;
	char *save, *word;

	for (word = strtok_r(text, " \t\r\n", &save); rc == DNSPROOF_OK && word;
	     word = strtok_r(NULL, " \t\r\n", &save))
		rc = item_add(c, "settings", ++number, word, false, name_of);
	return rc;
}

static enum dnsproof_rc option_add(struct command *c, const char *key, settings_name_fn *name_of,
                                   enum dnsproof_rc (*add)(struct command *, char *, settings_name_fn *))
{
	const char *given = option(c->call, key);
	char *text = given ? strdup(given) : NULL;
	size_t n = text ? strlen(text) : 0;
	enum dnsproof_rc rc;

	if (given && !text)
		abort();
	rc = text ? add(c, text, name_of) : DNSPROOF_OK;
	if (text)
		explicit_bzero(text, n);
	free(text);
	return rc;
}

enum dnsproof_rc settings_add(struct command *c, settings_name_fn *name_of)
{
	enum dnsproof_rc rc = option_add(c, "settings", name_of, words_add);

	return rc == DNSPROOF_OK ? option_add(c, "environment", name_of, lines_add) : rc;
}

enum dnsproof_rc settings_check(const struct dnsproof_call *call)
{
	struct command c = {.call = call};
	enum dnsproof_rc rc = settings_add(&c, NULL);

	command_clear(&c);
	return rc;
}
