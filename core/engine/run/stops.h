/* Accounts that rest: a cause is not tried 3,000 times. After STOP_ROW orders in a row that failed alike at one account,
 * no more are begun through it in this run; the next run tries one certificate of it first. Of `renew` alone: what is
 * asked for by a person is tried. Accounts are named "ca NAME" and "dns NAME". */
#pragma once

#include "engine/order/order.h"

#define STOP_ROW 5

struct launcher;
struct stops;

enum stop {
	STOP_GO,
	STOP_WAIT, /* until it is known how those do that are under way */
	STOP_RESTS,
};

struct stops *stops_new(const struct job *job, struct turn *turn); /* borrowed */
void stops_free(struct stops *s);                                  /* NULL allowed */

/* May the certificate's order begin, at that CA account? Of several DNS accounts the one that serves is known to the order alone: these are
 * judged by their CA account here. */
enum stop stops_judge(struct stops *s, const struct job_cert *cert, const char *ca);

/* It is under way, until it is given back. */
void stops_take(struct stops *s, const struct job_cert *cert, const char *ca);
void stops_give(struct stops *s, const struct job_cert *cert, const char *ca);

/* The account did its part in an order; the order was done wholly; it failed. */
void stops_work(struct stops *s, const char *account);
void stops_done(struct stops *s, const struct job_cert *cert, const char *ca);
void stops_failed(struct stops *s, const struct order_blame *blame, const char *error);

bool stops_rest(struct stops *s, const char *account);

/* A certificate was not tried, because this account rests; NULL: one of its own does. */
void stops_untried(struct stops *s, const struct job_cert *cert, const char *ca, const char *account);
void stops_tell(const struct stops *s, struct launcher *launcher); /* a line for each such account */
