/* Certificates counted by how they stand, and what monitoring makes of it. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "launcher/standing.h"

#define COUNT_DAYS 92 /* ends of lifetimes and renewals are counted by day up to then */

struct status_ca {
	char *name;
	size_t n;
	size_t renewed[COUNT_DAYS + 1]; /* by day from now; the last: later */
};

/* What --warn, --crit and --max-failed say. */
struct status_limits {
	int64_t warn, crit; /* seconds of life left; -1: the urgent time, and its second half */
	int64_t failed;     /* so many may fail; -1: any number */
	bool failed_percent;
};

struct status_counts {
	int64_t now;
	struct status_limits limits;
	size_t n; /* without those that left */
	size_t standing[STANDINGS];
	size_t urgent, critical; /* of limits; critical ones are urgent, too */
	size_t without;          /* none is published, and the last try failed */
	size_t ends[COUNT_DAYS + 1];
	int64_t next_end;
	char *urgent_id, *critical_id, *without_id; /* the first of them; NULL */
	struct status_ca *ca;
	size_t cas;
};

void status_counts_begin(struct status_counts *c, int64_t now, const struct status_limits *l);
void status_count(struct status_counts *c, const struct standing_certificate *one);
/* So many that are well. */
void status_count_well(struct status_counts *c, const char *ca, int64_t from, size_t n);
void status_counts_free(struct status_counts *c);

/* How many failed in their last try. */
size_t status_failed(const struct status_counts *c);

/* What is not counted above. */
struct status_rest {
	size_t owed, revocations;
	bool broken;   /* the configuration */
	size_t lines;  /* of lists, and what is damaged */
	int64_t whole; /* when `renew` of everything ended last; 0 = never */
};

/* 0 ok, 1 warning, 2 critical; appends the line of words and figures. */
int status_judge(const struct status_counts *c, const struct status_rest *r, struct buf *line);
