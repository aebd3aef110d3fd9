#include "config.h"

#include "launcher/ca_rename.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/ca_preset.h"
#include "launcher/events.h"
#include "launcher/inventory.h"
#include "launcher/jsonfile.h"
#include "launcher/renaming.h"
#include "launcher/run_end.h"
#include "launcher/state.h"

/* Where the configuration names the old one that stays beside the new one, so that whichever name a run meets, it is the
 * same account: the configuration is changed in between, and the command typed again. */
struct pair {
	struct renaming r;
	char *from, *to;
	bool keep;
};

struct work {
	const struct options *o;
	char *state;
	struct inventory i;
	struct pair pair[2]; /* the account, and that at its CA's staging environment */
	size_t n;
};

static bool has_key(const struct work *w, const char *name, const char *suffix)
{
	char *path = xasprintf("%s/keys/%s.pem%s", w->state, name, suffix);
	bool there = access(path, F_OK) == 0;
	free(path);
	return there;
}

static const struct ca_account *configured(const struct work *w, const char *name)
{
	return w->i.loaded.there ? ca_accounts_find(&w->i.conf.ca, name) : NULL;
}

static void add_pair(struct work *w, const char *from, const char *to, const char *suffix)
{
	struct pair *p = &w->pair[w->n++];
	*p = (struct pair){.from = xasprintf("%s%s", from, suffix), .to = xasprintf("%s%s", to, suffix)};
	p->r = (struct renaming){RENAMING_CA, w->state, p->from, p->to};
	p->keep = configured(w, p->from);
}

/* The name of a preset is that of the account there which `issue --ca` uses. */
static bool fits(const struct work *w, const char *to, const char *directory, struct err *e)
{
	const struct ca_preset *preset = ca_preset_find(to);
	const struct ca_account *other = configured(w, to);
	if (preset && preset->directory && strcmp(preset->directory, directory) != 0)
		return err_set(e, "%s is the name of a CA that is known, but the account is at %s", to,
		               directory);
	return !other || strcmp(other->directory, directory) == 0 ||
	       err_set(
	           e, "CA account %s is at %s in the configuration, but the account that is renamed is at %s",
	           to, other->directory, directory);
}

static bool is_free(const struct work *w, const char *to, struct err *e)
{
	if (ca_accounts_find(&w->i.ca_accounts, to))
		return err_set(e, "there is a CA account %s already; type another name", to);
	return !has_key(w, to, "") ||
	       err_set(
	           e,
	           "%s/keys/%s.pem is the key of another account of that name; type another name, or move "
	           "it away",
	           w->state, to);
}

static bool is_in_no_other(const struct work *w, const char *name, struct err *e)
{
	char *other = renaming_other(RENAMING_CA, w->state, name);
	bool ok = !other || err_set(e,
	                            "CA account %s is being renamed (%s is its other name); type dnsproof ca "
	                            "rename with both names first",
	                            name, other);
	free(other);
	return ok;
}

static bool judge(struct work *w, struct err *e)
{
	const char *from = w->o->names.at[1], *to = w->o->names.at[2];
	const struct renaming r = {RENAMING_CA, w->state, from, to};
	const struct ca_account *a = ca_accounts_find(&w->i.ca_accounts, from);
	if (w->i.loaded.broken)
		return err_set(e, "the configuration is wrong, so it cannot be told which accounts it has; "
		                  "dnsproof config check tells how");
	if (renaming_is_begun(&r))
		return true;
	if (!a)
		return err_set(e, "there is no CA account %s; dnsproof ca list lists them", from);
	if (!renaming_name_fine(RENAMING_CA, to, e) || !is_free(w, to, e) || !fits(w, to, a->directory, e) ||
	    !is_in_no_other(w, from, e) || !is_in_no_other(w, to, e))
		return false;
	return !has_key(w, from, ".next") ||
	       err_set(e,
	               "CA account %s has a change of keys that has not come to its end; type dnsproof ca "
	               "show %s first",
	               from, from);
}

/* Its account for trials goes with it, unless it is one by itself. */
static void choose_pairs(struct work *w)
{
	const char *from = w->o->names.at[1], *to = w->o->names.at[2];
	struct err ignored;
	add_pair(w, from, to, "");
	add_pair(w, from, to, "-staging");
	const struct pair *p = &w->pair[1];
	bool goes = renaming_is_begun(&p->r) ||
	            (ca_accounts_find(&w->i.ca_accounts, p->from) && !p->keep && is_free(w, p->to, &ignored));
	if (!goes)
		free_all(p->from, p->to);
	else
		w->pair[1].keep = w->pair[0].keep;
	w->n = goes ? 2 : 1;
}

static const char *const suffixes[] = {"", ".old", ".unused", ".deactivated"};

/* The keeper's files are not read here: both names lead to the same file until the old one goes. */
static bool link_keys(const struct pair *p, struct err *e)
{
	char *folder = xasprintf("%s/keys", p->r.state);
	bool ok = true;
	for (size_t i = 0; ok && i < sizeof suffixes / sizeof suffixes[0]; i++) {
		char *old = xasprintf("%s/%s.pem%s", folder, p->from, suffixes[i]);
		char *new = xasprintf("%s/%s.pem%s", folder, p->to, suffixes[i]);
		ok = link(old, new) == 0 || errno == ENOENT || errno == EEXIST ||
		     err_set(e, "%s: %s", new, strerror(errno));
		free_all(old, new);
	}
	ok = ok && (jsonfile_sync(folder) || err_set(e, "%s: %s", folder, strerror(errno)));
	free(folder);
	return ok;
}

