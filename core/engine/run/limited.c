#include "engine/run/limited.h"

#include <stdlib.h>
#include <string.h>

#include "common/lifetime.h"
#include "common/mem.h"
#include "engine/acme/renewal_info.h"
#include "engine/acme/rfc3339.h"
#include "engine/run/parts.h"

#define DAY       86400
#define RENEWAL_S (120 * (int64_t)DAY) /* what is younger is renewed, else it is new to Let's Encrypt */

void limited_learn(struct run_cert *c, const json_t *current, const struct due_when *when)
{
	const struct job_ca *ca = job_ca(c->run->e->job, c->cert->ca);
	const char *directory = json_string_value(json_object_get(current, "directory"));
	const char *id = json_string_value(json_object_get(current, "ari"));
	int64_t since = json_integer_value(json_object_get(current, "not_before"));
	int64_t until = json_integer_value(json_object_get(current, "not_after"));
	const struct advice_row *a = when->advice;
	bool same_ca = ca && directory && strcmp(ca->directory, directory) == 0;

	free(c->replaces);
	c->replaces = same_ca && id && renewal_id_valid(id) ? xstrdup(id) : NULL;
	c->succession = (struct order_succession){
	    .cert_id = c->replaces,
	    .renewal = same_ca && when->now - since < RENEWAL_S && due_names_same(current, c->cert),
	    .invited = c->replaces && a && a->start <= when->now && when->now < a->end,
	    .urgent = !c->run->e->job->renew || (until && when->now >= lifetime_urgent(since, until)),
	};
}

bool limited_now(struct run_cert *c, int *code)
{
	const struct job_ca *ca = job_ca(c->run->e->job, c->cert->ca);
	struct ledger_order asks = {
	    .ca = ca,
	    .names = &c->cert->names,
	    .renewal = c->succession.renewal,
	    .invited = c->succession.invited,
	    .urgent = c->succession.urgent,
	};
	struct order_limit limit = {.kind = JOB_LIMITS};

	if (ca)
		limit.kind = ledger_obstacle(c->run->e->turn, &asks, &limit.until);
	if (limit.kind == JOB_LIMITS)
		return false;
	*code = limited_note(c, limit);
	return true;
}

static struct run_limited *limited_of(struct run *r, const char *ca, enum job_limit_kind kind)
{
	for (size_t i = 0; i < r->limiteds; i++)
		if (r->limited[i].kind == kind && strcmp(r->limited[i].ca, ca) == 0)
			return &r->limited[i];
	r->limited = xgrow(r->limited, r->limiteds, sizeof(*r->limited));
	r->limited[r->limiteds] = (struct run_limited){.ca = ca, .kind = kind};
	return &r->limited[r->limiteds++];
}

int limited_note(struct run_cert *c, struct order_limit limit)
{
	struct run *r = c->run;
	const struct job_ca *ca = job_ca(r->e->job, c->cert->ca);
	char *text, when[32];

	if (c->early) /* it has time */
		return EXIT_NOT_DUE;
	if (r->e->job->renew) {
		struct run_limited *l = limited_of(r, ca->account, limit.kind);
		l->until = !l->n++ || limit.until < l->until ? limit.until : l->until;
		return EXIT_NOT_DUE;
	}
	text = ledger_limit_text(ca, limit.kind);
	launcher_event(r->e->launcher, EVENT_ERROR, "failed", json_pack("{s:s}", "cert", c->cert->id),
	               "%s: not tried: the limit of CA account %s is %s; again after %s", c->cert->id,
	               ca->account, text, utc_text(limit.until, when));
	free(text);
	return EXIT_FAILED;
}

void limited_tell(const struct run *r)
{
	for (size_t i = 0; i < r->limiteds; i++) {
		const struct run_limited *l = &r->limited[i];
		char *text = ledger_limit_text(job_ca(r->e->job, l->ca), l->kind), when[32];

		launcher_event(r->e->launcher, EVENT_WARN, "limited",
		               json_pack("{s:s, s:I, s:I}", "ca", l->ca, "untried", (json_int_t)l->n, "until",
		                         (json_int_t)l->until),
		               "CA account %s: its limit is %s; %zu certificate%s not tried, the first again "
		               "after %s",
		               l->ca, text, l->n, l->n == 1 ? " was" : "s were", utc_text(l->until, when));
		free(text);
	}
}
