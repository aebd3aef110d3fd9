#include "config.h"

#include "launcher/status_trouble.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "launcher/ca_wait.h"
#include "launcher/dns_account.h"
#include "launcher/strings.h"

#define TEXT_MOST 600
#define DNS       "dns "

#define MEND_OWED        "dnsproof clean"
#define MEND_REVOCATIONS "dnsproof renew"

enum { OWED_OWNER, OWED_ZONE, OWED_VALUE, OWED_DNS };
enum { REST_ACCOUNT, REST_SINCE };
enum { LATER_CA, LATER_UNTIL = 2 };

static int64_t number(const json_t *row, size_t column)
{
	return json_integer_value(json_array_get(row, column));
}

static void section(const char *title, size_t n)
{
	printf("\n%s (%zu):\n", title, n);
}

static bool is_meant(const struct status *s, const char *id)
{
	const struct known_certificate *k = certificates_find(&s->i.all, id);
	return k && (!s->chosen || s->chosen[k - s->i.all.at]);
}

/* What follows it are the details that `renew` has shown. New string. */
static char *first_line(const char *text)
{
	char *line = xstrndup(text, strcspn(text, "\n")), *shown = str_printable(line, TEXT_MOST);
	free(line);
	return shown;
}

void status_trouble_failures(const struct status *s, bool all)
{
	size_t n = 0, shown = 0;
	for (size_t i = 0; i < s->failures; i++)
		n += is_meant(s, s->failure[i].id);
	if (n)
		section("Failing", n);
	for (size_t i = 0; i < s->failures && (all || shown < TROUBLES_LISTED); i++) {
		const struct failure *f = &s->failure[i];
		char next[WHEN_ROOM], since[WHEN_ROOM];
		if (!is_meant(s, f->id))
			continue;
		shown++;
		char *what = first_line(f->text ? f->text : "no order was made");
		printf("  %s: %" PRId64 " time%s%s%s, %s%s\n    %s\n    at once: dnsproof renew --retry %s\n",
		       f->id, f->failures, f->failures == 1 ? "" : "s", f->since ? " since " : "",
		       f->since ? when_text(f->since, since) : "",
		       f->parked          ? "parked: its names are looked at once a week"
		       : f->next > s->now ? "tried again from "
		                          : "tried again by the next run",
		       !f->parked && f->next > s->now ? when_text(f->next, next) : "", what, f->id);
		free(what);
	}
	if (shown < n)
		printf("  and %zu more: dnsproof status --all\n", n - shown);
}

static void owed_values(const struct status *s)
{
	const json_t *row;
	size_t i, n = json_array_size(s->owed);
	json_array_foreach(s->owed, i, row)
	{
		if (i >= TROUBLES_LISTED)
			break;
		char *dns = dns_account_label(strings_at(row, OWED_DNS));
		printf("  TXT %s %s, by DNS account %s\n", strings_at(row, OWED_OWNER),
		       strings_at(row, OWED_VALUE), dns);
		free(dns);
	}
	if (n > TROUBLES_LISTED)
		printf("  and %zu more TXT records\n", n - TROUBLES_LISTED);
	if (n)
		puts("    the next run removes them; at once: " MEND_OWED);
}

static void owed_revocations(const struct revocations *all)
{
	for (size_t i = 0; i < all->n && i < TROUBLES_LISTED; i++)
		printf("  revocation of %s%s\n", all->at[i].label,
		       all->at[i].replace ? ", once another certificate is there" : "");
	if (all->n > TROUBLES_LISTED)
		printf("  and %zu more revocations\n", all->n - TROUBLES_LISTED);
	if (all->n)
		puts("    the next run tries again; at once: " MEND_REVOCATIONS);
}

void status_trouble_owed(const struct status *s)
{
	size_t n = json_array_size(s->owed) + s->revocations.n;
	if (!n)
		return;
	section("Owed", n);
	owed_values(s);
	owed_revocations(&s->revocations);
}

