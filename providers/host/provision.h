/* A provider by its name: a module, or a descriptor that rest.so acts by. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"
#include "descriptor/descriptor.h"
#include "provider.h"

/* Where providers are looked for; NULL: the compiled-in folders. */
struct folders {
	const char *modules;
	const char *descriptors;
};

/* What was found. Everything stays until provision_free(). */
struct provision {
	struct dnsproof_provider table;
	struct descriptor *descriptor;   /* NULL: a module */
	char *text;                      /* the descriptor as JSON */
	struct dnsproof_option *options; /* of the descriptor */
	struct strs strings;
};

/* NAME.so first, else NAME.yaml, read and checked. False with e. */
bool provision_find(const char *name, const struct folders *where, struct provision *out, struct err *e);
void provision_free(struct provision *p);

/* The names of all, sorted. */
bool provision_names(const struct folders *where, struct strs *names, struct err *e);
