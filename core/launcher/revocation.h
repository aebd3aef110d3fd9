/* Revocations that were asked for and are not done: STATE/revocations/NAME.json, written before a CA is asked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/str.h"

enum revocation_outcome { REVOCATION_OWED, REVOCATION_DONE, REVOCATION_REFUSED };

struct revocation {
	char *id, *generation; /* of the store, or NULL */
	char *pem;             /* else: the certificate */
	char *key;             /* source of its private key, or NULL */
	char *label;           /* the ID, or the file as it was named */
	char *ca;              /* CA account whose CA issued it */
	char *reason;          /* word of --reason */
	bool own_key;          /* the certificate's key signs, not the account's */
	bool replace;          /* not before another generation is published */
	enum revocation_outcome outcome;
};

struct revocations {
	struct revocation *at;
	size_t n;
};

/* A message for each damaged file goes to `damaged`. False with e when the folder cannot be read. */
bool revocations_load(struct revocations *all, const char *state, struct strs *damaged, struct err *e);
void revocations_free(struct revocations *all);

/* Adds a zeroed one. */
struct revocation *revocations_add(struct revocations *all);

bool revocation_write(const struct revocation *r, const char *state, struct err *e);
bool revocation_drop(const struct revocation *r, const char *state, struct err *e);

/* The code of RFC 5280 section 5.3.1. */
int revocation_code(const struct revocation *r);

/* Does it wait for another certificate to be published in its place? */
bool revocation_waits(const struct revocation *r, const char *state);

/* Does one wait for another certificate of that ID? */
bool revocations_wait_for(const struct revocations *all, const char *state, const char *id);

/* The generation that is published; new string, NULL when there is none. */
char *revocation_live(const char *state, const char *id);
