#include "config.h"

#include "launcher/ca_staging.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/ca_preset.h"

/* Its URL, new; NULL: none is known. */
static char *staging_url(const struct ca_account *a)
{
	const char *text = spec_text(a->settings, KEY_STAGING);
	const struct ca_preset *preset = ca_preset_find(a->directory);
	char *name = NULL, *directory = NULL;
	struct err ignored; /* config check tells it */
	if (!text && preset)
		text = preset->staging;
	if (text && !ca_account_name(text, &name, &directory, &ignored))
		directory = NULL;
	free(name);
	return directory;
}

bool ca_staging_is_test(const struct ca_accounts *all, const struct ca_account *a)
{
	const struct ca_preset *preset = ca_preset_find(a->directory);
	bool test = preset && preset->test;
	for (size_t i = 0; !test && i < all->n; i++) {
		char *url = spec_text(all->at[i].settings, KEY_STAGING) ? staging_url(&all->at[i]) : NULL;
		test = url && strcmp(url, a->directory) == 0 && strcmp(url, all->at[i].directory) != 0;
		free(url);
	}
	return test;
}

/* Has it what the staging environment wants of a new account? */
static bool is_bound(const struct ca_account *a, const char *name, const char *url, struct err *e)
{
	const struct ca_preset *preset = ca_preset_find(url);
	return !preset || !preset->binding || (a && spec_text(a->settings, KEY_EAB_KID)) ||
	       err_set(e,
	               "%s takes only accounts with an external account binding; add a CA account %s with "
	               "directory: %s, eab_kid and eab_key to the configuration (%s)",
	               preset->label, name, preset->name, preset->binding);
}

static struct ca_account *at_url(struct ca_accounts *all, const struct ca_account *of, const char *url,
                                 const struct ca_accounts *configured, struct err *e)
{
	char *name = xasprintf("%s-staging", of->name);
	const struct ca_account *wanted = ca_accounts_find(configured, name);
	const struct ca_account *there = wanted ? wanted : ca_accounts_find(all, name);
	json_t *settings = wanted ? json_incref(wanted->settings) : ca_account_shared(of);
	struct ca_account *a = NULL;
	if (there && strcmp(there->directory, url) != 0)
		err_set(e, "CA account %s is at %s, and not at %s, the staging environment of CA account %s",
		        name, there->directory, url, of->name);
	else if (is_bound(there, name, url, e))
		a = ca_accounts_take(all,
		                     &(struct ca_account){.name = name,
		                                          .directory = (char *)url,
		                                          .settings = settings,
		                                          .limits = wanted ? wanted->limits : NULL},
		                     e);
	json_decref(settings);
	free(name);
	return a;
}

struct ca_account *ca_staging(struct ca_accounts *all, const char *name, const struct ca_accounts *configured,
                              struct err *e)
{
	struct ca_account *of = ca_accounts_find(all, name), *a = NULL;
	const struct ca_preset *preset = of ? ca_preset_find(of->directory) : NULL;
	if (!of) {
		err_set(e, "CA account %s is not remembered", name);
		return NULL;
	}
	char *url = staging_url(of);
	if (!url && preset && preset->test)
		return of;
	if (url)
		a = at_url(all, of, url, configured, e);
	else
		err_set(e,
		        "CA account %s: no staging environment of %s is known; name it in the configuration, "
		        "as staging: URL of the CA account",
		        name, of->directory);
	free(url);
	return a;
}
