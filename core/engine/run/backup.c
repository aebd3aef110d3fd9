#include "engine/run/backup.h"

#include "common/backup.h"
#include "engine/journal/backoff.h"
#include "engine/journal/ca_failures.h"
#include "engine/journal/certificates.h"
#include "engine/journal/orders.h"
#include "engine/limits/failures.h"
#include "engine/run/parts.h"

static struct turn *turn_of(const struct run_cert *c)
{
	return c->run->e->turn;
}

static const char *depends(const struct run_cert *c)
{
	return c->cert->depends ? c->cert->depends : "";
}

static unsigned failures_of_ca(const struct run_cert *c)
{
	return ca_failures(turn_of(c), c->cert->ca, c->cert->id, depends(c));
}

/* By the index: what is published is looked at only later. */
static bool is_wanted(const struct run_cert *c)
{
	unsigned n = failures_of_ca(c);
	int64_t since, until;

	for (size_t i = 0; n && i < c->keys; i++) {
		certificate_lifetime(turn_of(c), c->cert->id, c->key[i].type, &since, &until);
		if (backup_serves(n, since, until, loop_wall(c->run->e->loop)))
			return true;
	}
	return false;
}

static bool backup_rests(const struct run_cert *c)
{
	const struct job *job = c->run->e->job;
	const struct failing f = {c->cert->backup, c->cert->id, "", c->cert->depends};
	unsigned failures;

	return job->renew && !job->retry && failures_rest(turn_of(c), &f, &failures) != 0;
}

const char *backup_choose(const struct run_cert *c)
{
	const struct job *job = c->run->e->job;
	const char *backup = c->cert->backup;

	return backup && !job->dry_run && job_ca(job, backup) && is_wanted(c) && !backup_rests(c)
	           ? backup
	           : c->cert->ca;
}

bool backup_is_used(const struct run_cert *c)
{
	return c->ca != c->cert->ca;
}

void backup_say(struct run_cert *c)
{
	unsigned n = failures_of_ca(c);
	struct err text;

	if (!backup_is_used(c))
		return;
	err_set(&text, "CA account %s has failed %u time%s in a row; ordering from its backup_ca %s",
	        c->cert->ca, n, n == 1 ? "" : "s", c->ca);
	cert_event(c, EVENT_WARN, "backup", text.text);
}

static void ca_failed(const struct run_cert *c)
{
	if (backup_is_used(c))
		ca_failures_over(turn_of(c), c->cert->ca, c->cert->id);
	else
		ca_failures_add(turn_of(c), c->ca, c->cert->id, depends(c));
}

/* What failed at the other account, and what was begun there, is of no use any more. */
static void published(const struct run_cert *c)
{
	const char *other = backup_is_used(c) ? c->cert->ca : c->cert->backup;

	ca_failures_over(turn_of(c), c->cert->ca, c->cert->id);
	backoff_clear(turn_of(c), other, c->cert->id);
	order_rows_leave(turn_of(c), c->cert->id, other, key_discard, c->run);
}

void backup_learn(struct run_cert *c)
{
	if (!c->cert->backup)
		return;
	if (c->published)
		published(c);
	else if (c->fault == ORDER_FAULT_CA)
		ca_failed(c);
	else if (c->fault != ORDER_FAULT_NONE)
		ca_failures_over(turn_of(c), c->cert->ca, c->cert->id);
}

void backup_ca_rests(struct run_cert *c)
{
	if (c->cert->backup)
		ca_failed(c);
}

void backup_ca_holds(struct run_cert *c, bool urgent)
{
	if (urgent || backup_is_used(c))
		backup_ca_rests(c);
}
