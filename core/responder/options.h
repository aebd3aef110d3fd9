/* The command line of dnsproof-responder. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"
#include "responder/answer.h"

struct options {
	struct strs listen, zones;
	unsigned port, rate, slip, connections, idle_s;
	int control; /* descriptor of who started us, or -1 */
	const char *socket, *group, *user;
	struct authority who; /* all but the table */
	bool help, version;
};

/* False with e. The texts are borrowed from argv. */
bool options_parse(struct options *o, int argc, char **argv, struct err *e);
void options_free(struct options *o);
void options_help(void);

/* The table of the zones and own names; false with e when one of them is wrong. */
bool options_table(struct options *o, struct err *e);
