#define _GNU_SOURCE
#include "blind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRIPT_MOST = 1 << 20 };

/* Found so in acme.sh 3.1; a later version of one may have mended it, or only look so. */
static const char *const known[] = {
    "dns_clouddns",  "dns_dnsimple", "dns_doapi",  "dns_exoscale",  "dns_he_ddns",
    "dns_ispconfig", "dns_knot",     "dns_linode", "dns_linode_v4", "dns_nsupdate",
};

static char *content(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = f ? calloc(1, SCRIPT_MOST) : NULL;

	if (f && !text)
		abort();
	if (text && fread(text, 1, SCRIPT_MOST - 1, f) == 0) {
		free(text);
		text = NULL;
	}
	if (f)
		fclose(f);
	return text;
}

/* The body of a function that begins with a line NAME(): up to a line that begins with '}'. Cut off
 * within text. */
static char *function(char *text, const char *name)
{
	size_t n = strlen(name);

	for (char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		char *rest = strncmp(line, name, n) == 0 ? line + n + strspn(line + n, " \t") : line;
		if (rest == line || *rest != '(')
			continue;
		char *end = strstr(rest, "\n}");
		if (end)
			*end = '\0';
		return rest;
	}
	return NULL;
}

static bool mentions_second(const char *body)
{
	static const char *const forms[] = {"$2", "${2", "$@", "$*", "${@", "${*"};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strstr(body, forms[i]))
			return true;
	return false;
}

enum blind blind_judge(const char *path, const char *name)
{
	char *text = content(path), function_name[128], *body;
	enum blind result = BLIND_NO_FUNCTION;

	if (!text)
		return BLIND_UNREADABLE;
	snprintf(function_name, sizeof(function_name), "%s_rm", name);
	body = function(text, function_name);
	if (body)
		result = mentions_second(body) ? BLIND_NO : BLIND_YES;
	for (size_t i = 0; result == BLIND_NO && i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(name, known[i]) == 0)
			result = BLIND_YES;
	free(text);
	return result;
}
