#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "launcher/plan_places.h"
#include "launcher/status_json.h"
#include "launcher/status_table.h"
#include "launcher/status_trouble.h"
#include "launcher/strings.h"

#define DAY    86400
#define DAYS   14 /* that are shown one by one */
#define WEEKS  ((PLAN_DAYS - DAYS) / 7)
#define SCHEMA 1

static void print_rows(const struct plan *p)
{
	static const char *const turns[] = {[PLAN_NOW] = "now",
	                                    [PLAN_RESTS] = "rests until ",
	                                    [PLAN_WAITS] = "waits until ",
	                                    [PLAN_LIMITED] = "limit until ",
	                                    [PLAN_LATER] = "",
	                                    [PLAN_NEVER] = "no"};
	int width = status_table_width(p->status);
	size_t all = 0;
	if (!p->turn[PLAN_NOW])
		puts("nothing is due");
	if (p->rows)
		printf("%-*s  %-28s %-38s %-16s %s\n", width, "CERTIFICATE", "RENEWED", "WHY", "CA", "DNS");
	for (size_t i = 0; i < p->rows; i++) {
		const struct plan_row *r = &p->row[i];
		char when[WHEN_ROOM], *dns = status_dns_names(r->dns);
		char *renewed = xasprintf("%s%s", turns[r->turn], r->from ? when_minute(r->from, when) : "");
		printf("%-*s  %-28s %-38s %-16s %s\n", width, r->id, renewed, r->reason, r->ca,
		       *dns ? dns : "-");
		free_all(renewed, dns);
		plan_places_print(p, r);
	}
	for (size_t i = 0; i < PLAN_TURNS; i++)
		all += p->turn[i];
	if (p->rows < all)
		printf("and %zu more: dnsproof plan --all\n", all - p->rows);
	if (p->turn[PLAN_RESTS])
		printf("\nresting after failures: %zu; at once: dnsproof renew --failed --retry, or "
		       "dnsproof renew --retry CERTIFICATE\n",
		       p->turn[PLAN_RESTS]);
}

static void print_limited(const struct plan *p)
{
	if (p->turn[PLAN_LIMITED])
		printf(
		    "\nheld by a limit of their CA account, on certificates for the same names or on failed "
		    "validations of a name: %zu; no command shortens that\n",
		    p->turn[PLAN_LIMITED]);
}

static void print_allowance(const struct plan_orders *o)
{
	char *limit = bucket_limit_text(&o->limit, "new orders"), when[WHEN_ROOM];
	printf("; its limit is %s, and leaves %zu now", limit, o->left);
	if (o->later)
		printf(": %zu come later, the last not before %s", o->later, when_text(o->through, when));
	free(limit);
}

static void print_orders(const struct plan *p)
{
	if (p->turn[PLAN_NOW])
		puts("\nNew orders now, by CA account:");
	for (size_t i = 0; i < p->cas; i++) {
		const struct plan_orders *o = &p->orders[i];
		if (!o->certificates)
			continue;
		printf("  %s: %zu for %zu certificate%s", o->ca, o->orders, o->certificates,
		       o->certificates == 1 ? "" : "s");
		if (o->counted < o->orders)
			printf(", %zu of them count, since renewals do not", o->counted);
		if (o->limit.most)
			print_allowance(o);
		puts(o->limit.most ? "" : "; no limit is known");
	}
}

/* Days to come on which more is due than gets through. */
static void print_crowded(const struct plan *p)
{
	for (size_t i = 0; i < p->cas; i++) {
		const struct plan_orders *o = &p->orders[i];
		char day[WHEN_ROOM], cleared[WHEN_ROOM];
		if (!o->crowded)
			continue;
		char *limit = bucket_limit_text(&o->limit, "new orders");
		when_day(o->crowded, day);
		printf("  %s: more is due on %s than its limit of %s lets through; ", o->ca, day, limit);
		if (o->cleared)
			printf("all is through on %s\n", when_day(o->cleared, cleared));
		else
			printf("it is not all through after %d days\n", PLAN_DAYS);
		free(limit);
	}
}

static size_t sum(const struct status_ca *ca, size_t from, size_t days)
{
	size_t n = 0;
	for (size_t i = from; i < from + days && i < COUNT_DAYS; i++)
		n += ca->renewed[i];
	return n;
}

static void print_days(const struct status_counts *c, size_t from, size_t days)
{
	size_t all = 0, told = 0;
	char when[WHEN_ROOM];
	for (size_t i = 0; i < c->cas; i++)
		all += sum(&c->ca[i], from, days);
	if (!all)
		return;
	printf("  %s %s  %6zu  ", days == 1 ? "day      " : "week from",
	       when_day(c->now + (int64_t)from * DAY, when), all);
	for (size_t i = 0; i < c->cas; i++)
		if (sum(&c->ca[i], from, days))
			printf("%s%s %zu", told++ ? ", " : "", c->ca[i].name, sum(&c->ca[i], from, days));
	puts("");
}

