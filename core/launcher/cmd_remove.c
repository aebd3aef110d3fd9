#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "common/when.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/inventory.h"
#include "launcher/jsonfile.h"
#include "launcher/names.h"
#include "launcher/options.h"
#include "launcher/revocation.h"
#include "launcher/run.h"
#include "launcher/run_end.h"
#include "launcher/state.h"

#define ASIDE ".removed" /* instead of .json: nobody renews by it */

struct remove {
	struct options o;
	char *state, *id;
	char *archive; /* name of the folder in STATE/archive; NULL: nothing is kept */
	struct inventory i;
	bool had_files;
};

/* The configuration would have it made again. */
static bool is_not_configured(struct remove *w, struct err *e)
{
	bool ok = inventory_configuration(&w->i, w->state, spec_text(w->o.run, KEY_CONFIG), e);
	const struct config_loaded *l = &w->i.loaded;
	const struct configured *k = ok && l->there ? configuration_find(&w->i.conf, w->id) : NULL;
	accepted_close(&w->i.accepted);
	if (k) {
		char *where = configuration_where(&w->i.conf, k->origin);
		err_set(e, "certificate %s is configured (%s); take it out there first", w->id, where);
		free(where);
		return false;
	}
	if (ok && l->broken && !l->there)
		return err_set(e,
		               "the configuration is wrong, so it cannot be told whether it has %s; dnsproof "
		               "config check tells how",
		               w->id);
	return ok;
}

static bool is_there(const struct remove *w, const char *what)
{
	char *path = xasprintf("%s/%s", w->state, what);
	bool there = access(path, F_OK) == 0;
	free(path);
	return there;
}

static bool is_known(struct remove *w, struct err *e)
{
	char *issued = xasprintf("issued/%s.json", w->id), *certs = xasprintf("certs/%s", w->id);
	char *aside = xasprintf("issued/%s" ASIDE, w->id);
	w->had_files = is_there(w, certs);
	bool known = w->had_files || is_there(w, issued) || is_there(w, aside);
	free_all(issued, certs, aside);
	return known ||
	       err_set(e, "there is no certificate %s; those that are known: ls %s/certs", w->id, w->state);
}

static bool is_not_owed(const struct remove *w, struct err *e)
{
	struct revocations owed;
	struct strs damaged = {0};
	bool ok = revocations_load(&owed, w->state, &damaged, e);
	for (size_t i = 0; ok && i < owed.n; i++)
		if (owed.at[i].id && strcmp(owed.at[i].id, w->id) == 0)
			ok = err_set(
			    e, "%s: its revocation is owed, and needs what is here; type dnsproof %s%s",
			    w->id,
			    owed.at[i].replace ? "revoke --revoke-first --reason keyCompromise " : "clean",
			    owed.at[i].replace ? w->id : "");
	revocations_free(&owed);
	strs_free(&damaged);
	return ok;
}

/* New string: the link by which a server reads it, or NULL. */
static char *link_in(const struct remove *w, const json_t *folder)
{
	char target[PATH_MAX];
	char *path = xasprintf("%s/%s", json_string_value(folder), w->id);
	char *ours = xasprintf("%s/certs/%s/", w->state, w->id);
	ssize_t n = json_is_string(folder) ? readlink(path, target, sizeof target) : -1;
	bool leads = n > 0 && (size_t)n >= strlen(ours) && strncmp(target, ours, strlen(ours)) == 0;
	free(ours);
	if (leads)
		return path;
	free(path);
	return NULL;
}

static bool is_not_linked_from(const struct remove *w, const struct layer *l, struct err *e)
{
	json_t *folder = layer_value(l, KEY_LINKS);
	char *link = link_in(w, folder);
	json_decref(folder);
	if (link)
		err_set(e, "%s: %s leads to it; when nothing reads it there any more, add --in-use", w->id,
		        link);
	free(link);
	return !link;
}

/* Folders of links are those of the configuration. */
static bool is_not_in_use(const struct remove *w, struct err *e)
{
	bool ok = spec_yes(w->o.run, KEY_IN_USE) || is_not_linked_from(w, &w->i.conf.defaults, e);
	for (size_t i = 0; ok && !spec_yes(w->o.run, KEY_IN_USE) && i < w->i.conf.n; i++)
		ok = w->i.conf.at[i].layer == (i ? w->i.conf.at[i - 1].layer : NULL) ||
		     is_not_linked_from(w, w->i.conf.at[i].layer, e);
	return ok;
}

