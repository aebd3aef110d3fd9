#include "config.h"

#include "secret_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* "file:NAME": the variable holds a path. */
static const char *variable_of(const char *name)
{
	return str_starts(name, "file:") ? name + strlen("file:") : name;
}

/* 1 = was set and added (looked only: not added), 0 = is not set, -1 = e. */
static int try_name(struct givens *g, const char *key, const char *name, bool look, struct err *e)
{
	bool is_path = variable_of(name) != name;
	char *of_file = xasprintf("%s_FILE", name);
	const char *value = is_path ? NULL : getenv(name);
	const char *path = getenv(is_path ? variable_of(name) : of_file);
	int result = 0;

	free(of_file);
	if (value && *value)
		result = look || add_env(g, key, name, e) ? 1 : -1;
	else if (path && *path)
		result = look || add_file(g, key, path, e) ? 1 : -1;
	return result;
}

/* The same of all names of an option; of one program's set where `set` says which. */
static int try_names(struct givens *g, const struct dnsproof_option *o, const char *set, char **found,
                     struct err *e)
{
	const char *names = o->env;
	int result = 0;

	while (!result && names && *(names += strspn(names, " "))) {
		size_t n = strcspn(names, " ");
		char *name = xstrndup(names, n);

		if (!set || str_starts(variable_of(name), set))
			result = try_name(g, o->key, name, found != NULL, e);
		if (result > 0 && found)
			*found = xstrdup(variable_of(name));
		free(name);
		names += n;
	}
	return result;
}

/* "RFC2136_": the first word of the first name that is set, of those that come in sets. New; NULL. */
static char *set_of(const struct dnsproof_option *table)
{
	char *name = NULL;
	struct err ignored;

	for (const struct dnsproof_option *o = table; o && o->key && !name; o++)
		if (o->flags & DNSPROOF_ENV_SET)
			try_names(NULL, o, NULL, &name, &ignored);
	if (name)
		name[strcspn(name, "_") + 1] = '\0';
	return name;
}

/* Is an option given that has one of the flags? */
static bool is_given(const struct givens *g, const struct dnsproof_option *table, unsigned flags)
{
	for (const struct dnsproof_option *o = table; o && o->key; o++)
		if ((o->flags & flags) && givens_find(g, o->key))
			return true;
	return false;
}

bool secret_source_add_environment(struct givens *g, const struct dnsproof_option *table, struct err *e)
{
	bool credential_given = is_given(g, table, DNSPROOF_ONE_OF | DNSPROOF_SECRET);
	bool any_given = credential_given || is_given(g, table, DNSPROOF_REQUIRED);

	char *set = set_of(table);
	bool ok = true;

	for (const struct dnsproof_option *o = table; ok && o && o->key; o++) {
		bool needed = o->flags & (DNSPROOF_REQUIRED | DNSPROOF_ONE_OF);
		bool wanted = needed ? !credential_given : !any_given;

		if (wanted && !givens_find(g, o->key))
			ok = try_names(g, o, o->flags & DNSPROOF_ENV_SET ? set : NULL, NULL, e) >= 0;
	}
	free(set);
	return ok;
}
