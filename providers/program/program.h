/* Running one program to its end: input given, output and errors captured, killed at a deadline. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct program {
	const char *const *argv; /* argv[0] is the absolute path */
	const char *const *env;  /* the whole environment */
	const char *input;       /* standard input; at most 4096 octets */
	unsigned ms;             /* until it is killed, with its process group */
};

struct result {
	char *output; /* standard output, NUL-terminated; free() it */
	size_t length;
	bool cut;       /* there was more output than fits */
	char last[512]; /* last line of standard error that is not empty */
	bool timed_out;
	int status; /* of waitpid */
};

/* False, with why in r->last, when it could not be started. What the program leaves behind in its
 * process group is killed when it ends. */
bool program_run(const struct program *p, struct result *r);
