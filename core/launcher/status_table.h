/* `status` for people: rows as they come, then what is not well and how it is mended, then the sums. */
#pragma once

#include "launcher/status.h"
#include "launcher/status_count.h"

struct status_table {
	const struct status *status;
	bool all;      /* every row; else only those that are not well */
	bool begun;    /* its head is there */
	size_t hidden; /* rows that are well and were left out */
	size_t troubles;
	int width; /* of the IDs */
};

#define STATUS_FEW 50 /* so many certificates are listed one by one */

void status_table_begin(struct status_table *t, const struct status *s);
void status_table_row(struct status_table *t, const struct standing_certificate *c);
void status_table_end(struct status_table *t, const struct status_counts *counts);

/* The DNS accounts as the configuration names them, of several with a blank between them; with commas. New string. */
char *status_dns_names(const char *accounts);

/* Columns for the IDs of all that are meant. */
int status_table_width(const struct status *s);
