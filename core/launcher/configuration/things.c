#include "config.h"

#include "launcher/configuration/things.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/nearest.h"

static const char *section_of(enum spec_key key)
{
	return key == KEY_DNS ? "dns" : key == KEY_DEPLOY ? "deploy" : "ca";
}

static size_t count(const struct configuration *c, enum spec_key key)
{
	return key == KEY_DNS ? c->dnss : key == KEY_DEPLOY ? c->deploys : c->ca.n;
}

static const char *name_at(const struct configuration *c, enum spec_key key, size_t i)
{
	return key == KEY_DNS ? c->dns[i].name : key == KEY_DEPLOY ? c->deploy_at[i].name : c->ca.at[i].name;
}

bool things_find(const struct configuration *c, enum spec_key key, const char *name, struct err *e)
{
	size_t n = count(c, key);
	const char **names = xcalloc(n + 1, sizeof *names);
	bool there = false;
	for (size_t i = 0; i < n; i++) {
		names[i] = name_at(c, key, i);
		there = there || strcmp(names[i], name) == 0;
	}
	const char *near = there ? NULL : nearest_close(name, names, n), *section = section_of(key);
	if (near)
		err_set(e, "there is no '%.80s' under %s; did you mean %s?", name, section, near);
	else if (!there)
		err_set(e, "there is no '%.80s' under %s, expected %s", name, section,
		        n ? "the name of one that is there" : "it to be defined there");
	free(names);
	return there;
}
