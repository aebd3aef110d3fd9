/* All that is wrong with a configuration, told at once: "file:line: what, expected what". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum trouble_kind {
	TROUBLE_BROKEN, /* YAML: the configuration does not hold */
	TROUBLE_LINE,   /* a line of a list or zone file: it alone does not hold */
	TROUBLE_NOTE,   /* good to know */
};

struct trouble {
	enum trouble_kind kind;
	unsigned file, line; /* file: the index that the caller gave; line 0: the file as a whole */
	size_t order;        /* in which it was told */
	char *text;          /* "what, expected what"; owned */
};

struct troubles {
	struct trouble *at;
	size_t n;
	size_t broken, lines; /* how many of each kind */
};

void troubles_add(struct troubles *t, enum trouble_kind kind, unsigned file, unsigned line,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

void troubles_drop(struct troubles *t, size_t which);

/* By file and line; what was told of one line stays in its order. */
void troubles_sort(struct troubles *t);
void troubles_free(struct troubles *t);
