/* One call: its variables, its memory, its failure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "account.h"
#include "arena.h"
#include "provider.h"

/* How a step ended, besides the codes of enum dnsproof_rc. */
enum {
	STEP_ABSENT = 100, /* there is no such thing */
	STEP_EXISTS,       /* it is there already */
};

struct run {
	const struct dnsproof_call *call;
	const struct dnsproof_host *host;
	struct account *account;
	struct arena arena;
	json_t *vars;   /* owned: the variables of this call */
	json_t *handle; /* owned: those captured that a later del may want */
	json_t *keep;   /* owned array: what borrowed pointers point into */
	long long start_ms;
	bool zone_remembered; /* the zone step was not made, its result was known */
	int requests;
	const char *said; /* words of an answer that meant absent, or NULL */
};

void run_begin(struct run *r, const struct dnsproof_call *call, struct account *a);
void run_end(struct run *r);

/* Records why the call fails; returns rc. */
int run_fail(struct run *r, int rc, const char *format, ...) __attribute__((format(printf, 3, 4)));

unsigned run_ms_left(const struct run *r);

/* The descriptor's member of that name, or NULL. */
const json_t *run_descriptor(const struct run *r, const char *key);

/* Takes a new reference over and gives it back borrowed, alive until the call ends. */
json_t *run_keep(struct run *r, json_t *value);

/* Sets a variable; the reference is stolen. */
void run_set(struct run *r, const char *name, json_t *value);
void run_set_text(struct run *r, const char *name, const char *text);

/* Sets name, sub, relative, value, ttl and those credentials that differ by name. value NULL: none. */
void run_set_txt(struct run *r, const char *zone, const char *name, const char *value, unsigned ttl);

/* The TTL as the provider's limits (and a captured least_ttl) allow it. */
unsigned run_fit_ttl(struct run *r, unsigned ttl);

/* Gives the zone another name: sub and relative follow. False if the name is not below it. */
bool run_set_zone(struct run *r, const char *zone);

/* The value of a variable, borrowed, or NULL. An option that was not given is "". */
const json_t *run_get(struct run *r, const char *name);

/* Forgets what is new with each request: uuid, random, the time. */
void run_refresh(struct run *r);
