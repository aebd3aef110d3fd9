/* A provider host as the engine has it: a process of its own, spoken to over a socket. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "common/buf.h"
#include "common/err.h"
#include "case.h"

/* How hosts are started. All borrowed. */
struct served_plan {
	const char *program;      /* the provider host */
	const char *const *words; /* more arguments: --modules, --descriptors */
	const struct conform_case *c;
	const json_t *options; /* key -> text, resolved */
	int log;               /* what they write to standard error, and what they say */
};

struct served {
	pid_t pid;
	int fd;
	int log;
	unsigned ttl;
	struct buf rest;
	json_t *hello;
	json_t *answer; /* the last */
};

/* One answer. */
struct said {
	char rc[16]; /* "died" if there was none */
	char msg[1200];
	int after;
	char handle[512];
	const json_t *answer; /* until the next question */
};

/* One question; value, handle NULL = none. */
struct question {
	const char *op, *zone, *name, *value, *handle;
	const json_t *changes;
	unsigned ms;
};

/* False with e: what the host said when it could not serve. */
bool served_start(struct served *s, const struct served_plan *plan, struct err *e);
void served_ask(struct served *s, const struct question *q);
void served_hear(struct served *s, const struct question *q, struct said *said);
void served_stop(struct served *s); /* nothing if it was not started */

/* What `program --describe NAME --json` says; new, NULL with e. */
json_t *served_describe(const struct served_plan *plan, struct err *e);
