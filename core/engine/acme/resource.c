#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/resource.h"
#include "engine/acme/rfc3339.h"
#include "common/url.h"

enum { NAMES_MOST = 1000, CHALLENGES_MOST = 50, TOKEN_LEAST = 22, TOKEN_MOST = 128 };

static const char *const statuses[] = {
    [ACME_PENDING] = "pending", [ACME_READY] = "ready",     [ACME_PROCESSING] = "processing",
    [ACME_VALID] = "valid",     [ACME_INVALID] = "invalid", [ACME_DEACTIVATED] = "deactivated",
    [ACME_EXPIRED] = "expired", [ACME_REVOKED] = "revoked",
};

const char *acme_status_text(enum acme_status s)
{
	return statuses[s];
}

json_t *new_account_payload(const char *email, bool agree_tos, json_t *eab)
{
	json_t *payload = json_object();

	if (agree_tos)
		json_object_set_new(payload, "termsOfServiceAgreed", json_true());
	if (email && *email)
		json_object_set_new(payload, "contact", json_pack("[o]", json_sprintf("mailto:%s", email)));
	if (eab)
		json_object_set(payload, "externalAccountBinding", eab);
	return payload;
}

json_t *find_account_payload(void)
{
	return json_pack("{s:b}", "onlyReturnExisting", 1);
}

json_t *order_payload(const struct strs *names, const char *profile, const char *replaces)
{
	json_t *payload = json_object(), *identifiers = json_array();

	for (size_t i = 0; i < names->n; i++)
		json_array_append_new(identifiers,
		                      json_pack("{s:s, s:s}", "type", "dns", "value", names->at[i]));
	json_object_set_new(payload, "identifiers", identifiers);
	if (profile)
		json_object_set_new(payload, "profile", json_string(profile));
	if (replaces)
		json_object_set_new(payload, "replaces", json_string(replaces));
	return payload;
}

/* A copy in lower case, or NULL when it is not a plain domain name. */
static char *plain_name(const char *text, bool wildcard_allowed)
{
	size_t label = 0, n = text ? strlen(text) : 0;
	const char *at = text;
	char *name;

	if (n == 0 || n > 253)
		return NULL;
	if (wildcard_allowed && strncmp(at, "*.", 2) == 0)
		at += 2;
	if (!*at)
		return NULL;
	for (; *at; at++) {
		if (*at == '.' && (label == 0 || !at[1]))
			return NULL;
		if (*at != '.' && !isalnum((unsigned char)*at) && *at != '-' && *at != '_')
			return NULL;
		label = *at == '.' ? 0 : label + 1;
		if (label > 63)
			return NULL;
	}
	name = xstrdup(text);
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return name;
}

static bool status_member(const json_t *object, const char *what, enum acme_status *status, struct err *e)
{
	const char *text = json_string_value(json_object_get(object, "status"));

	if (!json_is_object(object))
		return err_set(e, "the answer is no JSON object, so no %s", what);
	for (size_t i = 0; text && i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (strcmp(statuses[i], text) == 0) {
			*status = (enum acme_status)i;
			return true;
		}
	}
	return err_set(e, "%s has no known status", what);
}

/* Java's and Go's defaults differ from RFC 3339; an unreadable date is no date. */
static int64_t expires_member(const json_t *object)
{
	return rfc3339_parse(json_string_value(json_object_get(object, "expires")));
}

static char *optional_url(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && url_valid(text) ? xstrdup(text) : NULL;
}

static bool url_member(const json_t *object, const char *what, const char *key, char **url, struct err *e)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (!text || !url_valid(text))
		return err_set(e, "%s has no usable https URL in %s", what, key);
	*url = xstrdup(text);
	return true;
}

/* identifier: {"type":"dns","value":...}; new name or NULL. */
static char *identifier_name(const json_t *identifier, struct err *e)
{
	const char *type = json_string_value(json_object_get(identifier, "type"));
	char *name;

	if (!type || strcmp(type, "dns") != 0) {
		err_set(e, "an identifier is not of type dns");
		return NULL;
	}
	name = plain_name(json_string_value(json_object_get(identifier, "value")), true);
	if (!name)
		err_set(e, "an identifier is not a plain domain name");
	return name;
}

static bool order_authorizations(struct acme_order *o, const json_t *list, struct err *e)
{
	size_t n = json_array_size(list);

	if (n > NAMES_MOST)
		return err_set(e, "order has %zu authorizations (%d are possible)", n, NAMES_MOST);
	for (size_t i = 0; i < n; i++) {
		const char *url = json_string_value(json_array_get(list, i));

		if (!url || !url_valid(url))
			return err_set(e, "order has an authorization that is not an https URL");
		strs_add(&o->authorizations, url);
	}
	return true;
}

