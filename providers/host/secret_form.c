#include "config.h"

#include "secret_form.h"

#include <ctype.h>
#include <string.h>

#include "common/str.h"

#define BLANKS " \t"

/* By its name: a token, key, secret or password; what has another name may be a whole file. */
static bool is_word(const char *key)
{
	static const char *const ends[] = {"token", "key", "secret", "password"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(key, ends[i]))
			return true;
	return false;
}

static bool is_known_name(const char *names, const char *name, size_t n)
{
	for (; names && *(names += strspn(names, " ")); names += strcspn(names, " "))
		if (strcspn(names, " ") == n && !strncmp(names, name, n))
			return true;
	return false;
}

/* Names of certbot's and acme.sh's files. */
static bool is_of_other_program(const char *name)
{
	return str_starts(name, "dns_") || str_starts(name, "SAVED_");
}

/* A name of a variable, as people write them, that no token or key is likely to begin with. */
static bool is_variable(const char *name, size_t n)
{
	bool underline = false;

	for (size_t i = 0; i < n; i++) {
		underline |= name[i] == '_';
		if (!isupper((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) && name[i] != '_')
			return false;
	}
	return underline;
}

/* Does the line read NAME=value, export NAME=value or NAME = value? */
static bool is_assignment(const struct dnsproof_option *o, const char *line)
{
	bool export = str_starts(line, "export ");
	const char *name = line + (export ? strlen("export ") : 0), *value;
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	size_t blanks = strspn(name + n, BLANKS);

	if (!n || name[n + blanks] != '=')
		return false;
	value = name + n + blanks + 1;
	if (!value[strspn(value, "= \t\r")] || value[strspn(value, "= \t\r")] == '\n')
		return false; /* the padding of base64 */
	if (is_known_name(o->env, name, n) || is_of_other_program(name))
		return true;
	/* what a person chose as a password may look like anything */
	return !str_ends(o->key, "password") && (export || blanks || is_variable(name, n));
}

/* The first line that is neither empty, a comment nor the head of a section. */
static const char *first_line(const char *text)
{
	for (;;) {
		text += strspn(text, " \t\r\n");
		if (!*text || !strchr("#;[", *text))
			return text;
		text += strcspn(text, "\n");
	}
}

static bool is_quoted(const char *text, size_t n)
{
	return n >= 2 && (*text == '"' || *text == '\'') && text[n - 1] == *text;
}

/* PEM and JSON have lines and blanks of their own. */
static bool is_document(const char *text)
{
	text += strspn(text, " \t\r\n");
	return *text == '{' || str_starts(text, "-----BEGIN ");
}

/* Why it is no single word, NULL if it is one. */
static const char *word_fault(const char *key, const char *text)
{
	size_t n = strlen(text), begin = strspn(text, BLANKS "\r\n");

	if (is_document(text))
		return NULL;
	if (is_quoted(text, n))
		return "is in quotes";
	if (str_starts(text, "Bearer "))
		return "begins with the word Bearer";
	if (begin || (n && strchr(BLANKS "\r\n", text[n - 1])))
		return "has blanks or empty lines around it";
	if (strpbrk(text, "\r\n"))
		return "has several lines";
	/* some keys are sent with a word before them */
	return str_ends(key, "token") && strpbrk(text, BLANKS) ? "has a blank in it" : NULL;
}

static bool form_ok(const struct dnsproof_option *o, const struct given *g, bool http, struct err *e)
{
	const char *fault = http && !str_ends(o->key, "password") ? word_fault(o->key, g->value) : NULL;

	if (is_assignment(o, first_line(g->value)))
		return err_set(e,
		               "option %s: %.200s holds NAME = value lines, as other programs have them; "
		               "write nothing but the %s there",
		               o->key, g->source, o->key);
	return !fault || err_set(e, "option %s: the %s from %.200s %s; write nothing but the %s there",
	                         o->key, o->key, g->source, fault, o->key);
}

bool secret_forms_ok(const struct dnsproof_provider *p, const struct givens *given, struct err *e)
{
	for (const struct dnsproof_option *o = p->options; o && o->key; o++) {
		const struct given *g =
		    (o->flags & DNSPROOF_SECRET) && is_word(o->key) ? givens_find(given, o->key) : NULL;

		if (g && g->source && !form_ok(o, g, p->uses_http != 0, e))
			return false;
	}
	return true;
}
