#include "engine/run/parts.h"

bool staging_is_tried(const struct run_cert *c)
{
	return c->run->e->job->dry_run || (c->cert->staging && c->cert->staging_try && c->failed_before &&
	                                   !backup_is_used(c) && !keys_resume(c));
}

bool staging_lets_order(struct run_cert *c, enum order_end end)
{
	bool moot = order_trial_is_moot(c->key[0].order), done = end == ORDER_DONE || end == ORDER_DONE_OWED;

	if (c->run->e->job->dry_run || c->run->winding_down || !(done || moot))
		return false;
	if (end == ORDER_DONE_OWED)
		run_note(c->run, EXIT_OWED);
	if (moot)
		cert_event(c, EVENT_WARN, "staging",
		           "the CA's staging environment is of no help now; going on without a try there");
	return true;
}
