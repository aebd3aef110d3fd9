#include "store.h"

#include <string.h>
#include <strings.h>

#include "shared/given.h"

#define CHALLENGE "_acme-challenge."

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static struct account account_of(const struct dnsproof_call *call, const char *domain, const json_t *json)
{
	const char *server = text_of(json, "server_url");

	return (struct account){.domain = *domain ? domain : NULL,
	                        .fulldomain = text_of(json, "fulldomain"),
	                        .subdomain = text_of(json, "subdomain"),
	                        .username = text_of(json, "username"),
	                        .password = text_of(json, "password"),
	                        .server = server && *server ? server : given_text(call, "server")};
}

/* One account, as /register answers, or as options, stands under the domain "". */
static json_t *as_map(const struct dnsproof_call *call)
{
	const char *text = given_text(call, "accounts");
	json_t *json;

	if (!text)
		return json_pack("{s:{s:s*,s:s*,s:s*}}", "", "subdomain", given_text(call, "subdomain"),
		                 "username", given_text(call, "username"), "password",
		                 given_text(call, "password"));
	json = json_loads(text, 0, NULL);
	return json_is_string(json_object_get(json, "username")) ? json_pack("{s:o}", "", json) : json;
}

static const char *trouble(const struct dnsproof_call *call, const json_t *store)
{
	const char *domain;
	json_t *json;

	if (!json_is_object(store))
		return "option accounts: is no JSON object; expected what /register answered, or "
		       "such answers by domain";
	json_object_foreach((json_t *)store, domain, json)
	{
		struct account a = account_of(call, domain, json);

		if (!a.subdomain || !a.username || !a.password)
			return "an account needs subdomain, username and password; register one: "
			       "see "
			       "dnsproof-cloud(7)";
		if (!a.server || strncmp(a.server, "http", 4) != 0)
			return "option server: is needed, for instance --set "
			       "server=https://auth.acme-dns.io";
		if (strpbrk(a.subdomain, "\"\\ \n"))
			return "option accounts: a subdomain is malformed";
	}
	return NULL;
}

enum dnsproof_rc store_open(const struct dnsproof_call *call, json_t **store)
{
	json_t *map = as_map(call), *json;
	const char *why = trouble(call, map), *domain;

	if (why) {
		json_decref(map);
		return call->host->fail(call, DNSPROOF_INVALID, "%s", why);
	}
	json_object_foreach(map, domain, json) call->host->secret(call, text_of(json, "password"));
	*store = map;
	return DNSPROOF_OK;
}

int store_find(const struct dnsproof_call *call, const json_t *store, const char *name, const char *relative,
               struct account *account)
{
	const char *domain;
	json_t *json;

	json_object_foreach((json_t *)store, domain, json)
	{
		size_t n;

		*account = account_of(call, domain, json);
		n = account->fulldomain ? strlen(account->fulldomain) : 0;
		if (n > 0 && account->fulldomain[n - 1] == '.')
			n--;
		if (n > 0 ? strlen(name) == n && !strncasecmp(account->fulldomain, name, n)
		          : !strcasecmp(account->subdomain, relative))
			return 1;
	}
	return 0;
}

int store_find_registered(const struct dnsproof_call *call, const json_t *store, const char *name,
                          struct account *account)
{
	size_t n = strlen(CHALLENGE);
	const char *domain;
	json_t *json;

	if (strncmp(name, CHALLENGE, n) != 0)
		return 0;
	json_object_foreach((json_t *)store, domain, json)
	{
		*account = account_of(call, domain, json);
		if ((!account->domain || !strcasecmp(domain, name + n)) && account->fulldomain)
			return 1;
	}
	return 0;
}
