#include "config.h"

#include "launcher/config_change.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/config_say.h"
#include "launcher/configuration/file_text.h"
#include "launcher/configuration/list_change.h"
#include "launcher/configuration/text_file.h"
#include "launcher/events.h"
#include "launcher/state.h"

/* One of these commands. */
struct change {
	const char *word;
	char *state, *path; /* path: of the configuration */
	char *file;         /* absolute; NULL: all */
	struct accepted accepted;
};

static bool take_file(struct change *w, const struct options *o, struct err *e)
{
	char here[PATH_MAX];
	if (o->names.n < 2)
		return true;
	const char *name = o->names.at[1];
	if (*name != '/' && !getcwd(here, sizeof here))
		return err_set(e, "the current folder is unknown; type the whole path of %s", name);
	w->file = *name == '/' ? xstrdup(name) : xasprintf("%s/%s", here, name);
	const struct accepted_file *f = accepted_find(&w->accepted.old, w->file);
	if (f && f->kind == ACCEPTED_TEXT && f->copy)
		return true;
	return err_set(
	    e,
	    "%s is no list or zone file that dnsproof renew has accepted already; the first time it "
	    "is taken as it is",
	    w->file);
}

static bool begin(struct change *w, const struct options *o, struct err *e)
{
	w->word = o->names.at[0];
	if (o->names.n > 2)
		return err_set(e, "dnsproof config %s takes one file", w->word);
	if (!(w->path = configuration_path(spec_text(o->run, KEY_CONFIG), e)) ||
	    !(w->state = state_path(spec_text(o->run, KEY_STATE), e)) || !state_check(w->state, e))
		return false;
	accepted_open(&w->accepted, w->state, w->path);
	if (!w->accepted.old.n)
		return err_set(e,
		               "of the configuration %s nothing has been accepted in the state folder %s; "
		               "dnsproof renew takes it as it is the first time",
		               w->path, w->state);
	return take_file(w, o, e);
}

static void end(struct change *w)
{
	if (w->accepted.folder)
		accepted_close(&w->accepted);
	free_all(w->state, w->path, w->file);
}

static struct list_part part_of(const struct configuration *c, const char *path)
{
	struct list_part p = {c, 0, 0};
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->files.at[c->at[i].origin.file], path) == 0) {
			p.from = p.to ? p.from : i;
			p.to = i + 1;
		}
	return p;
}

static void show_one(void *who, const struct configured *old, const struct configured *now)
{
	(void)who;
	if (old && now)
		printf("~ %s: %s -> %s\n", now->id, old->names, now->names);
	else
		printf("%c %s: %s\n", old ? '-' : '+', old ? old->id : now->id,
		       old ? old->names : now->names);
}

static void show(const struct accepted_file *f, struct list_part old, struct list_part now)
{
	struct buf text;
	struct err e;
	buf_init(&text, TEXT_FILE_MOST);
	bool there = file_text_read(NULL, ACCEPTED_TEXT, f->path, &text, &e);
	uint64_t digest = there ? accepted_digest_of(text.data, text.len) : 0;
	buf_free(&text);
	if (there && digest == f->digest)
		return;
	char *path = str_printable(f->path, PATH_MAX);
	struct list_change n = list_change_of(old, now, NULL, NULL);
	printf("%s: of %zu certificates %zu leave, %zu arrive and %zu change names; ", path,
	       old.to - old.from, n.leave, n.arrive, n.rename);
	if (there)
		printf("digest %016llx\n", (unsigned long long)digest);
	else
		printf("%s\n", e.text);
	list_change_of(old, now, show_one, NULL);
	free(path);
}

/* old: by the copies. */
static enum exit_code compare(const struct change *w, const struct configuration *old,
                              const struct configuration *now)
{
	for (size_t i = 0; i < w->accepted.old.n; i++) {
		const struct accepted_file *f = &w->accepted.old.at[i];
		if (f->kind == ACCEPTED_TEXT && f->copy && (!w->file || strcmp(f->path, w->file) == 0))
			show(f, part_of(old, f->path), part_of(now, f->path));
	}
	return EXIT_DONE;
}

static enum exit_code diff(struct change *w)
{
	struct configuration old = {0}, now = {0};
	struct troubles t = {0}, ignored = {0};
	struct err e;
	enum exit_code code;
	w->accepted.only = true;
	if (!configuration_read(&now, w->path, NULL, &t, &e) ||
	    !configuration_read(&old, w->path, &w->accepted, &ignored, &e)) {
		code = events_refuse(EXIT_USAGE, &e);
	} else {
		config_say(&now, &t);
		code = t.broken ? EXIT_USAGE : compare(w, &old, &now);
	}
	configuration_free(&old);
	configuration_free(&now);
	troubles_free(&t);
	troubles_free(&ignored);
	return code;
}

enum exit_code config_diff(const struct options *o)
{
	struct change w = {0};
	struct err e;
	enum exit_code code = begin(&w, o, &e) ? diff(&w) : events_refuse(EXIT_USAGE, &e);
	end(&w);
	return code;
}

static bool judge(const struct change *w, const struct buf *text, const char *given, struct err *e)
{
	char digest[17];
	snprintf(digest, sizeof digest, "%016llx",
	         (unsigned long long)accepted_digest_of(text->data, text->len));
	if (!text->len)
		return err_set(e, "%s is empty; take it out of the configuration if it is to have no lines",
		               w->file);
	if (!given)
		return err_set(
		    e,
		    "dnsproof config accept needs the digest that dnsproof config diff '%s' shows; "
		    "type: dnsproof config accept '%s' --digest DIGEST",
		    w->file, w->file);
	if (strcmp(given, digest) != 0)
		return err_set(
		    e,
		    "%s has not the digest %s any more, or never had it; look at it anew with: dnsproof "
		    "config diff '%s'",
		    w->file, given, w->file);
	return true;
}

static bool accept_file(struct change *w, const char *given, struct err *e)
{
	struct buf text;
	buf_init(&text, TEXT_FILE_MOST);
	bool ok = file_text_read(NULL, ACCEPTED_TEXT, w->file, &text, e) || err_prefix(e, "%s", w->file);
	ok = ok && judge(w, &text, given, e) && accepted_replace(&w->accepted, w->file, &text, e);
	buf_free(&text);
	if (ok)
		events_say(SAY_INFO, "config", "accepted: %s; dnsproof renew goes by it from now on",
		           w->file);
	return ok;
}

enum exit_code config_accept(const struct options *o)
{
	struct change w = {0};
	struct err e;
	bool ok = begin(&w, o, &e);
	if (ok && !w.file)
		ok = err_set(&e,
		             "dnsproof config accept needs a list or zone file; dnsproof config diff shows "
		             "which have changed");
	ok = ok && accept_file(&w, spec_text(o->run, KEY_DIGEST), &e);
	end(&w);
	return ok ? EXIT_DONE : events_refuse(EXIT_USAGE, &e);
}
