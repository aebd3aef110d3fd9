#include "config.h"

#include "launcher/plan_places.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "launcher/dns_account.h"
#include "launcher/report.h"
#include "launcher/strings.h"

#define CHALLENGE "_acme-challenge."
#define HOUR      3600
#define DAY       (24 * HOUR)
#define SHOWN     5 /* of a certificate, where not all is shown */

/* Columns of a row, as in engine/run/report.h. */
enum { PLACE_ID, PLACE_NAME, PLACE_OWNER, PLACE_ZONE, PLACE_DNS, PLACE_WHEN };

static int by_id(const void *key, const void *at)
{
	return strcmp(key, ((const struct plan_row *)at)->id);
}

/* Is the name, or one below it, wanted still? */
static bool is_wanted(const struct plan *p, const char *id, const char *name)
{
	const struct known_certificate *k = certificates_find(&p->status->i.all, id);
	for (size_t i = 0; k && i < k->cert.names.n; i++) {
		const char *n = k->cert.names.at[i];
		for (n = str_starts(n, "*.") ? n + 2 : n; n; n = name_parent(n))
			if (strcmp(n, name) == 0)
				return true;
	}
	return false;
}

static void take(void *arg, const char *kind, json_t *row)
{
	struct plan *p = arg;
	const char *id = strings_at(row, PLACE_ID);
	struct plan_row *r =
	    strcmp(kind, "places") == 0 ? bsearch(id, p->row, p->rows, sizeof *p->row, by_id) : NULL;
	if (!r || !is_wanted(p, id, strings_at(row, PLACE_NAME)))
		return;
	if (!r->places)
		r->places = json_array();
	json_array_append(r->places, row);
}

bool plan_places_read(struct plan *p, struct err *e)
{
	struct strs ids = {0};
	for (size_t i = 0; i < p->rows; i++)
		strs_add(&ids, p->row[i].id);
	const struct report_question q = {.state = p->status->state, .placed = &ids};
	bool ok = !ids.n || report_read(&q, take, p, e);
	strs_free(&ids);
	return ok;
}

/* "59 days ago"; new. */
static char *age_text(int64_t when, int64_t now)
{
	int64_t age = now > when ? now - when : 0;
	return age >= 2 * DAY    ? xasprintf("%" PRId64 " days ago", age / DAY)
	       : age >= 2 * HOUR ? xasprintf("%" PRId64 " hours ago", age / HOUR)
	                         : xasprintf("%" PRId64 " minutes ago", age / 60);
}

static bool is_cname(const json_t *place)
{
	const char *owner = strings_at(place, PLACE_OWNER);
	return !str_starts(owner, CHALLENGE) ||
	       strcmp(owner + strlen(CHALLENGE), strings_at(place, PLACE_NAME)) != 0;
}

static void print_place(const struct plan *p, const json_t *place)
{
	char *dns = dns_account_label(strings_at(place, PLACE_DNS));
	char *age = age_text(json_integer_value(json_array_get(place, PLACE_WHEN)), p->status->now);
	printf("  " CHALLENGE "%s%s%s, in zone %s by DNS account %s, seen %s\n",
	       strings_at(place, PLACE_NAME), is_cname(place) ? " -> " : "",
	       is_cname(place) ? strings_at(place, PLACE_OWNER) : "", strings_at(place, PLACE_ZONE), dns,
	       age);
	free_all(dns, age);
}

void plan_places_print(const struct plan *p, const struct plan_row *r)
{
	const json_t *place;
	size_t i, n = 0;
	json_array_foreach(r->places, i, place)
	{
		if (!is_cname(place) && strcmp(strings_at(place, PLACE_DNS), r->dns) == 0)
			continue;
		if (++n <= SHOWN || p->most == SIZE_MAX)
			print_place(p, place);
	}
	if (n > SHOWN && p->most != SIZE_MAX)
		printf("  and %zu more names: dnsproof plan %s --all\n", n - SHOWN, r->id);
}

json_t *plan_places_json(const struct plan_row *r)
{
	json_t *all = json_array();
	const json_t *place;
	size_t i;
	json_array_foreach(r->places, i, place)
	{
		char *name = xasprintf(CHALLENGE "%s", strings_at(place, PLACE_NAME));
		char *dns = dns_account_label(strings_at(place, PLACE_DNS));
		json_array_append_new(
		    all,
		    json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", name, "owner",
		              strings_at(place, PLACE_OWNER), "zone", strings_at(place, PLACE_ZONE), "dns",
		              dns, "seen", when_json(json_integer_value(json_array_get(place, PLACE_WHEN)))));
		free_all(name, dns);
	}
	return all;
}
