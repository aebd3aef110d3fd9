/* What `renew` would do, gathered from certificates as they come. */
#pragma once

#include "launcher/plan_orders.h"
#include "launcher/status.h"
#include "launcher/status_count.h"

#define PLAN_DAYS 56 /* that are looked at */

/* When a certificate is renewed. */
enum plan_turn {
	PLAN_NOW,
	PLAN_RESTS,   /* due, and rests after failures */
	PLAN_WAITS,   /* due, and its CA asked for patience */
	PLAN_LIMITED, /* due, and a limit of its CA account lets no order for its names be made */
	PLAN_LATER,   /* not due */
	PLAN_NEVER,   /* `renew: no` */
	PLAN_TURNS
};

struct plan_row {
	char *id, *ca, *dns;
	const char *reason; /* static */
	enum plan_turn turn;
	int64_t from;   /* not before that, 0 = at once or never */
	char *json;     /* as of `status`; NULL without --json */
	json_t *places; /* plan_places.h; NULL: none is known */
};

struct plan {
	const struct status *status;
	bool json;
	size_t most; /* rows that are kept */
	struct plan_row *row;
	size_t rows;
	size_t turn[PLAN_TURNS];    /* certificates by it; what is not due only where WHICH is given */
	struct plan_orders *orders; /* a CA account each */
	size_t cas;
	struct strs unserved; /* names below no zone that their DNS accounts list */
	size_t unserveds;
	struct strs *zones; /* of each DNS account of the inventory, sorted */
};

/* s as loaded; never freed: it is there up to the end of the process. */
void plan_begin(struct plan *p, const struct status *s, bool json, size_t most);
void plan_take(struct plan *p, const struct standing_certificate *c);

/* After the last certificate: the orders to come, against the limits of the CA accounts. */
void plan_reckon(struct plan *p, const struct status_counts *counts);

void plan_print(const struct plan *p, const struct status_counts *counts);
void plan_print_json(const struct plan *p, const struct status_counts *counts);
