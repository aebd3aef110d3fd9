#include "config.h"

#include "launcher/configuration/config_files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/configuration/file_text.h"

#define YAML_MOST ((size_t)64 * 1024 * 1024)

char *configuration_path(const char *given, struct err *e)
{
	char here[PATH_MAX];
	if (given && *given == '/')
		return xstrdup(given);
	if (given && *given && getcwd(here, sizeof here))
		return xasprintf("%s/%s", here, given);
	if (given) {
		err_set(e, "--config %s: %s; type --config /PATH", given,
		        *given ? strerror(errno) : "no path");
		return NULL;
	}
	if (geteuid() == 0)
		return xstrdup(SYSCONFDIR "/dnsproof");
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (xdg && *xdg == '/')
		return xasprintf("%s/dnsproof", xdg);
	if (home && *home == '/')
		return xasprintf("%s/.config/dnsproof", home);
	err_set(e, "no configuration folder: HOME is not set; type --config /PATH");
	return NULL;
}

struct telling {
	struct troubles *t;
	unsigned file;
};

static void tell(void *who, unsigned line, const char *trouble)
{
	struct telling *w = who;
	troubles_add(w->t, TROUBLE_BROKEN, w->file, line, "%s", trouble);
}

static void file_read(struct config_files *f, const char *path, struct configuration *c, struct troubles *t)
{
	struct err e;
	strs_add(&c->files, path);
	f->at = xgrow(f->at, f->n, sizeof *f->at);
	struct config_file *one = &f->at[f->n++];
	struct telling who = {t, (unsigned)c->files.n - 1};
	*one = (struct config_file){.file = who.file};
	buf_init(&one->text, YAML_MOST);
	if (!file_text_read(c->accepted, ACCEPTED_YAML, path, &one->text, &e)) {
		tell(&who, 0, e.text);
		return;
	}
	if (c->accepted && !c->accepted->only)
		accepted_text(c->accepted, path, one->text.data, one->text.len);
	yaml_tree_parse(&one->tree, one->text.data ? one->text.data : "", one->text.len, tell, &who);
}

static bool has_name(const char *name, const char *ending)
{
	return *name != '.' && strlen(name) > strlen(ending) && str_ends(name, ending);
}

/* The folder conf.d; that there is none is fine. */
static void folder_read(struct config_files *f, const char *path, struct configuration *c, struct troubles *t)
{
	struct strs names = {0};
	struct dirent *entry;
	struct stat st;
	if (c->accepted)
		accepted_see(c->accepted, ACCEPTED_FOLDER, path, stat(path, &st) == 0 ? &st : NULL);
	DIR *d = opendir(path);
	bool there = d || errno != ENOENT;
	if (!d && there) {
		strs_add(&c->files, path);
		troubles_add(t, TROUBLE_BROKEN, (unsigned)c->files.n - 1, 0,
		             "cannot be read (%s), expected a folder", strerror(errno));
	}
	while (d && (entry = readdir(d)))
		if (has_name(entry->d_name, ".yaml") || has_name(entry->d_name, ".yml"))
			strs_add(&names, entry->d_name);
	if (d)
		closedir(d);
	strs_sort(&names);
	for (size_t i = 0; i < names.n; i++) {
		char *one = xasprintf("%s/%s", path, names.at[i]);
		if (str_ends(one, ".yaml")) {
			file_read(f, one, c, t);
		} else {
			strs_add(&c->files, one);
			troubles_add(t, TROUBLE_BROKEN, (unsigned)c->files.n - 1, 0,
			             "is not read, expected a name that ends in .yaml");
		}
		free(one);
	}
	strs_free(&names);
}

static void copies_read(struct config_files *f, struct configuration *c, struct troubles *t)
{
	const struct accepted_files *old = &c->accepted->old;
	for (size_t i = 0; i < old->n; i++)
		if (old->at[i].kind == ACCEPTED_YAML && old->at[i].copy)
			file_read(f, old->at[i].path, c, t);
}

static void main_read(struct config_files *f, const char *path, struct configuration *c, struct troubles *t)
{
	if (access(path, F_OK) == 0)
		file_read(f, path, c, t);
	else if (c->accepted)
		accepted_see(c->accepted, ACCEPTED_YAML, path, NULL);
}

bool config_files_read(struct config_files *f, const char *path, struct configuration *c, struct troubles *t,
                       struct err *e)
{
	struct stat st;
	if (c->accepted && c->accepted->only) {
		copies_read(f, c, t);
		return f->n || err_set(e, "no configuration %s has been accepted", path);
	}
	if (stat(path, &st) < 0)
		return err_set(e, "no configuration %s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode)) {
		file_read(f, path, c, t);
		return true;
	}
	char *main = xasprintf("%s/dnsproof.yaml", path), *more = xasprintf("%s/conf.d", path);
	bool there = access(main, F_OK) == 0 || access(more, F_OK) == 0;
	main_read(f, main, c, t);
	folder_read(f, more, c, t);
	free(more);
	free(main);
	return there ||
	       err_set(e, "no configuration: there is neither %s/dnsproof.yaml nor %s/conf.d", path, path);
}

void config_files_free(struct config_files *f)
{
	for (size_t i = 0; i < f->n; i++) {
		yaml_tree_free(&f->at[i].tree);
		buf_free(&f->at[i].text);
	}
	free(f->at);
	*f = (struct config_files){0};
}
