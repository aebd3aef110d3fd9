#include "config.h"

#include "launcher/inventory.h"

#include <stdlib.h>
#include <unistd.h>

#include "launcher/accounts_lock.h"
#include "launcher/certificates_configured.h"
#include "launcher/events.h"

bool inventory_configuration(struct inventory *i, const char *state, const char *given, struct err *e)
{
	char *path = configuration_path(given, e);
	bool ok = path && config_load(&i->conf, &i->accepted, state, path, &i->loaded, e);
	free(path);
	return ok || !given;
}

bool inventory_accounts(struct inventory *i, const char *state, struct err *e)
{
	struct strs damaged = {0};
	if (!i->lock && !accounts_lock(state, false, &i->lock, e))
		return false;
	bool ok = dns_accounts_load(&i->accounts, state, &damaged, e) &&
	          ca_accounts_load(&i->ca_accounts, state, &damaged, e);
	events_say_all(SAY_WARN, "state", &damaged);
	strs_free(&damaged);
	return ok;
}

struct by_name inventory_by_name(struct inventory *i)
{
	return (struct by_name){&i->conf, i->loaded.there || !i->loaded.broken, &i->accounts,
	                        &i->ca_accounts};
}

bool inventory_certificates(struct inventory *i, const char *state, struct err *e)
{
	struct strs damaged = {0};
	bool ok = certificates_load(&i->all, state, &damaged, e);
	if (ok && i->loaded.there)
		certificates_configured(&i->all, &i->conf, &i->accounts, &i->ca_accounts, &damaged);
	const struct by_name by = inventory_by_name(i);
	if (ok)
		by_name_follow(&by, &i->all, &damaged);
	i->certificates = ok;
	i->damaged = damaged.n;
	events_say_all(SAY_ERROR, "state", &damaged);
	strs_free(&damaged);
	return ok;
}

void inventory_free(struct inventory *i)
{
	certificates_free(&i->all);
	configuration_free(&i->conf);
	accepted_close(&i->accepted);
	dns_accounts_free(&i->accounts);
	ca_accounts_free(&i->ca_accounts);
	if (i->lock > 0)
		close(i->lock);
	i->lock = 0;
}