static char *text_copy(const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? xstrdup(text) : NULL;
}

struct acme_order *acme_order_parse(const json_t *json, struct err *e)
{
	struct acme_order *o = xcalloc(1, sizeof(*o));

	if (status_member(json, "order", &o->status, e) &&
	    order_authorizations(o, json_object_get(json, "authorizations"), e)) {
		o->expires = expires_member(json);
		o->finalize = optional_url(json, "finalize");
		o->certificate = optional_url(json, "certificate");
		o->profile = text_copy(json_object_get(json, "profile"));
		o->error = problem_from_json(json_object_get(json, "error"), 0);
		return o;
	}
	acme_order_free(o);
	return NULL;
}

void acme_order_free(struct acme_order *o)
{
	if (!o)
		return;
	strs_free(&o->authorizations);
	free_all(o->finalize, o->certificate, o->profile);
	problem_free(o->error);
	free(o);
}

static void challenge_clear(struct acme_challenge *c)
{
	free_all(c->url, c->token);
	problem_free(c->error);
	memset(c, 0, sizeof(*c));
}

static bool challenge_parse(struct acme_challenge *c, const json_t *json, struct err *e)
{
	const char *token = json_string_value(json_object_get(json, "token"));

	if (!status_member(json, "dns-01 challenge", &c->status, e) ||
	    !url_member(json, "dns-01 challenge", "url", &c->url, e))
		return false;
	if (!token || !str_is_b64url(token, TOKEN_LEAST, TOKEN_MOST))
		return err_set(e, "dns-01 challenge has a token that is not %d to %d base64url characters",
		               TOKEN_LEAST, TOKEN_MOST);
	c->token = xstrdup(token);
	c->error = problem_from_json(json_object_get(json, "error"), 0);
	return true;
}

static bool is_dns01(const json_t *challenge)
{
	const char *type = json_string_value(json_object_get(challenge, "type"));

	return type && strcmp(type, "dns-01") == 0;
}

/* Only what is pending must offer a sound challenge: an authorization that is decided needs none. */
static bool authz_challenges(struct acme_authz *a, const json_t *list, struct err *e)
{
	size_t i;
	json_t *item;

	if (json_array_size(list) > CHALLENGES_MOST)
		return err_set(e, "authorization has more than %d challenges", CHALLENGES_MOST);
	json_array_foreach(list, i, item)
	{
		if (!a->error)
			a->error = problem_from_json(json_object_get(item, "error"), 0);
		if (a->has_dns01 || !is_dns01(item))
			continue;
		a->has_dns01 = challenge_parse(&a->dns01, item, e);
		if (!a->has_dns01 && a->status == ACME_PENDING)
			return err_prefix(e, "%s", a->name);
		if (!a->has_dns01)
			challenge_clear(&a->dns01);
	}
	if (a->dns01.error) {
		problem_free(a->error);
		a->error = problem_copy(a->dns01.error);
	}
	return true;
}

/* "*.NAME" in the identifier says wildcard as the member of that name does. */
static bool authz_identifier(struct acme_authz *a, const json_t *json, struct err *e)
{
	char *name = identifier_name(json_object_get(json, "identifier"), e);

	a->wildcard = json_is_true(json_object_get(json, "wildcard")) || (name && str_starts(name, "*."));
	a->name = xstrdup(name && str_starts(name, "*.") ? name + 2 : name);
	free(name);
	return a->name || err_prefix(e, "authorization");
}

struct acme_authz *acme_authz_parse(const json_t *json, struct err *e)
{
	struct acme_authz *a = xcalloc(1, sizeof(*a));

	if (!status_member(json, "authorization", &a->status, e))
		goto bad;
	if (!authz_identifier(a, json, e)) {
		if (a->status == ACME_PENDING)
			goto bad;
		a->name = xstrdup("?");
	}
	a->expires = expires_member(json);
	a->subdomains = json_is_true(json_object_get(json, "subdomainAuthAllowed"));
	if (authz_challenges(a, json_object_get(json, "challenges"), e))
		return a;
bad:
	acme_authz_free(a);
	return NULL;
}

void acme_authz_free(struct acme_authz *a)
{
	if (!a)
		return;
	free(a->name);
	challenge_clear(&a->dns01);
	problem_free(a->error);
	free(a);
}
