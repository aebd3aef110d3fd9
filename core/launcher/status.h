/* All that `status` and `plan` are made from: what is wanted (inventory.h) beside what the runs wrote down (report.h). */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "launcher/inventory.h"
#include "launcher/options.h"
#include "launcher/revocation.h"
#include "launcher/standing.h"

/* A certificate's failures in a row that were its CA account's. */
struct ca_failing {
	char *id, *ca;
	unsigned failures;
};

/* Since when a certificate's failures were of its names alone. */
struct names_failing {
	char *id;
	int64_t since;
};

struct status {
	char *state;
	const struct options *options; /* borrowed */
	struct inventory i;
	struct revocations revocations;
	/* Where it is set: certificates that are there, are not due and did not fail may be counted instead of given one by
	 * one, and those that are not renewed left out. NULL: each is given. */
	void (*counted)(void *arg, const char *ca, int64_t from, size_t n);
	char *digest; /* of the index, if it is known that all is as it was when that was written; NULL */
	bool *chosen; /* by the inventory's certificates; NULL: all, and those that left */
	int64_t now;

	/* As report.h; complete before the first certificate. */
	json_t *owed, *orders, *rests, *later, *ledger, *limited;
	struct failure *failure; /* sorted by ID */
	size_t failures;
	struct ca_failing *ca_failing; /* sorted by ID */
	size_t ca_failings;
	struct names_failing *names_failing;
	size_t names_failings;
	int64_t whole;   /* when `renew` of everything ended last; 0 = never */
	int64_t started; /* when a run began last; 0 = never */
};

/* Reads configuration and state folder; what is wrong with them is told. False with e. status_free in any case. */
bool status_load(struct status *s, const struct options *o, struct err *e);
void status_free(struct status *s);

/* Calls fn for each certificate that is meant, sorted by ID, borrowed. False with e when state.db cannot be read. */
bool status_each(struct status *s, void (*fn)(void *arg, const struct standing_certificate *c), void *arg,
                 struct err *e);
