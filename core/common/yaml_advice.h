/* What a person probably meant by a line that is no YAML: mostly, quotes are missing. */
#pragma once

#include <stddef.h>

struct yaml_fault {
	const char *source; /* the whole text */
	size_t size;
	const char *problem, *context; /* in the words of the parser */
	size_t line, column;           /* of the problem, both from 0; columns in characters */
	size_t context_line;
};

/* "text that begins with '*' needs quotes: '*.example.com'"; NULL when nothing better than the parser's words is
 * known. f->line becomes that of what is meant. New string. */
char *yaml_advice(struct yaml_fault *f);

/* Octets before line and column. */
size_t yaml_offset(const char *text, size_t n, size_t line, size_t column);
