#include "config.h"

#include "launcher/status_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "launcher/dns_account.h"
#include "launcher/status_trouble.h"

#define DAY         86400
#define WIDTH_LEAST 20
#define WIDTH_MOST  40

int status_table_width(const struct status *s)
{
	size_t most = WIDTH_LEAST; /* those that left are not known yet */
	for (size_t i = 0; i < s->i.all.n; i++) {
		size_t n = strlen(s->i.all.at[i].id);
		if ((!s->chosen || s->chosen[i]) && n > most)
			most = n;
	}
	return most < WIDTH_MOST ? (int)most : WIDTH_MOST;
}

void status_table_begin(struct status_table *t, const struct status *s)
{
	bool few = s->i.all.n <= STATUS_FEW;
	*t = (struct status_table){.status = s,
	                           .all = few || s->chosen || spec_yes(s->options->run, KEY_ALL),
	                           .width = status_table_width(s)};
}

char *status_dns_names(const char *accounts)
{
	struct strs words = {0}, names = {0};
	strs_words(&words, accounts);
	for (size_t i = 0; i < words.n; i++) {
		char *name = dns_account_label(words.at[i]);
		strs_add(&names, name);
		free(name);
	}
	char *joined = strs_join(&names, ",");
	strs_free(&words);
	strs_free(&names);
	return joined;
}

/* "example.com +2" */
static char *names_short(const char *names)
{
	size_t first = strcspn(names, " "), more = 0;
	for (const char *c = names; *c; c++)
		more += *c == ' ';
	return more ? xasprintf("%.*s +%zu", (int)first, names, more) : xstrdup(names);
}

static char *until_text(const struct standing_certificate *c, int64_t now)
{
	char when[WHEN_ROOM];
	int64_t left = c->until - now;
	if (!c->until)
		return xstrdup("-");
	when_day(c->until, when);
	if (left < 0)
		return xasprintf("%s (over)", when);
	return left < 2 * DAY ? xasprintf("%s (%" PRId64 " h)", when, left / 3600)
	                      : xasprintf("%s (%" PRId64 " d)", when, left / DAY);
}

static char *renewal_text(const struct status *s, const struct standing_certificate *c)
{
	char when[WHEN_ROOM];
	int64_t now = s->now, waits;
	enum reason r = standing_reason(c, now);
	if (c->left || c->parked || !c->renews)
		return xstrdup("no");
	if (c->failure && c->failure->next > now)
		return xstrdup(when_minute(c->failure->next, when));
	if (r == REASON_NONE)
		return xstrdup(when_minute(c->from, when));
	waits = status_trouble_wait(s, c);
	return xstrdup(waits ? when_minute(waits, when) : "next run");
}

static void head(struct status_table *t)
{
	if (!t->begun)
		printf("%-*s  %-8s %-19s %-17s %-16s %-16s %s\n", t->width, "CERTIFICATE", "STATE",
		       "VALID UNTIL", "RENEWED", "CA", "DNS", "NAMES");
	t->begun = true;
}

void status_table_row(struct status_table *t, const struct standing_certificate *c)
{
	enum standing s = standing_of(c, t->status->now);
	if (!t->all && (s == STANDING_OK || s == STANDING_DUE || s == STANDING_LEFT)) {
		t->hidden++;
		return;
	}
	if (!t->all && ++t->troubles > TROUBLES_LISTED)
		return;
	char *until = until_text(c, t->status->now), *renewal = renewal_text(t->status, c);
	char *names = names_short(c->names), *dns = status_dns_names(c->dns);
	bool backup = c->issued_by && strcmp(c->issued_by, c->ca) != 0;
	char *ca = backup ? xasprintf("%s (backup)", c->issued_by) : xstrdup(c->ca);
	head(t);
	printf("%-*s  %-8s %-19s %-17s %-16s %-16s %s\n", t->width, c->id, standing_word(s), until, renewal,
	       ca, *dns ? dns : "-", names);
	free_all(until, renewal, names, dns, ca);
}

static void sums(const struct status_table *t, const struct status_counts *c)
{
	printf("%s%zu certificate%s%s", t->begun || t->hidden ? "\n" : "", c->n, c->n == 1 ? "" : "s",
	       c->n || c->standing[STANDING_LEFT] ? ":" : "");
	for (int s = 0; s < STANDINGS; s++)
		if (c->standing[s])
			printf(" %zu %s", c->standing[s], standing_word((enum standing)s));
	puts("");
	for (size_t i = 0; t->hidden && i < c->cas; i++)
		printf("  CA %-20s %zu\n", c->ca[i].name, c->ca[i].n);
	for (size_t week = 0; t->hidden && week * 7 < COUNT_DAYS; week++) {
		size_t n = 0;
		char from[WHEN_ROOM];
		for (size_t day = week * 7; day < week * 7 + 7 && day < COUNT_DAYS; day++)
			n += c->ends[day];
		if (n)
			printf("  end in the week from %s: %zu\n",
			       when_day(c->now + (int64_t)week * 7 * DAY, from), n);
	}
}

static void last_run(const struct status *s)
{
	char when[WHEN_ROOM];
	if (json_array_size(s->orders))
		printf("%zu order%s open; the next run goes on with them\n", json_array_size(s->orders),
		       json_array_size(s->orders) == 1 ? " is" : "s are");
	if (s->whole)
		printf("as of the last renew, which ended %s\n", when_text(s->whole, when));
	else if (s->started)
		printf("no renew of everything has come to its end yet; the last run began %s\n",
		       when_text(s->started, when));
	else
		puts("no run yet: dnsproof renew");
}

void status_table_end(struct status_table *t, const struct status_counts *counts)
{
	if (!t->all && t->troubles > TROUBLES_LISTED)
		printf("and %zu more that are not well: dnsproof status --all\n",
		       t->troubles - TROUBLES_LISTED);
	status_trouble_failures(t->status, t->all);
	if (!t->status->chosen) {
		status_trouble_owed(t->status);
		status_trouble_accounts(t->status);
	}
	sums(t, counts);
	last_run(t->status);
}