/* "dns cf" as the configuration names it. New. */
static char *account_label(const char *account)
{
	bool dns = str_starts(account, DNS);
	char *label = dns_account_label(dns ? account + strlen(DNS) : account);
	char *text = xasprintf("%s%s", dns ? DNS : "", label);
	free(label);
	return text;
}

/* label: "ca le" or "dns cf". New. */
static char *mend_of_account(const char *label)
{
	return xasprintf("dnsproof renew --%s --retry", label);
}

static void rest_tell(const json_t *row)
{
	char *label = account_label(strings_at(row, REST_ACCOUNT)), *mend = mend_of_account(label);
	char when[WHEN_ROOM];
	printf("  %s: orders failed there alike since %s; the next run tries one certificate first\n"
	       "    all at once: %s\n",
	       label, when_text(number(row, REST_SINCE), when), mend);
	free_all(label, mend);
}

static void later_tell(const json_t *row)
{
	char *about = ca_wait_about(row), when[WHEN_ROOM];
	printf("  ca %s: asked for patience until %s for %s\n", strings_at(row, LATER_CA),
	       when_text(number(row, LATER_UNTIL), when), about);
	free(about);
}

/* Each of the rows, up to a number. */
static void each(const json_t *rows, void (*tell)(const json_t *row))
{
	const json_t *row;
	size_t i, n = json_array_size(rows);
	json_array_foreach(rows, i, row)
	{
		if (i >= TROUBLES_LISTED)
			break;
		tell(row);
	}
	if (n > TROUBLES_LISTED)
		printf("  and %zu more\n", n - TROUBLES_LISTED);
}

void status_trouble_accounts(const struct status *s)
{
	size_t n = json_array_size(s->rests) + json_array_size(s->later);
	if (!n)
		return;
	section("Accounts that rest", n);
	each(s->rests, rest_tell);
	each(s->later, later_tell);
	if (json_array_size(s->later))
		puts("    no command shortens that; the first run after it goes on");
}

int64_t status_trouble_wait(const struct status *s, const struct standing_certificate *c)
{
	const struct ca_account *account = ca_accounts_find(&s->i.ca_accounts, c->ca);
	return account ? ca_wait_until(s->later, account, c->names) : 0;
}

static json_t *owed_json(const json_t *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "owner", strings_at(row, OWED_OWNER), "zone",
	                 strings_at(row, OWED_ZONE), "value", strings_at(row, OWED_VALUE), "dns",
	                 strings_at(row, OWED_DNS), "mend", MEND_OWED);
}

static json_t *rest_json(const json_t *row)
{
	char *label = account_label(strings_at(row, REST_ACCOUNT)), *mend = mend_of_account(label);
	json_t *o = json_pack("{s:s, s:o, s:s}", "account", strings_at(row, REST_ACCOUNT), "since",
	                      when_json(number(row, REST_SINCE)), "mend", mend);
	free_all(label, mend);
	return o;
}

static json_t *later_json(const json_t *row)
{
	char *about = ca_wait_about(row);
	json_t *o = json_pack("{s:s, s:s, s:o}", "ca", strings_at(row, LATER_CA), "about", about, "until",
	                      when_json(number(row, LATER_UNTIL)));
	free(about);
	return o;
}

static json_t *objects(const json_t *rows, json_t *(*object)(const json_t *row))
{
	json_t *all = json_array();
	const json_t *row;
	size_t i;
	json_array_foreach(rows, i, row) json_array_append_new(all, object(row));
	return all;
}

static json_t *revocations_json(const struct revocations *all)
{
	json_t *list = json_array();
	for (size_t i = 0; i < all->n; i++)
		json_array_append_new(list, json_pack("{s:s?, s:s?, s:s?, s:b, s:s}", "certificate",
		                                      all->at[i].label, "ca", all->at[i].ca, "reason",
		                                      all->at[i].reason, "waits", all->at[i].replace, "mend",
		                                      MEND_REVOCATIONS));
	return list;
}

json_t *status_trouble_json(const struct status *s)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "owed", objects(s->owed, owed_json), "revocations",
	                 revocations_json(&s->revocations), "resting", objects(s->rests, rest_json), "later",
	                 objects(s->later, later_json));
}
