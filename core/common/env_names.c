#include "config.h"

#include "common/env_names.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

static const char *value_of(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value ? value : NULL;
}

static const char *variable_of(const char *name)
{
	return str_starts(name, "file:") ? name + strlen("file:") : name;
}

static bool source_find(struct env_source *s, const char *name, bool absolute)
{
	bool is_path = variable_of(name) != name;
	char *of_path = is_path ? xstrdup(variable_of(name)) : xasprintf("%s_FILE", name);

	s->variable = variable_of(name);
	s->path = is_path || !value_of(name) ? value_of(of_path) : NULL;
	free(of_path);
	if (s->path)
		return !absolute || *s->path == '/';
	return !is_path && value_of(name);
}

/* Of the first name that is set; of one program's set where `set` says which. */
static bool source_first(struct env_source *s, const struct env_option *o, const char *set, bool absolute)
{
	for (size_t i = 0; i < o->names.n; i++) {
		const char *name = o->names.at[i];

		s->key = o->key;
		if ((!set || str_starts(variable_of(name), set)) && source_find(s, name, absolute))
			return true;
	}
	return false;
}

/* "RFC2136_": the first word of the first name that is set, of those that come in sets. New; NULL. */
static char *set_of(const struct env_option *options, size_t n, bool absolute)
{
	struct env_source s;

	for (size_t i = 0; i < n; i++)
		if (options[i].in_set && source_first(&s, &options[i], NULL, absolute))
			return xstrndup(s.variable, strcspn(s.variable, "_") + 1);
	return NULL;
}

bool env_names_fill(const struct env_option *options, size_t n, bool absolute,
                    bool (*tell)(void *arg, const struct env_source *source), void *arg)
{
	bool credential_given = false, any_given = false, ok = true;
	char *set = set_of(options, n, absolute);

	for (size_t i = 0; i < n; i++) {
		credential_given |= options[i].given && (options[i].one_of || options[i].secret);
		any_given |= options[i].given && options[i].required;
	}
	any_given |= credential_given;
	for (size_t i = 0; ok && i < n; i++) {
		const struct env_option *o = &options[i];
		bool wanted = o->required || o->one_of ? !credential_given : !any_given;
		struct env_source s;

		if (wanted && !o->given && source_first(&s, o, o->in_set ? set : NULL, absolute))
			ok = tell(arg, &s);
	}
	free(set);
	return ok;
}

void env_options_free(struct env_option *options, size_t n)
{
	for (size_t i = 0; i < n; i++)
		strs_free(&options[i].names);
	free(options);
}
