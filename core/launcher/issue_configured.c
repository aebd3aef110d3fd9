#include "config.h"

#include "launcher/issue_configured.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"

/* Beside the names there is nothing that would belong to the certificate. */
static bool is_bare(const struct options *o)
{
	return !o->dnss && !json_object_size(o->certificate) && !json_object_size(o->ca) &&
	       !spec_text(o->run, KEY_ID) && !spec_yes(o->run, KEY_CHANGE);
}

bool issue_configured_find(const struct configuration *c, const struct options *o, const char *id,
                           const struct configured **k, struct err *e)
{
	*k = NULL;
	const struct configured *found = o->names.n == 1 ? configuration_find(c, o->names.at[0]) : NULL;
	bool bare = found && is_bare(o);
	if (!found && id)
		found = configuration_find(c, id);
	if (!found)
		return true;
	char *where = configuration_where(c, found->origin);
	if (!bare)
		err_set(e, "certificate %s is configured (%s); change it there, then type: dnsproof issue %s",
		        found->id, where, found->id);
	free(where);
	*k = bare ? found : NULL;
	return bare;
}

static struct ca_account *take_ca(const struct configuration *c, const struct configured *k, const char *name,
                                  struct ca_accounts *all, struct err *e)
{
	const struct ca_account *wanted = ca_accounts_find(&c->ca, name);
	if (wanted)
		return ca_accounts_take(all, wanted, e);
	err_set(e, "certificate %s: there is no CA account %s", k->id, name);
	return NULL;
}

struct ca_account *issue_configured_choose(const struct configuration *c, const struct configured *k,
                                           struct certificate *out, struct dns_accounts *dns,
                                           struct ca_accounts *all, struct err *e)
{
	if (!configuration_certificate(c, k, out, dns, e))
		return NULL;
	const char *backup = certificate_backup(out);
	return backup && !take_ca(c, k, backup, all, e)
	           ? NULL
	           : take_ca(c, k, spec_text(out->settings, KEY_CA), all, e);
}
