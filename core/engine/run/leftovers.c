#include "engine/run/leftovers.h"

#include <stdlib.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/acme/acme.h"
#include "engine/journal/ca_waits.h"
#include "engine/order/resolution.h"
#include "engine/peers/launcher.h"
#include "engine/acme/resource.h"

#define REMOVE_MS        60000 /* when it is the run's whole work */
#define REMOVE_BESIDE_MS 15000 /* beside an order: a provider that fails must not hold it up */
#define REMOVE_QUICK_MS  20000
#define TELL_MS          3000
#define TELL_AGAIN_MS    10000

struct leftover {
	struct leftovers *all;
	struct txt *txt;
};

struct leftover_order;

struct authz_look {
	struct leftover_order *order;
	char *url;
};

/* An order that is given up: looked at, its pending authorizations deactivated. */
struct leftover_order {
	struct leftovers *all;
	struct order_row row;
	struct ca_account *account;
	char *about;             /* what its requests are, for a Retry-After */
	struct authz_look *look; /* one an authorization */
	size_t looks;
	size_t calls; /* under way */
};

struct leftovers {
	struct world *e;
	struct leftover *value;
	size_t values;
	struct leftover_order *order;
	size_t orders;
	size_t busy; /* values and orders not done */
	size_t removed, owed;
	struct loop_timer *end, *deadline, *waiting;
	leftovers_fn *fn;
	void *arg;
};

static void leftovers_ended(void *arg)
{
	struct leftovers *l = arg;

	loop_timer_stop(l->deadline);
	loop_timer_stop(l->waiting);
	l->fn(l->arg, l->removed, l->owed);
}

static void leftovers_waiting(void *arg)
{
	struct leftovers *l = arg;

	launcher_event(l->e->launcher, EVENT_INFO, "waiting", NULL,
	               "waiting for the removal of what earlier runs left: %zu of %zu to go", l->busy,
	               l->values + l->orders);
	loop_timer_set(l->waiting, TELL_AGAIN_MS);
}

static void leftovers_one_less(struct leftovers *l)
{
	if (l->busy && --l->busy == 0)
		loop_timer_set(l->end, 0);
}

static void leftovers_deadline(void *arg)
{
	struct leftovers *l = arg;

	l->owed += l->busy;
	l->busy = 0;
	loop_timer_set(l->end, 0);
}

static void value_removed(void *arg, enum txt_result result, enum pool_rc rc, const char *message)
{
	struct leftover *v = arg;
	const struct intent *i = txt_intent(v->txt);

	(void)rc;
	if (result == TXT_DONE) {
		v->all->removed++;
		launcher_event(v->all->e->launcher, EVENT_INFO, "removed",
		               json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
		               "%s: TXT record of an earlier run removed", i->owner);
	} else if (result == TXT_UNPROVED) {
		launcher_event(v->all->e->launcher, EVENT_INFO, "unproved",
		               json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
		               "%s: TXT record of an earlier run: %s; the next run looks again", i->owner,
		               message);
	} else {
		v->all->owed++;
		launcher_event(v->all->e->launcher, EVENT_WARN, "owed",
		               json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
		               "%s: TXT record %s of an earlier run is not removed yet by %s: %s", i->owner,
		               i->value, i->dns_account, message ? message : "the provider gave no reason");
	}
	leftovers_one_less(v->all);
}

static void order_given_up(struct leftover_order *o)
{
	o->row.state = ORDER_ROW_ABANDONED;
	order_row_store(o->all->e->turn, &o->row);
	launcher_event(o->all->e->launcher, EVENT_INFO, "abandoned",
	               json_pack("{s:s, s:s}", "cert", o->row.cert, "url", o->row.url ? o->row.url : ""),
	               "%s: unfinished order abandoned", o->row.cert);
	leftovers_one_less(o->all);
}

static void order_call_ended(struct leftover_order *o)
{
	if (--o->calls == 0)
		order_given_up(o);
}

static void order_failed(struct leftover_order *o, const struct problem *p)
{
	char *text = problem_text(p);

	launcher_event(o->all->e->launcher, EVENT_WARN, "abandoned", json_pack("{s:s}", "cert", o->row.cert),
	               "%s: the unfinished order cannot be deactivated: %s", o->row.cert, text);
	free(text);
	leftovers_one_less(o->all);
}

static void authz_deactivated(void *arg, const struct acme_answer *answer)
{
	(void)answer; /* it expires by itself in time */
	order_call_ended(arg);
}

static void authz_looked_at(void *arg, const struct acme_answer *answer)
{
	struct authz_look *look = arg;
	struct leftover_order *o = look->order;
	struct acme_authz *a = answer->problem ? NULL : acme_authz_parse(answer->json, NULL);

	if (a && a->status == ACME_PENDING)
		acme_send(ca_account_acme(o->account),
		          &(struct acme_request){.url = look->url,
		                                 .payload = json_pack("{s:s}", "status", "deactivated"),
		                                 .again = ACME_LOOK_FIRST,
		                                 .about = o->about},
		          authz_deactivated, o);
	else
		order_call_ended(o);
	acme_authz_free(a);
}

