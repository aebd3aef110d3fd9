/* One run of the conformance kit: its rules one after the other, and what each needs to look. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "common/str.h"
#include "case.h"
#include "served.h"

/* Values of ours: the first begins with '-', the second is the first but for letter case in its middle. */
#define KIT_VALUE_1 "-kIt0First_aBcDeFgHiJkLmNoPqRsTuVwXyZ_01234"
#define KIT_VALUE_2 "-kIt0First_aBcDeFgHiJkLmNOPqRsTuVwXyZ_01234"
#define KIT_VALUE_3 "Third_own_value_that_begins_with_a_letter_3"

#define KIT_TRIES 6 /* of a call that may be tried again */

struct kit {
	const struct conform_case *c;
	struct served_plan plan;
	struct strs secrets; /* what no output may show */
	/* What the provider says of itself. */
	bool cas, can_list, can_check, can_batch;
	bool by_record;
	unsigned most_values;
	int cold;               /* requests that only the first call of a process makes; -1: not known yet */
	const char *cold_kinds; /* faults for those, separated by commas; NULL: all */
	struct served shared;   /* of rules that may share one */
	/* Output. */
	int number, failed;
	bool rule_failed;
	const char *replaced; /* why the rule is not asked as it is */
	struct buf why;       /* lines about the rule */
	bool verbose;
	/* What was there before. */
	struct strs before;
};

/* A rule: `run` finds the service as it is in the beginning, with values of others planted. */
struct rule {
	const char *name; /* one line */
	void (*run)(struct kit *k);
	const char *lack; /* key of the case's `lacks` that does away with it, or NULL */
	bool needs_fake;
};

/* Runs it and prints its line. */
void kit_rule(struct kit *k, const struct rule *r);

/* Something that must hold. False (and told with the rule) when it does not. */
bool kit_want(struct kit *k, bool ok, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The rule has a counterpart for this provider, which was tried instead. */
void kit_replaced(struct kit *k, const char *why);

/* The service as in the beginning (soft: for a host that may be logged in), others' values planted and remembered.
 * False (and told): it cannot. */
bool kit_begin(struct kit *k, bool soft);

/* What is there now was there before. */
bool kit_look_again(struct kit *k);

/* Can there be values of others at our own name? */
bool kit_shares_names(const struct kit *k);

/* A host; false (and told with the rule) when it does not start. */
bool kit_host(struct kit *k, struct served *s);

/* One call, and one in a host of its own. zone NULL: the case's zone and name. */
void kit_call(struct kit *k, struct served *s, const char *op, const char *value, const char *handle,
              struct said *said);
void kit_call_at(struct kit *k, struct served *s, const char *op, const char *zone, const char *name,
                 const char *value, struct said *said);
void kit_call_elsewhere(struct kit *k, const char *op, const char *value, struct said *said);

bool said_is(const struct said *s, const char *rc);
bool said_is_passing(const struct said *s); /* temp, rate, conflict, died: the core tries again */

/* The call must have ended with rc. */
bool kit_want_rc(struct kit *k, const struct said *s, const char *rc, const char *what);

/* Tries again as the core does until ok; false (and told) when it is not after KIT_TRIES. */
bool kit_until_ok(struct kit *k, struct served *s, const char *op, const char *value, const char *what);

/* How often the value is at the name; -1 (and told): cannot be seen. zone NULL: the case's. */
int kit_count(struct kit *k, const char *zone, const char *name, const char *value);
bool kit_want_count(struct kit *k, const char *value, int n, const char *when);

/* All that was there before is there, and nothing besides but our values at our names. */
bool kit_want_others(struct kit *k, const char *when);
