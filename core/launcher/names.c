#include "config.h"

#include "launcher/names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"

#define ID_MOST          200
#define COMMON_NAME_MOST 64

static bool has_duplicate(const struct strs *names, const char *name, const char *typed, struct err *e)
{
	if (!strs_has(names, name))
		return false;
	err_set(e, "%s is named twice; leave one out", name);
	if (strcmp(name, typed) != 0)
		err_set(e, "%s is named twice (once as %s); leave one out", name, typed);
	return true;
}

static bool is_covered(const struct strs *names, struct err *e)
{
	for (size_t i = 0; i < names->n; i++) {
		const char *rest = name_parent(names->at[i]);
		if (!rest || str_starts(names->at[i], "*."))
			continue;
		char *wildcard = xasprintf("*.%s", rest);
		bool covered = strs_has(names, wildcard);
		if (covered)
			err_set(e,
			        "%s is covered by %s already, and CAs refuse both together; "
			        "leave %s out",
			        names->at[i], wildcard, names->at[i]);
		free(wildcard);
		if (covered)
			return true;
	}
	return false;
}

bool names_check(const struct strs *typed, struct strs *names, struct err *e)
{
	if (typed->n > NAMES_MOST)
		return err_set(e,
		               "%zu names, but a certificate holds at most %d; make several "
		               "certificates",
		               typed->n, NAMES_MOST);
	for (size_t i = 0; i < typed->n; i++) {
		char *name = name_normalise(typed->at[i], e);
		bool twice = name && has_duplicate(names, name, typed->at[i], e);
		if (name)
			strs_add(names, name);
		free(name);
		if (!name || twice)
			return false;
	}
	return !is_covered(names, e);
}

static char *id_given(const char *given, struct err *e)
{
	char *id = xstrdup(given);
	bool ok = *id && strlen(id) <= ID_MOST && (isalnum((unsigned char)*id) || *id == '_');
	for (char *c = id; *c; c++) {
		*c = (char)tolower((unsigned char)*c);
		ok = ok && (isalnum((unsigned char)*c) || strchr("._-", *c));
	}
	if (ok)
		return id;
	free(id);
	err_set(e,
	        "%s: an ID is made of a-z, 0-9, '.', '_' and '-', begins with a letter, "
	        "digit or '_', and has at most %d characters",
	        given, ID_MOST);
	return NULL;
}

char *names_id(const char *given, const struct strs *names, struct err *e)
{
	if (given)
		return id_given(given, e);
	const char *first = names->at[0];
	return xstrdup(str_starts(first, "*.") ? first + 2 : first);
}

static void say_missing(struct buf *b, const char *verb, const struct strs *from, const struct strs *in)
{
	const char *lead = verb;
	for (size_t i = 0; i < from->n; i++) {
		if (strs_has(in, from->at[i]))
			continue;
		if (lead == verb && b->len)
			buf_add_str(b, "; ");
		buf_printf(b, "%s%s", lead, from->at[i]);
		lead = ", ";
	}
}

char *names_difference(const struct strs *old, const struct strs *now)
{
	struct buf b;
	buf_init(&b, 0);
	say_missing(&b, "add ", now, old);
	say_missing(&b, "drop ", old, now);
	return buf_take(&b);
}

bool names_common_name(const char *name, const struct strs *names, struct err *e)
{
	if (!strs_has(names, name))
		return err_set(e, "%s is none of the certificate's names, expected one of them, or none",
		               name);
	return strlen(name) <= COMMON_NAME_MOST ||
	       err_set(e, "%s is longer than the %d octets of a common name, expected a shorter one, or none",
	               name, COMMON_NAME_MOST);
}

static bool labels_are_fine(const char *name)
{
	if (strlen(name) > 253)
		return false;
	for (;;) {
		size_t n = strcspn(name, ".");
		if (n == 0 || n > 63)
			return false;
		for (size_t i = 0; i < n; i++)
			if (!isalnum((unsigned char)name[i]) && !strchr("_-", name[i]))
				return false;
		if (!name[n])
			return true;
		name += n + 1;
	}
}

char *names_pattern(const char *typed, bool wildcards, struct err *e)
{
	char *name = xstrdup(typed);
	size_t n = strlen(name);
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (n > 1 && name[n - 1] == '.')
		name[n - 1] = '\0';
	const char *rest = name;
	if (wildcards && str_starts(name, "**."))
		rest = name + 3;
	else if (wildcards && str_starts(name, "*."))
		rest = name + 2;
	if (labels_are_fine(rest) || (!wildcards && strcmp(name, ".") == 0))
		return name;
	free(name);
	err_set(e, "%s: not a %s", typed,
	        wildcards ? "pattern: type a name, *.NAME (one label more) or "
	                    "**.NAME (any name below), in ASCII (A-labels)"
	                  : "zone name in ASCII (A-labels)");
	return NULL;
}

static bool is_port(const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);
	return isdigit((unsigned char)*text) && !*end && port >= 1 && port <= 65535;
}

static bool is_ip(const char *text)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

bool names_is_address(const char *text)
{
	bool ok = is_ip(text);
	if (ok || strlen(text) > 64)
		return ok;
	char *copy = xstrdup(text), *host = copy;
	char *colon = strrchr(copy, ':');
	if (colon && is_port(colon + 1)) {
		*colon = '\0';
		size_t n = strlen(host);
		bool bracket = n > 2 && *host == '[' && host[n - 1] == ']';
		if (bracket) {
			host[n - 1] = '\0';
			host++;
		}
		ok = is_ip(host) && bracket == (strchr(host, ':') != NULL);
	}
	free(copy);
	return ok;
}

/* As dig takes it: ADDR#PORT. */
static bool has_hash_port(const char *text)
{
	size_t n = strcspn(text, "#");
	char *host = xstrndup(text, n);
	bool ok = text[n] && is_port(text + n + 1) && is_ip(host);
	free(host);
	return ok;
}

static bool addresses_are_fine(const char *list)
{
	char *copy = xstrdup(list), *rest = copy, *one;
	bool ok = true;
	while ((one = strsep(&rest, ",")))
		ok = ok && (names_is_address(one) || has_hash_port(one));
	free(copy);
	return ok;
}

char *names_servers(const char *typed, struct err *e)
{
	const char *equals = strchr(typed, '=');
	if (!equals || (strcmp(equals, "=auto") != 0 && !addresses_are_fine(equals + 1))) {
		err_set(e,
		        "%s: type ZONE=ADDR,ADDR... with IP addresses (ADDR, ADDR:PORT, "
		        "[ADDR6]:PORT or ADDR#PORT), or ZONE=auto",
		        typed);
		return NULL;
	}
	char *typed_zone = xstrndup(typed, (size_t)(equals - typed));
	char *zone = names_pattern(typed_zone, false, e), *all = NULL;
	if (zone)
		all = xasprintf("%s%s", zone, equals);
	free(zone);
	free(typed_zone);
	return all;
}
