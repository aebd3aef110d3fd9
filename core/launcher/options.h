/* The command line of one subcommand. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/spec/spec.h"
#include "common/str.h"

/* One --dns with the options that belong to it. Before the first --dns, and with none at all, they are in an
 * entry without provider. */
struct dns_choice {
	char *provider;   /* NULL: not named */
	json_t *set;      /* object: KEY -> VALUE as typed */
	json_t *settings; /* zone, cname_target, allow_readable */
};

/* What was given, in settings by the names of the table of keys; what was not given is not there. */
struct options {
	struct strs names; /* arguments that are no options */
	struct dns_choice *dns;
	size_t dnss;
	json_t *certificate, *ca, *run; /* run: what belongs to this command alone */
};

/* Reads argv (argv[0] = the subcommand) by the rows that may stand at `command` (SPEC_ISSUE, ...). False with e
 * on what is wrong. options_free in any case. */
bool options_parse(enum spec_place command, int argc, char **argv, struct options *o, struct err *e);
void options_free(struct options *o);

/* What every command begins with: reads argv, opens the events, shows the help. False, with the exit code: it is shown,
 * or what is wrong was said. options_free in any case. */
bool options_begin(enum spec_place command, int argc, char **argv, struct options *o, int *code);

/* events_open() as --json, --quiet and --verbose say. */
void options_open_events(const struct options *o);

/* Text of `dnsproof help COMMAND`, on stdout. */
void options_help(enum spec_place command);
