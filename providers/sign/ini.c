#include "ini.h"

#include <ctype.h>
#include <string.h>

/* [from, to) without spaces at the ends. */
static const char *piece(const struct dnsproof_call *call, const char *from, const char *to)
{
	while (from < to && isspace((unsigned char)*from))
		from++;
	while (to > from && isspace((unsigned char)to[-1]))
		to--;
	return call->host->text(call, "%.*s", (int)(to - from), from);
}

/* The next line, trimmed, and *text behind it; NULL at the end. */
static const char *next_line(const struct dnsproof_call *call, const char **text)
{
	const char *start = *text;
	size_t n = strcspn(start, "\n");

	if (!*start)
		return NULL;
	*text = start + n + (start[n] == '\n');
	return piece(call, start, start + n);
}

/* The name in "[name]", "" for any other line. */
static const char *section_of(const struct dnsproof_call *call, const char *line)
{
	const char *end = strrchr(line, ']');

	return *line == '[' && end ? piece(call, line + 1, end) : "";
}

int ini_has(const struct dnsproof_call *call, const char *text, const char *section)
{
	const char *line;

	while ((line = next_line(call, &text)))
		if (!strcmp(section_of(call, line), section))
			return 1;
	return 0;
}

const char *ini_get(const struct dnsproof_call *call, const char *text, const char *section, const char *key)
{
	int inside = !strcmp(section, "default");
	const char *line;

	while ((line = next_line(call, &text))) {
		const char *equal = strchr(line, '='), *value;

		if (*line == '[')
			inside = !strcmp(section_of(call, line), section);
		if (!inside || !equal || strchr("[#;", *line))
			continue;
		if (strcmp(piece(call, line, equal), key) != 0)
			continue;
		value = piece(call, equal + 1, equal + strlen(equal));
		return *value ? value : NULL;
	}
	return NULL;
}