/* Where it is there already it is as new as the other. */
static bool copy_file(const struct pair *p, struct err *e)
{
	char *folder = xasprintf("%s/ca", p->r.state), *old = xasprintf("%s.json", p->from);
	char *new = xasprintf("%s.json", p->to), *path = xasprintf("%s/%s", folder, new);
	json_t *json = access(path, F_OK) == 0 ? NULL : jsonfile_read(folder, old, e);
	bool ok = true;
	if (json) {
		json_object_set_new(json, "configured", json_true()); /* its name says nothing of its CA */
		ok = jsonfile_write(folder, new, json, e);
	}
	json_decref(json);
	free_all(folder, old, new, path);
	return ok;
}

static bool prepare(const struct work *w, struct err *e)
{
	bool ok = true;
	for (size_t i = 0; ok && i < w->n; i++) {
		const struct pair *p = &w->pair[i];
		ok = renaming_begin(&p->r, e);
		renaming_stop_point("marked");
		ok = ok && link_keys(p, e);
		renaming_stop_point("linked");
		ok = ok && copy_file(p, e);
		renaming_stop_point("copied");
	}
	return ok;
}

static bool drop(const struct pair *p, const char *path, struct err *e)
{
	char *whole = xasprintf("%s/%s", p->r.state, path);
	bool ok = unlink(whole) == 0 || errno == ENOENT || err_set(e, "%s: %s", whole, strerror(errno));
	free(whole);
	return ok;
}

static bool drop_old(const struct pair *p, struct err *e)
{
	char *file = xasprintf("ca/%s.json", p->from), *keys = xasprintf("%s/keys", p->r.state);
	bool ok = drop(p, file, e);
	renaming_stop_point("dropped");
	for (size_t i = 0; ok && i < sizeof suffixes / sizeof suffixes[0]; i++) {
		char *key = xasprintf("keys/%s.pem%s", p->from, suffixes[i]);
		ok = drop(p, key, e);
		free(key);
	}
	ok = ok && (jsonfile_sync(keys) || err_set(e, "%s: %s", keys, strerror(errno)));
	free_all(file, keys);
	return ok;
}

/* Nothing goes by the old name any more. The account itself comes last: as long as its mark is there the command can be
 * typed again. */
static bool finish(const struct work *w, struct err *e)
{
	bool ok = true;
	for (size_t i = w->n; ok && i > 0; i--) {
		const struct pair *p = &w->pair[i - 1];
		ok = p->keep || renaming_refer(&p->r, p->from, p->to, e);
		renaming_stop_point("referred");
		ok = ok && (p->keep || (drop_old(p, e) && renaming_end(&p->r, e)));
	}
	return ok;
}

static void tell(const struct work *w)
{
	const struct pair *p = &w->pair[0];
	if (p->keep)
		events_say(
		    SAY_INFO, "renaming",
		    "CA account %s is %s, too, now: both names are the same account. Write %s for %s in "
		    "the configuration, then type this again: dnsproof ca rename %s %s",
		    p->from, p->to, p->to, p->from, p->from, p->to);
	else
		events_say(SAY_INFO, "renamed", "CA account %s is called %s now; it is the same account",
		           p->from, p->to);
}

static int work(struct work *w)
{
	struct err e;
	struct job_rename names[2];
	enum exit_code code = state_open(w->state, false, &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	config_keep(&w->i.accepted, &w->i.loaded); /* one that names the old account must not come back */
	choose_pairs(w);
	for (size_t i = 0; i < w->n; i++)
		names[i] = (struct job_rename){w->pair[i].from, w->pair[i].to, w->pair[i].keep};
	if (!prepare(w, &e))
		return events_refuse(EXIT_FAILED, &e);
	struct processes_result r = renaming_rows(&w->pair[0].r, names, w->n, w->o);
	renaming_stop_point("rows");
	bool fine = r.code == EXIT_DONE && !r.signum && !r.broken;
	if (fine && !finish(w, &e))
		r.code = (enum exit_code)events_refuse(EXIT_FAILED, &e);
	else if (fine)
		tell(w);
	r.worked = true;
	inventory_free(&w->i);
	return run_end(&r, w->state, w->o);
}

static int begin(struct work *w)
{
	struct err e;
	w->state = state_path(spec_text(w->o->run, KEY_STATE), &e);
	if (!w->state)
		return events_refuse(EXIT_USAGE, &e);
	enum exit_code code = renaming_open(w->state, w->o, &w->i, &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	if (!judge(w, &e))
		return events_refuse(EXIT_USAGE, &e);
	return work(w);
}

int ca_rename(const struct options *o)
{
	struct work w = {.o = o};
	struct err e;
	if (o->names.n != 3 || json_object_size(o->ca) || spec_text(o->run, KEY_KEY)) {
		err_set(
		    &e,
		    "dnsproof ca rename needs the name of an account, and its new name; dnsproof help ca");
		return events_refuse(EXIT_USAGE, &e);
	}
	int code = begin(&w);
	for (size_t i = 0; i < w.n; i++)
		free_all(w.pair[i].from, w.pair[i].to);
	inventory_free(&w.i);
	free(w.state);
	return code;
}
