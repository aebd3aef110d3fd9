/* A certificate's failures in a row that were of its names alone, kept from run to run until it is had, or fails
 * otherwise. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct turn;

/* Seconds since 1970. */
struct names_failures {
	int64_t since;   /* the first of them; 0: there is none */
	int64_t look_at; /* once it is parked, the next look at its names; before, when they failed last */
	bool
	    zones; /* what stands in DNS was wrong at the last, which can be looked at; else the CA refused the names */
};

/* None when what the certificate depends on (a digest) is other than at the last of them. */
struct names_failures names_failures(struct turn *t, const char *cert, const char *depends);

void names_failures_add(struct turn *t, const char *cert, const char *depends, bool zones);
void names_failures_over(struct turn *t, const char *cert);
void names_failures_look(struct turn *t, const char *cert, int64_t at); /* the next time */
