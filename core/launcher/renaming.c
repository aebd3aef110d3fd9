#include "config.h"

#include "launcher/renaming.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/certificate.h"
#include "launcher/configuration/shape.h"
#include "launcher/accounts_lock.h"
#include "launcher/jsonfile.h"
#include "launcher/run.h"
#include "launcher/state.h"

#define MARK      ".renamed"
#define NAME_SET  "abcdefghijklmnopqrstuvwxyz0123456789._-"
#define NAME_MOST 200

static const char *const words[] = {[RENAMING_CA] = "ca", [RENAMING_DNS] = "dns"};
static const char *const titles[] = {[RENAMING_CA] = "CA account", [RENAMING_DNS] = "DNS account"};

bool renaming_name_fine(enum renaming_kind kind, const char *name, struct err *e)
{
	size_t n = strspn(name, NAME_SET);
	if (!name[n] && n > 0 && n <= NAME_MOST && *name != '.' && !shape_is_reserved(name))
		return true;
	return err_set(e,
	               "'%.60s' cannot be the name of a %s: a-z, 0-9, '.', '_' and '-', at most %d, not "
	               "beginning with '.', and no reserved word",
	               name, titles[kind], NAME_MOST);
}

static char *folder_of(enum renaming_kind kind, const char *state)
{
	return xasprintf("%s/%s", state, words[kind]);
}

/* What `name` is renamed to, as its mark says; new, NULL: there is none. */
static char *mark_read(enum renaming_kind kind, const char *state, const char *name)
{
	char *folder = folder_of(kind, state), *file = xasprintf("%s" MARK, name);
	struct err ignored; /* a damaged one is none: the command writes it anew */
	json_t *json = jsonfile_read(folder, file, &ignored);
	const char *to = json_string_value(json_object_get(json, "to"));
	char *found = to ? xstrdup(to) : NULL;
	json_decref(json);
	free_all(folder, file);
	return found;
}

static bool is_marked(const struct renaming *r, const char *from, const char *to)
{
	char *found = mark_read(r->kind, r->state, from);
	bool ok = found && strcmp(found, to) == 0;
	free(found);
	return ok;
}

enum exit_code renaming_open(const char *state, const struct options *o, struct inventory *i, struct err *e)
{
	if (!state_check(state, e))
		return EXIT_USAGE;
	if (!accounts_lock(state, true, &i->lock, e))
		return EXIT_BUSY;
	if (!inventory_accounts(i, state, e))
		return EXIT_FAILED;
	return inventory_configuration(i, state, spec_text(o->run, KEY_CONFIG), e) ? EXIT_DONE : EXIT_USAGE;
}

bool renaming_is_begun(const struct renaming *r)
{
	return is_marked(r, r->from, r->to) || is_marked(r, r->to, r->from);
}

bool renaming_begin(const struct renaming *r, struct err *e)
{
	char *folder = folder_of(r->kind, r->state), *file = xasprintf("%s" MARK, r->from);
	json_t *json = json_pack("{s:s}", "to", r->to);
	bool ok = jsonfile_write(folder, file, json, e);
	json_decref(json);
	free_all(folder, file);
	return ok;
}

bool renaming_end(const struct renaming *r, struct err *e)
{
	const char *const names[] = {r->to, r->from};
	char *folder = folder_of(r->kind, r->state);
	bool ok = true;
	for (size_t i = 0; ok && i < sizeof names / sizeof names[0]; i++) {
		char *path = xasprintf("%s/%s" MARK, folder, names[i]);
		ok = unlink(path) == 0 || errno == ENOENT || err_set(e, "%s: %s", path, strerror(errno));
		free(path);
	}
	ok = ok && (jsonfile_sync(folder) || err_set(e, "%s: %s", folder, strerror(errno)));
	free(folder);
	return ok;
}

char *renaming_other(enum renaming_kind kind, const char *state, const char *name)
{
	char *folder = folder_of(kind, state), *found = mark_read(kind, state, name);
	DIR *d = found ? NULL : opendir(folder);
	struct dirent *entry;
	while (d && !found && (entry = readdir(d))) {
		if (!str_ends(entry->d_name, MARK) || entry->d_name[0] == '.')
			continue;
		char *from = xstrndup(entry->d_name, strlen(entry->d_name) - strlen(MARK));
		char *to = mark_read(kind, state, from);
		if (to && strcmp(to, name) == 0)
			found = xstrdup(from);
		free_all(from, to);
	}
	if (d)
		closedir(d);
	free(folder);
	return found;
}

/* A text, or a text of a list. True: it was there. */
static bool replace(json_t *json, const char *member, const char *from, const char *to)
{
	json_t *value = json_object_get(json, member), *one;
	bool found = json_is_string(value) && strcmp(json_string_value(value), from) == 0;
	size_t i;
	if (found)
		json_object_set_new(json, member, json_string(to));
	for (i = 0; !found && i < json_array_size(value); i++) {
		one = json_array_get(value, i);
		if (!json_is_string(one) || strcmp(json_string_value(one), from) != 0)
			continue;
		json_array_set_new(value, i, json_string(to));
		return true;
	}
	return found;
}

struct reference {
	const char *member, *from, *to;
};

static bool refer_in(const char *state, const char *where, const struct reference *all, size_t n,
                     struct err *e)
{
	char *folder = xasprintf("%s/%s", state, where);
	struct strs names = {0};
	bool ok = jsonfile_list(folder, &names, e);
	for (size_t i = 0; ok && i < names.n; i++) {
		char *file = xasprintf("%s.json", names.at[i]);
		struct err ignored; /* a damaged one is told whenever it is used */
		json_t *json = jsonfile_read(folder, file, &ignored);
		bool found = false;
		for (size_t k = 0; json && k < n; k++)
			found |= replace(json, all[k].member, all[k].from, all[k].to);
		if (found)
			ok = jsonfile_write(folder, file, json, e);
		json_decref(json);
		free(file);
	}
	strs_free(&names);
	free(folder);
	return ok;
}

bool renaming_refer(const struct renaming *r, const char *from, const char *to, struct err *e)
{
	const struct reference ca[] = {
	    {"ca", from, to}, {spec_name(KEY_BACKUP_CA), from, to}, {CERTIFICATE_CONFIGURED_CA, from, to}};
	const struct reference dns[] = {{"dns", from, to}, {CERTIFICATE_CONFIGURED_DNS, r->from, r->to}};
	if (r->kind == RENAMING_DNS)
		return refer_in(r->state, "issued", dns, sizeof dns / sizeof dns[0], e);
	return refer_in(r->state, "issued", ca, sizeof ca / sizeof ca[0], e) &&
	       refer_in(r->state, "revocations", ca, 1, e);
}

struct processes_result renaming_rows(const struct renaming *r, const struct job_rename *names, size_t n,
                                      const struct options *o)
{
	struct dns_accounts none = {0};
	struct ca_accounts no_ca = {0};
	struct job job = {.state = r->state,
	                  .command = JOB_RENAME,
	                  .kind = words[r->kind],
	                  .rename = names,
	                  .renames = n,
	                  .accounts = &none,
	                  .ca_accounts = &no_ca,
	                  .options = o};
	return run_job(&job);
}

void renaming_stop_point(const char *step)
{
#ifdef TEST_HOOKS
	const char *wanted = getenv("DNSPROOF_STOP");
	if (wanted && str_starts(wanted, "rename-") && strcmp(wanted + strlen("rename-"), step) == 0)
		kill(getpid(), SIGKILL);
#else
	(void)step;
#endif
}
