#include "config.h"

#include "launcher/plan.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/ca_limited.h"
#include "launcher/limits.h"
#include "launcher/status_json.h"
#include "launcher/status_trouble.h"
#include "launcher/strings.h"

#define UNSERVED_MOST 20

static int by_text(const void *key, const void *at)
{
	return strcmp(key, *(char *const *)at);
}

static bool lists(const struct strs *zones, const char *name)
{
	for (; name; name = name_parent(name))
		if (bsearch(name, zones->at, zones->n, sizeof *zones->at, by_text))
			return true;
	return false;
}

/* As far as can be told without a look at DNS: where no zones are listed, any may be served. */
static bool is_served(const struct plan *p, const struct strs *dns, const char *name)
{
	const struct dns_accounts *all = &p->status->i.accounts;
	for (size_t i = 0; i < dns->n; i++) {
		const struct dns_account *a = dns_accounts_find(all, dns->at[i]);
		const struct strs *zones = a ? &p->zones[a - all->at] : NULL;
		if (zones && (!zones->n || lists(zones, name)))
			return true;
	}
	return dns->n == 0;
}

static void look_for_unserved(struct plan *p, const struct known_certificate *k)
{
	for (size_t i = 0; i < k->cert.names.n; i++) {
		const char *name = k->cert.names.at[i];
		if (is_served(p, &k->cert.dns, str_starts(name, "*.") ? name + 2 : name))
			continue;
		if (p->unserveds++ < UNSERVED_MOST)
			strs_add(&p->unserved, name);
	}
}

static void look_for_all_unserved(struct plan *p)
{
	const struct status *s = p->status;
	for (size_t i = 0; i < s->i.all.n; i++)
		if (s->i.all.at[i].renews && (!s->chosen || s->chosen[i]))
			look_for_unserved(p, &s->i.all.at[i]);
}

void plan_begin(struct plan *p, const struct status *s, bool json, size_t most)
{
	const struct dns_accounts *all = &s->i.accounts;
	*p = (struct plan){.status = s, .json = json, .most = most};
	p->zones = xcalloc(all->n + 1, sizeof *p->zones);
	for (size_t i = 0; i < all->n; i++) {
		strings_take(&p->zones[i], spec_list(all->at[i].settings, KEY_ZONE));
		strs_sort(&p->zones[i]);
	}
	look_for_all_unserved(p);
}

static char *json_of(const struct standing_certificate *c, int64_t now)
{
	struct buf b;
	buf_init(&b, 0);
	status_json_certificate(&b, c, now);
	return buf_take(&b);
}

static void add_row(struct plan *p, const struct standing_certificate *c, enum plan_turn turn, int64_t from)
{
	enum reason r = standing_reason(c, p->status->now);
	if (r == REASON_NONE)
		r = c->advised ? REASON_ADVISED : REASON_AGE;
	p->turn[turn]++;
	if (p->rows >= p->most)
		return;
	p->row = xgrow(p->row, p->rows, sizeof *p->row);
	p->row[p->rows++] = (struct plan_row){
	    .id = xstrdup(c->id),
	    .ca = xstrdup(c->next ? c->next : c->ca),
	    .dns = xstrdup(c->dns),
	    .reason = turn == PLAN_NEVER ? "renew: no" : reason_text(r, c),
	    .turn = turn,
	    .from = from,
	    .json = p->json ? json_of(c, p->status->now) : NULL,
	};
}

static int64_t ledger_of(const struct status *s, const char *ca)
{
	const json_t *row;
	size_t i;
	json_array_foreach(s->ledger, i, row) if (strcmp(strings_at(row, 0), ca) ==
	                                          0) return json_integer_value(json_array_get(row, 1));
	return 0;
}

static struct plan_orders *orders_of(struct plan *p, const char *ca)
{
	const struct ca_account *account = ca_accounts_find(&p->status->i.ca_accounts, ca);
	for (size_t i = 0; i < p->cas; i++)
		if (strcmp(p->orders[i].ca, ca) == 0)
			return &p->orders[i];
	p->orders = xgrow(p->orders, p->cas, sizeof *p->orders);
	p->orders[p->cas] = (struct plan_orders){.ca = xstrdup(ca), .full_at = ledger_of(p->status, ca)};
	if (account) {
		p->orders[p->cas].limit = limits_new_orders(account);
		p->orders[p->cas].exempt = limits_exempt_renewals(account);
	}
	return &p->orders[p->cas++];
}

static int64_t limited_until(struct plan *p, const struct standing_certificate *c)
{
	bool invited = standing_reason(c, p->status->now) == REASON_ADVISED;
	bool sets = !(orders_of(p, c->ca)->exempt && invited);
	return ca_limited_until(p->status->limited, c->ca, c->names, sets);
}

static void take_due(struct plan *p, const struct standing_certificate *c)
{
	int64_t now = p->status->now, waits, limited;
	if (c->failure && c->failure->next > now) {
		add_row(p, c, PLAN_RESTS, c->failure->next);
	} else if ((waits = status_trouble_wait(p->status, c))) {
		add_row(p, c, PLAN_WAITS, waits);
	} else if ((limited = limited_until(p, c))) {
		add_row(p, c, PLAN_LIMITED, limited);
	} else {
		add_row(p, c, PLAN_NOW, 0);
		plan_orders_take(orders_of(p, c->ca), c, now);
	}
}

void plan_take(struct plan *p, const struct standing_certificate *c)
{
	if (standing_reason(c, p->status->now) != REASON_NONE)
		take_due(p, c);
	else if (p->status->chosen && !c->left)
		add_row(p, c, c->renews ? PLAN_LATER : PLAN_NEVER, c->renews ? c->from : 0);
}

void plan_reckon(struct plan *p, const struct status_counts *counts)
{
	for (size_t i = 0; i < counts->cas; i++)
		plan_orders_reckon(orders_of(p, counts->ca[i].name), counts->ca[i].renewed, PLAN_DAYS,
		                   p->status->now);
}