static void order_look_at_authz(struct leftover_order *o, const struct strs *urls)
{
	o->looks = urls->n;
	o->look = xcalloc(urls->n ? urls->n : 1, sizeof(*o->look));
	for (size_t i = 0; i < urls->n; i++) {
		o->look[i] = (struct authz_look){o, xstrdup(urls->at[i])};
		o->calls++;
		acme_read(ca_account_acme(o->account), o->look[i].url, o->about, authz_looked_at,
		          &o->look[i]);
	}
}

static void order_looked_at(void *arg, const struct acme_answer *answer)
{
	struct leftover_order *o = arg;

	if (answer->problem && answer->problem->class == PROBLEM_LATER) {
		order_failed(o, answer->problem);
		return;
	}
	struct acme_order *seen = answer->problem ? NULL : acme_order_parse(answer->json, NULL);
	o->calls = 1;
	if (seen && seen->status == ACME_PENDING)
		order_look_at_authz(o, &seen->authorizations);
	acme_order_free(seen);
	order_call_ended(o);
}

static void order_account_ready(void *arg, const struct problem *problem)
{
	struct leftover_order *o = arg;

	if (problem)
		order_failed(o, problem);
	else
		acme_read(ca_account_acme(o->account), o->row.url, o->about, order_looked_at, o);
}

static void order_start(struct leftover_order *o)
{
	struct err err;

	if (!o->row.url) {
		order_given_up(o);
		return;
	}
	struct world *e = o->all->e;
	struct resolution *r = world_resolution(e, &e->job->servers, &e->job->resolvers, &err);
	o->account = r ? world_ca_account(e, o->row.ca_account, r->lookup, &err) : NULL;
	if (o->account) {
		ca_account_open(o->account, 2, order_account_ready, o);
		return;
	}
	launcher_event(o->all->e->launcher, EVENT_WARN, "abandoned", json_pack("{s:s}", "cert", o->row.cert),
	               "%s: the unfinished order cannot be deactivated: %s", o->row.cert, err.text);
	leftovers_one_less(o->all);
}

static void leftovers_start(struct leftovers *l)
{
	uint64_t ms = l->e->job->clean ? REMOVE_MS : REMOVE_BESIDE_MS;
	uint64_t deadline = loop_now(l->e->loop) + ms;

	l->busy = l->values + l->orders + 1;
	loop_timer_set(l->deadline, ms + 10000);
	loop_timer_set(l->waiting, TELL_MS);
	for (size_t i = 0; i < l->values; i++)
		txt_remove(l->value[i].txt, deadline, value_removed, &l->value[i]);
	for (size_t i = 0; i < l->orders; i++)
		order_start(&l->order[i]);
	leftovers_one_less(l);
}

struct leftovers *leftovers_new(struct world *e, struct txt **txt, size_t txts, const struct order_row *order,
                                size_t orders, leftovers_fn *fn, void *arg)
{
	struct leftovers *l = xcalloc(1, sizeof(*l));

	l->e = e;
	l->fn = fn;
	l->arg = arg;
	l->values = txts;
	l->value = xcalloc(txts ? txts : 1, sizeof(*l->value));
	for (size_t i = 0; i < txts; i++)
		l->value[i] = (struct leftover){l, txt[i]};
	free(txt);
	l->orders = orders;
	l->order = xcalloc(orders ? orders : 1, sizeof(*l->order));
	for (size_t i = 0; i < orders; i++) {
		l->order[i].all = l;
		order_row_copy(&l->order[i].row, &order[i]);
		l->order[i].about = xasprintf("%s%s", ABOUT_ORDER, order[i].names);
	}
	l->end = loop_timer_new(e->loop, leftovers_ended, l);
	l->deadline = loop_timer_new(e->loop, leftovers_deadline, l);
	l->waiting = loop_timer_new(e->loop, leftovers_waiting, l);
	leftovers_start(l);
	return l;
}

void leftovers_free(struct leftovers *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->values; i++)
		txt_free(l->value[i].txt);
	for (size_t i = 0; i < l->orders; i++) {
		if (l->order[i].account)
			ca_account_forget_waiter(l->order[i].account, &l->order[i]);
		for (size_t k = 0; k < l->order[i].looks; k++)
			free(l->order[i].look[k].url);
		free_all(l->order[i].look, l->order[i].about);
		order_row_clear(&l->order[i].row);
	}
	free_all(l->value, l->order);
	loop_timer_free(l->end);
	loop_timer_free(l->deadline);
	loop_timer_free(l->waiting);
	free(l);
}

void leftovers_wind_down(struct leftovers *l)
{
	if (l->busy)
		loop_timer_set(l->deadline, REMOVE_QUICK_MS);
}