static char *archive_name(const char *id)
{
	char when[WHEN_ROOM];
	when_compact(time(NULL), when);
	for (char *c = when; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return xasprintf("%s-%s", id, when);
}

static bool move(const struct remove *w, const char *from, const char *to, struct err *e)
{
	char *folder = xasprintf("%s/issued", w->state);
	char *old = xasprintf("%s/%s%s", folder, w->id, from), *new = xasprintf("%s/%s%s", folder, w->id, to);
	bool ok = access(old, F_OK) != 0 || (rename(old, new) == 0 && jsonfile_sync(folder)) ||
	          err_set(e, "%s: %s", old, strerror(errno));
	free_all(folder, old, new);
	return ok;
}

/* First of all: whoever dies from here on leaves nothing that would have it made again. */
static bool put_aside(const struct remove *w, struct err *e)
{
	return move(w, ".json", ASIDE, e);
}

/* It was refused, so its files are still there. */
static void put_back(const struct remove *w)
{
	char *certs = xasprintf("certs/%s", w->id);
	struct err e;
	if ((!w->had_files || is_there(w, certs)) && !move(w, ASIDE, ".json", &e))
		events_say(SAY_ERROR, "state", "%s", e.text);
	free(certs);
}

/* What `issue` remembered goes beside the files. */
static bool forget(const struct remove *w, struct err *e)
{
	char *folder = xasprintf("%s/issued", w->state), *file = xasprintf("%s" ASIDE, w->id);
	char *path = xasprintf("%s/%s", folder, file);
	char *kept = w->archive ? xasprintf("%s/archive/%s", w->state, w->archive) : NULL;
	struct err ignored;
	json_t *json = kept && access(kept, F_OK) == 0 ? jsonfile_read(folder, file, &ignored) : NULL;
	bool ok = (!json || jsonfile_write(kept, "issued.json", json, e)) &&
	          (unlink(path) == 0 || errno == ENOENT || err_set(e, "%s: %s", path, strerror(errno)));
	json_decref(json);
	free_all(folder, file, path, kept);
	return ok;
}

static int run(struct remove *w)
{
	struct dns_accounts none = {0};
	struct ca_accounts no_ca = {0};
	struct job job = {.state = w->state,
	                  .command = JOB_REMOVE,
	                  .remove = w->id,
	                  .archive = w->archive,
	                  .accounts = &none,
	                  .ca_accounts = &no_ca,
	                  .options = &w->o};
	struct err e;
	if (!put_aside(w, &e))
		return events_refuse(EXIT_FAILED, &e);
	struct processes_result r = run_job(&job);
	if (r.code != EXIT_DONE || r.signum || r.broken) {
		put_back(w);
		return run_end(&r, w->state, &w->o);
	}
	if (!forget(w, &e))
		return events_refuse(EXIT_FAILED, &e);
	if (w->archive)
		events_say(SAY_INFO, "removed", "%s: removed; its files are kept in %s/archive/%s", w->id,
		           w->state, w->archive);
	else
		events_say(SAY_INFO, "removed", "%s: removed, with its files and keys", w->id);
	r.worked = true;
	return run_end(&r, w->state, &w->o);
}

static int begin(struct remove *w)
{
	struct err e;
	if (!state_check(w->state, &e) || !is_known(w, &e) || !is_not_configured(w, &e) ||
	    !is_not_owed(w, &e) || !is_not_in_use(w, &e))
		return events_refuse(EXIT_USAGE, &e);
	enum exit_code code = state_open(w->state, false, &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	if (!spec_yes(w->o.run, KEY_PURGE))
		w->archive = archive_name(w->id);
	return run(w);
}

static bool prepare(struct remove *w, struct err *e)
{
	if (w->o.names.n != 1)
		return err_set(e, "which certificate? type dnsproof remove ID");
	w->id = names_id(w->o.names.at[0], NULL, e);
	return w->id && (w->state = state_path(spec_text(w->o.run, KEY_STATE), e));
}

int cmd_remove(int argc, char **argv)
{
	struct remove w = {0};
	struct err e;
	int code;
	if (options_begin(SPEC_REMOVE, argc, argv, &w.o, &code))
		code = prepare(&w, &e) ? begin(&w) : (int)events_refuse(EXIT_USAGE, &e);
	options_free(&w.o);
	inventory_free(&w.i);
	free_all(w.state, w.id, w.archive);
	return code;
}
