#include "config.h"

#include "secret_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/env_names.h"
#include "common/mem.h"
#include "common/str.h"

static char *file_read(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	char *value = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		err_set(e, "%s: %s", path, strerror(errno));
	else if (S_ISREG(st.st_mode) && (st.st_mode & S_IROTH))
		err_set(e, "%s: others can read it; chmod o-r '%s'", path, path);
	else if (S_ISREG(st.st_mode) && (st.st_mode & (S_IWGRP | S_IWOTH)))
		err_set(e, "%s: others can write it; chmod go-w '%s'", path, path);
	else
		value = option_read(fd, path, e);
	if (fd >= 0)
		close(fd);
	return value;
}

static bool add_file(struct givens *g, const char *key, const char *path, struct err *e)
{
	char *value = file_read(path, e), *source;

	if (!value)
		return err_prefix(e, "option %s", key);
	source = xasprintf("file:%s", path);
	givens_add(g, key, value, source);
	free(source);
	return true;
}

/* systemd's: a file of that name. */
static bool add_credential(struct givens *g, const char *key, const char *name, struct err *e)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char *path;
	bool ok;

	if (!folder || *folder != '/' || !*name || *name == '.' || strchr(name, '/'))
		return err_set(e, "option %s: %s", key,
		               folder ? "cred: needs the name of a credential"
		                      : "cred: needs CREDENTIALS_DIRECTORY, which systemd sets");
	path = xasprintf("%s/%s", folder, name);
	ok = add_file(g, key, path, e);
	free(path);
	return ok;
}

static bool add_env(struct givens *g, const char *key, const char *name, struct err *e)
{
	const char *value = getenv(name);
	char *source;

	if (!value || !*value)
		return err_set(e, "option %s: %s is not set in the environment", key, name);
	source = xasprintf("env:%s", name);
	givens_add(g, key, xstrdup(value), source);
	free(source);
	return true;
}

bool secret_source_add(struct givens *g, const char *typed, struct err *e)
{
	const char *value = strchr(typed, '=');
	char *key;
	bool ok = true;

	if (!value || value == typed)
		return err_set(e, "--set: expected KEY=VALUE");
	key = xstrndup(typed, (size_t)(value++ - typed));
	if (givens_find(g, key))
		ok = err_set(e, "option %s: given twice", key);
	else if (!strcmp(key, "ca_bundle")) /* its path is the value */
		givens_add(g, key, xstrdup(str_starts(value, "file:") ? value + 5 : value), NULL);
	else if (str_starts(value, "file:"))
		ok = add_file(g, key, value + 5, e);
	else if (str_starts(value, "cred:"))
		ok = add_credential(g, key, value + 5, e);
	else if (str_starts(value, "cmd:") || (str_starts(value, "fd:") && strchr("0123456789", value[3])))
		ok = err_set(e,
		             "option %s: cmd: and fd: are sources of dnsproof; here file:/path, cred:NAME "
		             "and env:NAME are",
		             key);
	else if (str_starts(value, "env:"))
		ok = add_env(g, key, value + 4, e);
	else
		givens_add(g, key, xstrdup(value), NULL);
	free(key);
	return ok;
}

struct filling {
	struct givens *g;
	struct err *e;
};

static bool take(void *arg, const struct env_source *s)
{
	const struct filling *f = arg;

	return s->path ? add_file(f->g, s->key, s->path, f->e) : add_env(f->g, s->key, s->variable, f->e);
}

static struct env_option env_option_of(const struct givens *g, const struct dnsproof_option *o)
{
	struct env_option option = {.key = o->key,
	                            .required = o->flags & DNSPROOF_REQUIRED,
	                            .one_of = o->flags & DNSPROOF_ONE_OF,
	                            .secret = o->flags & DNSPROOF_SECRET,
	                            .in_set = o->flags & DNSPROOF_ENV_SET,
	                            .given = givens_find(g, o->key)};

	strs_words(&option.names, o->env);
	return option;
}

bool secret_source_add_environment(struct givens *g, const struct dnsproof_option *table, struct err *e)
{
	struct filling f = {g, e};
	struct env_option *all = NULL;
	size_t n = 0;
	bool ok;

	for (const struct dnsproof_option *o = table; o && o->key; o++) {
		all = xgrow(all, n, sizeof(*all));
		all[n++] = env_option_of(g, o);
	}
	ok = env_names_fill(all, n, false, take, &f);
	env_options_free(all, n);
	return ok;
}
