#include "config.h"

#include "launcher/dns_rename.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/events.h"
#include "launcher/inventory.h"
#include "launcher/jsonfile.h"
#include "launcher/renaming.h"
#include "launcher/run_end.h"
#include "launcher/state.h"

/* All that is remembered by the label: of a zone file with values of its own a line there are many. */
struct work {
	const struct options *o;
	struct renaming r;
	char *state;
	struct inventory i;
	struct job_rename *names; /* `from` is borrowed, `to` owned */
	size_t n;
};

static bool is_called(const struct dns_account *a, const char *label)
{
	char *own = dns_account_label(a->name);
	bool ok = strcmp(own, label) == 0;
	free(own);
	return ok;
}

static void choose(struct work *w)
{
	const struct dns_accounts *all = &w->i.accounts;
	w->names = xcalloc(all->n + 1, sizeof *w->names);
	for (size_t i = 0; i < all->n; i++)
		if (is_called(&all->at[i], w->r.from))
			w->names[w->n++] = (struct job_rename){
			    all->at[i].name, xasprintf("%s%s", w->r.to, all->at[i].name + strlen(w->r.from)),
			    false};
}

/* An account of that name with the same settings is the same one: a run may have been there since the configuration was
 * changed. */
static bool is_free(const struct work *w, struct err *e)
{
	const struct dns_accounts *all = &w->i.accounts;
	for (size_t i = 0; i < all->n; i++) {
		bool same = !is_called(&all->at[i], w->r.to);
		for (size_t k = 0; k < w->n; k++)
			same = same || strcmp(w->names[k].to, all->at[i].name) == 0;
		if (!same)
			return err_set(
			    e,
			    "there is a DNS account %s already, with other settings (%s); type another "
			    "name",
			    w->r.to, all->at[i].name);
	}
	return true;
}

static bool is_not_configured(const struct work *w, struct err *e)
{
	const struct configuration *c = &w->i.conf;
	if (w->i.loaded.broken)
		return err_set(e, "the configuration is wrong, so it cannot be told which accounts it has; "
		                  "dnsproof config check tells how");
	for (size_t i = 0; w->i.loaded.there && i < c->dnss; i++) {
		if (strcmp(c->dns[i].name, w->r.from) != 0)
			continue;
		char *where = configuration_where(c, c->dns[i].origin);
		err_set(e, "DNS account %s is configured (%s); call it %s there first, then type this again",
		        w->r.from, where, w->r.to);
		free(where);
		return false;
	}
	return true;
}

static bool judge(struct work *w, struct err *e)
{
	bool begun = renaming_is_begun(&w->r);
	char *other = begun ? NULL : renaming_other(RENAMING_DNS, w->state, w->r.from);
	bool ok = !other || err_set(e,
	                            "DNS account %s is being renamed to or from %s; type dnsproof dns rename "
	                            "with both names first",
	                            w->r.from, other);
	free(other);
	choose(w);
	if (!ok || !is_not_configured(w, e) || !renaming_name_fine(RENAMING_DNS, w->r.to, e))
		return false;
	if (!w->n && !begun)
		return err_set(e, "there is no DNS account %s; dnsproof dns list lists them", w->r.from);
	return begun || is_free(w, e);
}

static bool copy_files(const struct work *w, struct err *e)
{
	bool ok = renaming_begin(&w->r, e);
	renaming_stop_point("marked");
	for (size_t i = 0; ok && i < w->n; i++) {
		struct dns_account copy = *dns_accounts_find(&w->i.accounts, w->names[i].from);
		copy.name = (char *)w->names[i].to;
		ok = dns_account_write(&copy, w->state, e);
		renaming_stop_point("copied");
	}
	return ok;
}

static bool drop_old(const struct work *w, const char *name, struct err *e)
{
	char *path = xasprintf("%s/dns/%s.json", w->state, name);
	bool ok = unlink(path) == 0 || errno == ENOENT || err_set(e, "%s: %s", path, strerror(errno));
	free(path);
	return ok;
}

/* Only when nothing goes by the old name any more. */
static bool finish(const struct work *w, struct err *e)
{
	bool ok = true;
	for (size_t i = 0; ok && i < w->n; i++)
		ok = renaming_refer(&w->r, w->names[i].from, w->names[i].to, e);
	renaming_stop_point("referred");
	for (size_t i = 0; ok && i < w->n; i++) {
		ok = drop_old(w, w->names[i].from, e);
		renaming_stop_point("dropped");
	}
	return ok && renaming_end(&w->r, e);
}

static int work(struct work *w)
{
	struct err e;
	enum exit_code code = state_open(w->state, false, &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	config_keep(&w->i.accepted, &w->i.loaded); /* one that names the old account must not come back */
	if (!copy_files(w, &e))
		return events_refuse(EXIT_FAILED, &e);
	struct processes_result r = renaming_rows(&w->r, w->names, w->n, w->o);
	renaming_stop_point("rows");
	bool fine = r.code == EXIT_DONE && !r.signum && !r.broken;
	if (fine && !finish(w, &e))
		r.code = (enum exit_code)events_refuse(EXIT_FAILED, &e);
	else if (fine)
		events_say(SAY_INFO, "renamed", "DNS account %s is called %s now", w->r.from, w->r.to);
	r.worked = true;
	inventory_free(&w->i);
	return run_end(&r, w->state, w->o);
}

static int begin(struct work *w)
{
	struct err e;
	w->r.state = w->state = state_path(spec_text(w->o->run, KEY_STATE), &e);
	if (!w->state)
		return events_refuse(EXIT_USAGE, &e);
	enum exit_code code = renaming_open(w->state, w->o, &w->i, &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	if (!judge(w, &e))
		return events_refuse(EXIT_USAGE, &e);
	return work(w);
}

int dns_rename(const struct options *o, const struct strs *words)
{
	struct work w = {.o = o};
	struct err e;
	if (words->n != 3) {
		err_set(
		    &e,
		    "dnsproof dns rename needs the name of an account, and its new name; dnsproof help dns");
		return events_refuse(EXIT_USAGE, &e);
	}
	w.r = (struct renaming){RENAMING_DNS, NULL, words->at[1], words->at[2]};
	int code = begin(&w);
	for (size_t i = 0; i < w.n; i++)
		free((char *)w.names[i].to);
	free(w.names);
	inventory_free(&w.i);
	free(w.state);
	return code;
}
