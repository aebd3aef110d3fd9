#include "engine/acme/domain_limit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"

static const char before[] = "too many certificates (", between[] = ") already issued for \"",
                  after[] = "\" in the last ";

/* What stands in quotes in: too many certificates (50) already issued for "example.com" in the last 168h0m0s, ...
 * New, or NULL. */
static char *quoted_domain(const char *detail)
{
	const char *p = strstr(detail, before), *domain, *end;

	if (!p || strstr(p + 1, before))
		return NULL;
	p += sizeof(before) - 1;
	p += strspn(p, "0123456789");
	if (!str_starts(p, between))
		return NULL;
	domain = p + sizeof(between) - 1;
	end = strchr(domain, '"');
	return end && str_starts(end, after) ? xstrndup(domain, (size_t)(end - domain)) : NULL;
}

static bool is_domain(const char *text)
{
	struct err ignored;
	char *name = name_normalise(text, &ignored);
	bool is = name && strcmp(name, text) == 0 && *name != '*' && name_labels(name) > 1;

	free(name);
	return is;
}

static bool has_name_of(const char *names, const char *domain)
{
	json_t *list = json_loads(names, 0, NULL);
	const json_t *v;
	bool has = false;
	size_t i;

	json_array_foreach(list, i, v) has =
	    has || (json_is_string(v) && name_is_below(json_string_value(v), domain));
	json_decref(list);
	return has;
}

/* All that are refused must be the same one. */
static char *subproblem_domain(const struct problem *p)
{
	const char *domain = NULL;

	for (size_t i = 0; i < p->subs; i++) {
		const char *one = p->sub[i].identifier;

		if (strcmp(p->sub[i].type, "rateLimited") != 0)
			continue;
		if (!one || (domain && strcmp(one, domain) != 0))
			return NULL;
		domain = one;
	}
	return xstrdup(domain);
}

char *domain_limit(const struct problem *p, const char *names)
{
	char *domain;

	if (p->status != 429 || strcmp(p->type, "rateLimited") != 0)
		return NULL;
	domain = p->subs ? subproblem_domain(p) : quoted_domain(p->detail);
	if (domain && is_domain(domain) && has_name_of(names, domain))
		return domain;
	free(domain);
	return NULL;
}