static void print_unserved(const struct plan *p)
{
	if (p->unserveds)
		printf("\nbelow no zone that their DNS accounts list, so that _acme-challenge must be a "
		       "CNAME into "
		       "one (%zu):\n",
		       p->unserveds);
	for (size_t i = 0; i < p->unserved.n; i++)
		printf("  %s\n", p->unserved.at[i]);
	if (p->unserved.n < p->unserveds)
		printf("  and %zu more\n", p->unserveds - p->unserved.n);
}

void plan_print(const struct plan *p, const struct status_counts *counts)
{
	char when[WHEN_ROOM];
	print_rows(p);
	print_limited(p);
	print_orders(p);
	if (!p->status->chosen) {
		status_trouble_owed(p->status);
		status_trouble_accounts(p->status);
	}
	print_unserved(p);
	puts("\nRenewals to come, by CA account:");
	for (size_t day = 0; day < DAYS; day++)
		print_days(counts, day, 1);
	for (size_t week = 0; week < WEEKS; week++)
		print_days(counts, DAYS + week * 7, 7);
	print_crowded(p);
	if (p->status->whole)
		printf("as of the last renew, which ended %s\n", when_text(p->status->whole, when));
	else
		puts("no renew of everything has come to its end yet");
}

static json_t *day_json(const struct status_counts *c, size_t day)
{
	json_t *cas = json_object();
	char when[WHEN_ROOM];
	size_t all = 0;
	for (size_t i = 0; i < c->cas; i++) {
		all += c->ca[i].renewed[day];
		if (c->ca[i].renewed[day])
			json_object_set_new(cas, c->ca[i].name,
			                    json_integer((json_int_t)c->ca[i].renewed[day]));
	}
	return json_pack("{s:s, s:I, s:o}", "day", when_day(c->now + (int64_t)day * DAY, when),
	                 "certificates", (json_int_t)all, "ca", cas);
}

static json_t *size_json(size_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *orders_json(const struct plan_orders *o)
{
	char day[WHEN_ROOM];
	json_t *all = json_pack("{s:s, s:I, s:I, s:I, s:b}", "ca", o->ca, "certificates",
	                        (json_int_t)o->certificates, "orders", (json_int_t)o->orders, "counted",
	                        (json_int_t)o->counted, "renewals_exempt", o->exempt);
	json_t *limit = o->limit.most ? json_pack("{s:I, s:I}", "orders", (json_int_t)o->limit.most,
	                                          "seconds", (json_int_t)o->limit.seconds)
	                              : json_null();
	json_object_set_new(all, "limit", limit);
	json_object_set_new(all, "left", o->limit.most ? size_json(o->left) : json_null());
	json_object_set_new(all, "later", size_json(o->later));
	json_object_set_new(all, "through", when_json(o->through));
	json_object_set_new(all, "crowded",
	                    o->crowded ? json_string(when_day(o->crowded, day)) : json_null());
	json_object_set_new(all, "cleared", when_json(o->cleared));
	return all;
}

static json_t *all_orders_json(const struct plan *p)
{
	json_t *list = json_array();
	for (size_t i = 0; i < p->cas; i++)
		json_array_append_new(list, orders_json(&p->orders[i]));
	return list;
}

/* As `status` has it, with its turn and its places. */
static void print_certificate(const struct plan_row *r, bool first)
{
	static const char *const turns[] = {
	    [PLAN_NOW] = "now",         [PLAN_RESTS] = "rests", [PLAN_WAITS] = "waits",
	    [PLAN_LIMITED] = "limited", [PLAN_LATER] = "later", [PLAN_NEVER] = "never"};
	printf("%s\n%.*s,", first ? "" : ",", (int)strlen(r->json) - 1, r->json);
	status_json_member(stdout, "turn", json_string(turns[r->turn]));
	fputs(",", stdout);
	status_json_member(stdout, "from", when_json(r->from));
	fputs(",", stdout);
	status_json_member(stdout, "places", plan_places_json(r));
	fputs("}", stdout);
}

void plan_print_json(const struct plan *p, const struct status_counts *counts)
{
	json_t *days = json_array();
	for (size_t day = 0; day < PLAN_DAYS; day++)
		json_array_append_new(days, day_json(counts, day));
	const struct {
		const char *name;
		json_t *value;
	} members[] = {
	    {"schema", json_integer(SCHEMA)},
	    {"time", when_json(p->status->now)},
	    {"renewed_now", size_json(p->turn[PLAN_NOW])},
	    {"rests", size_json(p->turn[PLAN_RESTS])},
	    {"waits", size_json(p->turn[PLAN_WAITS])},
	    {"limited", size_json(p->turn[PLAN_LIMITED])},
	    {"orders", all_orders_json(p)},
	    {"days", days},
	    {"unserved", strings_json(&p->unserved)},
	    {"unserved_names", json_integer((json_int_t)p->unserveds)},
	    {"last_renew", when_json(p->status->whole)},
	};
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		fputs(i ? ",\n" : "{", stdout);
		status_json_member(stdout, members[i].name, members[i].value);
	}
	status_json_members(stdout, status_trouble_json(p->status));
	fputs(",\n\"certificates\":[", stdout);
	for (size_t i = 0; i < p->rows; i++)
		print_certificate(&p->row[i], i == 0);
	puts("]}");
}
