/* Whose fault a failure is, and that failures back off. */
#include "engine/order/parts.h"

#include <stdio.h>
#include <string.h>

#include "engine/limits/failures.h"

/* What is wrong with a zone or a value is not the account's fault. */
static bool is_accounts_fault(enum pool_rc rc)
{
	return rc == POOL_AUTH || rc == POOL_TEMP || rc == POOL_RATE || rc == POOL_UNKNOWN || rc == POOL_DEAD;
}

static void blame(struct order *o, const char *whom, const char *account, const char *kind)
{
	if (o->failed || o->rehearsal)
		return;
	snprintf(o->blame.account, sizeof(o->blame.account), "%s %s", whom, account);
	snprintf(o->blame.kind, sizeof(o->blame.kind), "%s", kind);
}

void order_blame_dns(struct order *o, const char *dns_account, enum pool_rc rc)
{
	char kind[16];

	if (!is_accounts_fault(rc))
		return;
	snprintf(kind, sizeof(kind), "%d", (int)rc);
	blame(o, "dns", dns_account, kind);
}

void order_has_fault(struct order *o, enum order_fault fault)
{
	if (!o->failed && o->fault == ORDER_FAULT_NONE)
		o->fault = fault;
}

/* Limits of a CA are those of names more often than of an account, and have waits of their own. */
void order_blame_ca(struct order *o, const struct problem *p)
{
	static const struct {
		const char *type;
		enum order_fault fault;
	} no_accounts[] = {
	    {"rateLimited", ORDER_FAULT_CA},
	    {"rejectedIdentifier", ORDER_FAULT_NAMES},
	    {"unsupportedIdentifier", ORDER_FAULT_NAMES},
	    {"badCSR", ORDER_FAULT_OTHER},
	    {"caa", ORDER_FAULT_OTHER},
	};

	if (p->class == PROBLEM_NAME)
		return;
	for (size_t i = 0; i < sizeof(no_accounts) / sizeof(no_accounts[0]); i++) {
		if (strcmp(p->type, no_accounts[i].type) == 0) {
			order_has_fault(o, no_accounts[i].fault);
			return;
		}
	}
	order_has_fault(o, ORDER_FAULT_CA);
	blame(o, "ca", o->row.ca_account, *p->type ? p->type : "no answer");
}

enum order_fault order_fault(const struct order *o)
{
	if (!o->failed || o->put_off)
		return ORDER_FAULT_NONE;
	if (o->fault != ORDER_FAULT_NONE)
		return o->fault;
	return o->resumable && !str_starts(o->blame.account, "dns ") ? ORDER_FAULT_NONE : ORDER_FAULT_OTHER;
}

const struct order_blame *order_blame(const struct order *o)
{
	return &o->blame;
}

const char *order_error(const struct order *o)
{
	return o->row.error;
}

void order_on_work(struct order *o, void (*fn)(void *arg, const char *account))
{
	o->work = fn;
}

static void works(struct order *o, const char *whom, const char *account)
{
	char text[sizeof(o->blame.account)];

	snprintf(text, sizeof(text), "%s %s", whom, account);
	if (o->work)
		o->work(o->arg, text);
}

void order_ca_works(struct order *o)
{
	works(o, "ca", o->row.ca_account);
}

void order_dns_works(struct order *o, const char *dns_account)
{
	works(o, "dns", dns_account);
}

bool order_puts_off(struct order *o)
{
	const struct world *e = o->e;

	for (size_t i = 0; i < o->places && e->dns_rests && !o->second_try; i++) {
		const char *account;

		for (size_t n = 0; (account = place_dns_account(&o->place[i], n)); n++) {
			if (!e->dns_rests(e->dns_rests_arg, account))
				continue;
			blame(o, "dns", account, "");
			return o->put_off = true;
		}
	}
	return false;
}

bool order_trial_is_moot(const struct order *o)
{
	return o->failed && (o->resumable || str_starts(o->blame.account, "ca "));
}

static bool leaves_no_pause(const struct order *o)
{
	return o->trial && (o->e->job->dry_run || order_trial_is_moot(o));
}

void order_back_off(struct order *o)
{
	const struct failing f = {o->trial ? o->cert->ca : o->row.ca_account, o->cert->id, o->row.names,
	                          o->cert->depends};

	if (!o->failed || o->resumable || o->rehearsal || o->put_off || leaves_no_pause(o))
		return;
	failures_add(o->e->turn, &f, o->misconfigured ? FAILURE_PERSON : FAILURE_PASSING, o->blame.account);
}
