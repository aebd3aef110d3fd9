/* The command line of one subcommand. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/str.h"

enum command { COMMAND_ISSUE = 1, COMMAND_CLEAN = 2, COMMAND_PROVIDERS = 4 };

/* One --dns with the --set and --target that belong to it. Before the first --dns, and with none at all,
 * they are in an entry without provider. */
struct dns_choice {
	char *provider; /* NULL: not named */
	struct strs set, targets;
};

struct options {
	struct strs names; /* arguments that are no options */
	struct dns_choice *dns;
	size_t dnss;
	struct strs servers; /* "ZONE=ADDR,..." normalised */
	struct strs resolvers;
	const char *state, *cert, *ca, *ca_bundle, *email, *key, *policy; /* NULL: not given; borrowed */
	unsigned ttl, timeout, wait;                                      /* seconds; OPTION_NOT_GIVEN */
	unsigned verbose;
	bool json, force, change, agree_tos, help;
	bool native; /* --module of `providers new` */
};

#define OPTION_NOT_GIVEN (~0u)

/* Reads argv (argv[0] = the subcommand, kept as long as o), by getopt_long(3) from optind
 * on. False with e on what is wrong. */
bool options_parse(enum command c, int argc, char **argv, struct options *o, struct err *e);
void options_free(struct options *o);

/* Text of `dnsproof help COMMAND`, on stdout. */
void options_help(enum command c);
