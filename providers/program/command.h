/* One run of an operator's program for a call: its environment, its end in words. */
#pragma once

#include "program.h"
#include "provider.h"

enum { COMMAND_ENV_MOST = 128 };

/* Set call, op and argv, and what is wanted of the rest; the program's environment is nothing but what
 * command_env() was given. */
struct command {
	const struct dnsproof_call *call;
	const char *op;          /* for messages: "add" */
	const char *const *argv; /* argv[0] is the absolute path */
	const char *shown;       /* how messages call the program, NULL: argv[0] */
	const char *input;       /* standard input, NULL: nothing */
	char *env[COMMAND_ENV_MOST + 1];
	size_t n_env;
	struct result result;
};

/* Sets PATH, HOME (/) and LANG (C). */
void command_env_standard(struct command *c);
/* The newer one of a name stays. What is more than COMMAND_ENV_MOST is dropped: false. */
bool command_env(struct command *c, const char *name, const char *value);

/* OK when the program was run and ended by exit(), whatever its code (command_code()). Otherwise all is
 * said and the result can be returned: INVALID when it may not be run, TEMP when it did not start, was
 * killed or took too long. */
enum dnsproof_rc command_run(struct command *c);
int command_code(const struct command *c);
/* The same, and exit code 0; else TEMP with command_fail()'s words. */
enum dnsproof_rc command_succeed(struct command *c);
/* "PROGRAM OP: exit code N: its last line on standard error". Returns rc. */
enum dnsproof_rc command_fail(const struct command *c, enum dnsproof_rc rc);

/* May the program of option `key` be run? INVALID, said, if not. */
enum dnsproof_rc command_check(const struct dnsproof_call *call, const char *key, const char *path);

/* Wipes and frees what it holds; the command itself is the caller's. */
void command_clear(struct command *c);
