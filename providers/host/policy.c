#include "config.h"

#include "policy.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#define NAME_CHARS   "abcdefghijklmnopqrstuvwxyz0123456789-_"
#define VALUE_LENGTH 43

void policy_free(struct policy *p)
{
	free(p->account);
	strs_free(&p->zones);
	strs_free(&p->targets);
}

static void add_name(struct strs *to, const char *typed)
{
	char *name = xstrdup(typed);
	size_t n = strlen(name);

	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (n > 1 && name[n - 1] == '.')
		name[n - 1] = '\0';
	strs_add(to, name);
	free(name);
}

void policy_add_zone(struct policy *p, const char *zone)
{
	add_name(&p->zones, zone);
}

void policy_add_target(struct policy *p, const char *pattern)
{
	add_name(&p->targets, pattern);
}

/* Absolute, lower case, no trailing dot, nothing a provider could take for something else. */
static bool name_is_plain(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > 253)
		return false;
	for (const char *label = name;; label++) {
		size_t n = strspn(label, NAME_CHARS);

		if (n == 0 || n > 63)
			return false;
		label += n;
		if (!*label)
			return true;
		if (*label != '.')
			return false;
	}
}

static bool zone_is_ours(const struct policy *p, const char *zone, struct err *e)
{
	char *list;

	if (p->zones.n == 0 || strs_has(&p->zones, zone))
		return true;
	list = strs_join(&p->zones, ", ");
	err_set(e, "%s: not allowed for account %s, its zones are %.400s; add --zone '%s'", zone, p->account,
	        list, zone);
	free(list);
	return false;
}

static bool owner_is_ours(const struct policy *p, const char *name, struct err *e)
{
	if (!strcmp(name, "_acme-challenge") || str_starts(name, "_acme-challenge."))
		return true;
	for (size_t i = 0; i < p->targets.n; i++)
		if (name_matches(name, p->targets.at[i]))
			return true;
	return err_set(
	    e, "%s: not allowed for account %s: only _acme-challenge names %sare; add --cname-target '%s'",
	    name, p->account, p->targets.n ? "and its targets " : "", name);
}

bool policy_allows(const struct policy *p, const char *zone, const char *name, struct err *e)
{
	if (!name_is_plain(zone))
		return err_set(e, "'%.80s': not the name of a zone", zone);
	if (!zone_is_ours(p, zone, e))
		return false;
	if (!name)
		return true;
	if (!name_is_plain(name))
		return err_set(e, "'%.80s': not a name that TXT records are put at", name);
	if (!name_is_below(name, zone))
		return err_set(e, "%s: is not in the zone %s", name, zone);
	return owner_is_ours(p, name, e);
}

bool policy_allows_value(const struct policy *p, const char *value, struct err *e)
{
	if (str_is_b64url(value, VALUE_LENGTH, VALUE_LENGTH))
		return true;
	return err_set(e, "a value that is not %d characters of base64url: not allowed for account %s",
	               VALUE_LENGTH, p->account);
}
