#include "engine/run/limited.h"

#include <stdlib.h>
#include <string.h>

#include "common/lifetime.h"
#include "common/mem.h"
#include "common/when.h"
#include "engine/acme/renewal_info.h"
#include "engine/acme/patience.h"
#include "engine/journal/ca_waits.h"
#include "engine/journal/rows.h"
#include "engine/run/parts.h"

void limited_learn(struct run_key *k, const json_t *current, const struct due_when *when)
{
	const struct run_cert *c = k->cert;
	const struct job_ca *ca = job_ca(c->run->e->job, c->ca);
	const char *directory = json_string_value(json_object_get(current, "directory"));
	const char *id = json_string_value(json_object_get(current, "ari"));
	int64_t since = json_integer_value(json_object_get(current, "not_before"));
	int64_t until = json_integer_value(json_object_get(current, "not_after"));
	const struct advice_row *a = when->advice;
	bool same_ca = ca && directory && strcmp(ca->directory, directory) == 0;

	free(k->replaces);
	k->replaces = same_ca && id && renewal_id_valid(id) ? xstrdup(id) : NULL;
	k->succession = (struct order_succession){
	    .cert_id = k->replaces,
	    .renewal = same_ca && lifetime_renews(since, when->now) && due_names_same(current, c->cert),
	    .invited = k->replaces && a && a->start <= when->now && when->now < a->end,
	    .urgent = !c->run->e->job->renew || (until && when->now >= lifetime_urgent(since, until)),
	};
}

bool limited_now(struct run_key *k, int *code)
{
	struct run_cert *c = k->cert;
	const struct job_ca *ca = job_ca(c->run->e->job, c->ca);
	struct ledger_order asks = {
	    .ca = ca,
	    .names = &c->cert->names,
	    .renewal = k->succession.renewal,
	    .invited = k->succession.invited,
	    .urgent = k->succession.urgent,
	};
	struct order_limit limit = {.kind = JOB_LIMITS};

	if (ca)
		limit.kind = ledger_obstacle(c->run->e->turn, &asks, &limit.until);
	if (limit.kind == JOB_LIMITS)
		return false;
	*code = limited_note(c, limit);
	return true;
}

static bool domain_same(const char *one, const char *other)
{
	return one && other ? strcmp(one, other) == 0 : one == other;
}

static struct run_limited *limited_of(struct run *r, const char *ca, enum job_limit_kind kind,
                                      const char *domain)
{
	for (size_t i = 0; i < r->limiteds; i++) {
		struct run_limited *l = &r->limited[i];

		if (l->kind == kind && strcmp(l->ca, ca) == 0 && domain_same(l->domain, domain))
			return l;
	}
	r->limited = xgrow(r->limited, r->limiteds, sizeof(*r->limited));
	r->limited[r->limiteds] =
	    (struct run_limited){.ca = ca, .kind = kind, .domain = domain ? xstrdup(domain) : NULL};
	return &r->limited[r->limiteds++];
}

/* domain: whose limit it is; NULL: the account's. */
static int limited_count(struct run_cert *c, struct order_limit limit, const char *domain)
{
	struct run_limited *l;

	if (c->early) /* it has time */
		return EXIT_NOT_DUE;
	l = limited_of(c->run, job_ca(c->run->e->job, c->ca)->account, limit.kind, domain);
	l->until = !l->n++ || limit.until < l->until ? limit.until : l->until;
	return EXIT_NOT_DUE;
}

int limited_note(struct run_cert *c, struct order_limit limit)
{
	struct run *r = c->run;
	const struct job_ca *ca = job_ca(r->e->job, c->ca);
	char *text, when[WHEN_ROOM];

	if (r->e->job->renew)
		return limited_count(c, limit, NULL);
	text = ledger_limit_text(ca, limit.kind);
	launcher_event(r->e->launcher, EVENT_ERROR, "failed", json_pack("{s:s}", "cert", c->cert->id),
	               "%s: not tried: the limit of CA account %s is %s; again after %s", c->cert->id,
	               ca->account, text, when_text(limit.until, when));
	free(text);
	return EXIT_FAILED;
}

/* *domain: new; whose limit that is, or NULL. */
static uint64_t held_ms(const struct run_key *k, const struct job_ca *ca, char **domain)
{
	const struct ca_wait_of of = {ca->directory, ca->account};
	const struct run_cert *c = k->cert;
	struct turn *t = c->run->e->turn;
	char *names = k->resumed.id ? NULL : rows_list(&c->cert->names);
	bool is_there = k->resumed.id && k->resumed.url;
	char *about = xasprintf("%s%s", is_there ? ABOUT_ORDER : "", names ? names : k->resumed.names);
	uint64_t left = ca_wait_left_ms(t, &of, about), nonces = ca_wait_left_ms(t, &of, ABOUT_NONCES);

	*domain = is_there ? NULL : ca_wait_domain(t, ca->account, about);
	free_all(about, names);
	return left > nonces ? left : nonces;
}

bool limited_held(struct run_key *k, int *code)
{
	struct run_cert *c = k->cert;
	const struct job *job = c->run->e->job;
	const struct job_ca *ca = job->renew ? job_ca(job, c->ca) : NULL;
	char *domain = NULL;
	uint64_t left = ca ? held_ms(k, ca, &domain) : 0;
	bool held = left > PATIENCE_MS;

	if (held)
		*code = limited_count(
		    c, (struct order_limit){JOB_LIMITS, loop_wall(c->run->e->loop) + (int64_t)(left / 1000)},
		    domain);
	free(domain);
	return held;
}

/* New. */
static char *limited_why(const struct job_ca *ca, const struct run_limited *l)
{
	char *limit, *why;

	if (l->domain)
		return xasprintf("%s has had too many certificates there", l->domain);
	if (l->kind == JOB_LIMITS)
		return xstrdup("the CA asks to come back later");
	limit = ledger_limit_text(ca, l->kind);
	why = xasprintf("its limit is %s", limit);
	free(limit);
	return why;
}

void limited_tell(const struct run *r)
{
	for (size_t i = 0; i < r->limiteds; i++) {
		const struct run_limited *l = &r->limited[i];
		char *text = limited_why(job_ca(r->e->job, l->ca), l), when[WHEN_ROOM];

		launcher_event(r->e->launcher, EVENT_WARN, "limited",
		               json_pack("{s:s, s:s*, s:I, s:I}", "ca", l->ca, "domain", l->domain, "untried",
		                         (json_int_t)l->n, "until", (json_int_t)l->until),
		               "CA account %s: %s; %zu certificate%s not tried, the first again "
		               "after %s",
		               l->ca, text, l->n, l->n == 1 ? " was" : "s were", when_text(l->until, when));
		free(text);
	}
}
