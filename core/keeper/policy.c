#include "config.h"

#include <string.h>
#include <strings.h>

#include "common/str.h"
#include "common/url.h"
#include "keeper/policy.h"

#define PAYLOAD_MOST 50000 /* what Boulder takes */

typedef bool check_fn(const struct policy *p, const json_t *payload, struct err *e);

static bool text_member(const json_t *payload, const char *name, size_t most, struct err *e)
{
	const json_t *value = json_object_get(payload, name);

	if (value && (!json_is_string(value) || json_string_length(value) > most))
		return err_set(e, "\"%s\" is not a text of at most %zu octets", name, most);
	return true;
}

static bool identifier_ok(const struct policy *p, const json_t *identifier, struct err *e)
{
	const char *type = json_string_value(json_object_get(identifier, "type"));
	const char *value = json_string_value(json_object_get(identifier, "value"));

	if (json_object_size(identifier) != 2 || !type || !value || strcmp(type, "dns") != 0)
		return err_set(e, "an identifier is not {\"type\":\"dns\",\"value\":NAME}");
	if (!setup_has_name(p->setup, value))
		return err_set(e, "'%.253s' is in no certificate of this run", value);
	return true;
}

static bool profile_ok(const struct policy *p, const json_t *payload, struct err *e)
{
	const json_t *value = json_object_get(payload, "profile");
	const char *profile = json_string_value(value);

	return !value || (profile && setup_has_profile(p->setup, profile)) ||
	       err_set(e, "\"profile\" is not that of any certificate of this run");
}

static bool check_order(const struct policy *p, const json_t *payload, struct err *e)
{
	const json_t *list = json_object_get(payload, "identifiers"), *identifier;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return err_set(e, "\"identifiers\" is not a list of names");
	json_array_foreach(list, i, identifier) if (!identifier_ok(p, identifier, e)) return false;
	return text_member(payload, "replaces", 200, e) && profile_ok(p, payload, e);
}

static bool check_csr(const struct policy *p, const json_t *payload, struct err *e)
{
	const char *csr = json_string_value(json_object_get(payload, "csr"));

	if (!csr || !json_object_get(p->csrs, csr))
		return err_set(e, "\"csr\" is not a request that this keeper made");
	return true;
}

static size_t parent_of(const char *path, size_t n)
{
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n;
}

static bool path_begins(const char *path, size_t n, const char *with, size_t m)
{
	return m <= n && strncasecmp(path, with, m) == 0 && (m == n || path[m] == '/');
}

/* Servers differ in what they take for the same resource: an authorization is told from an account by the
 * folder it lies in, not by its last word. */
static bool may_be_account(const char *url, const char *kid)
{
	const char *path, *account;
	size_t n, m, parent;

	if (!url_valid(url) || !url_valid(kid) || !url_path_plain(url) || !url_path_plain(kid))
		return true;
	n = url_path(url, &path);
	m = url_path(kid, &account);
	parent = parent_of(path, n);
	if (path_begins(path, n, account, m) || path_begins(account, m, path, n))
		return true;
	return parent == parent_of(account, m) && strncasecmp(path, account, parent) == 0;
}

static bool check_deactivation(const struct policy *p, const json_t *payload, struct err *e)
{
	const char *status = json_string_value(json_object_get(payload, "status"));

	if (!status || strcmp(status, "deactivated") != 0)
		return err_set(e, "the only \"status\" to ask for is \"deactivated\"");
	if (setup_has_task(p->setup, "deactivate"))
		return strcmp(p->url, p->kid) == 0 || err_set(e, "this run may deactivate the account alone");
	if (may_be_account(p->url, p->kid))
		return err_set(e, "this run may not deactivate the account");
	return true;
}

static bool contacts_ok(const json_t *payload, struct err *e)
{
	const json_t *contacts = json_object_get(payload, "contact"), *contact;
	size_t i;

	if (contacts && (!json_is_array(contacts) || json_array_size(contacts) > 10))
		return err_set(e, "\"contact\" is not a list of at most 10 addresses");
	json_array_foreach(
	    contacts, i,
	    contact) if (!json_is_string(contact) ||
	                 !str_starts(json_string_value(contact),
	                             "mailto:")) return err_set(e,
	                                                        "a \"contact\" does not begin with mailto:");
	return true;
}

static bool check_update(const struct policy *p, const json_t *payload, struct err *e)
{
	if (!setup_has_task(p->setup, "update") || strcmp(p->url, p->kid) != 0)
		return err_set(e, "this run may not change the account");
	return contacts_ok(payload, e);
}

static bool check_account(const struct policy *p, const json_t *payload, struct err *e)
{
	const json_t *agreed = json_object_get(payload, "termsOfServiceAgreed");
	const json_t *existing = json_object_get(payload, "onlyReturnExisting");
	const json_t *binding = json_object_get(payload, "externalAccountBinding");
	const char *signature = json_string_value(json_object_get(binding, "signature"));

	if ((agreed && !json_is_boolean(agreed)) || (existing && !json_is_boolean(existing)))
		return err_set(e, "a member that should be true or false is not");
	if (binding && (!signature || !json_object_get(p->bindings, signature)))
		return err_set(e, "\"externalAccountBinding\" is not one that this keeper made");
	if (setup_has_task(p->setup, "import") && !json_is_true(existing))
		return err_set(e, "this run may not make an account");
	return contacts_ok(payload, e);
}

static bool check_revocation(const struct policy *p, const json_t *payload, struct err *e)
{
	const char *certificate = json_string_value(json_object_get(payload, "certificate"));
	const json_t *reason = json_object_get(payload, "reason");
	const json_t *known = certificate ? json_object_get(p->revocations, certificate) : NULL;

	if (!known)
		return err_set(e, "\"certificate\" is not one that this run may revoke");
	if ((reason && !json_is_integer(reason)) ||
	    json_integer_value(reason) != json_integer_value(json_object_get(known, "reason")))
		return err_set(e, "\"reason\" is not the one that was given");
	if (json_is_true(json_object_get(known, "own_key")) != !p->kid)
		return err_set(e, "another key is to sign this revocation");
	*p->revocation = known;
	return true;
}

static bool check_rollover(const struct policy *p, const json_t *payload, struct err *e)
{
	const char *signature = json_string_value(json_object_get(payload, "signature"));
	const char *url = signature ? json_string_value(json_object_get(p->rollovers, signature)) : NULL;

	return (url && strcmp(url, p->url) == 0) ||
	       err_set(e, "this is no change of keys that this keeper made for that URL");
}

static const struct rule {
	const char *what;
	bool with_kid;           /* signed with kid, not with jwk */
	bool without_orders;     /* allowed in `clean` and `ca`, too */
	const char *needs;       /* member by which it is known; NULL = none */
	const char *may_have[4]; /* other members */
	check_fn *check;         /* NULL = nothing more to look at */
} rules[] = {
    {"new order", true, false, "identifiers", {"profile", "replaces"}, check_order},
    {"finalize", true, false, "csr", {NULL}, check_csr},
    {"deactivation", true, true, "status", {NULL}, check_deactivation},
    {"account update", true, true, "contact", {NULL}, check_update},
    {"key change", true, true, "signature", {"protected", "payload"}, check_rollover},
    {"revocation", true, true, "certificate", {"reason"}, check_revocation},
    {"revocation", false, true, "certificate", {"reason"}, check_revocation},
    {"challenge", true, true, NULL, {NULL}, NULL},
    {"new account",
     false,
     true,
     NULL,
     {"termsOfServiceAgreed", "contact", "onlyReturnExisting", "externalAccountBinding"},
     check_account},
};

static bool rule_names(const struct rule *r, const char *member)
{
	if (r->needs && strcmp(r->needs, member) == 0)
		return true;
	for (size_t i = 0; i < sizeof(r->may_have) / sizeof(*r->may_have); i++)
		if (r->may_have[i] && strcmp(r->may_have[i], member) == 0)
			return true;
	return false;
}

static bool rule_fits(const struct rule *r, bool with_kid, json_t *payload)
{
	const char *member;
	json_t *value;

	if (r->with_kid != with_kid || (r->needs && !json_object_get(payload, r->needs)))
		return false;
	json_object_foreach(payload, member, value) if (!rule_names(r, member)) return false;
	return true;
}

static bool check_object(const struct policy *p, json_t *payload, struct err *e)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		const struct rule *r = &rules[i];

		if (!rule_fits(r, p->kid != NULL, payload))
			continue;
		if (!setup_orders(p->setup) && !r->without_orders)
			return err_set(e, "not signed: %s in a run that makes no certificates", r->what);
		if (!r->check || r->check(p, payload, e))
			return true;
		return err_prefix(e, "not signed: %s", r->what);
	}
	return err_set(e, "not signed: the payload is none that this run may send %s",
	               p->kid ? "with kid" : "with jwk");
}

bool policy_check(const struct policy *p, struct err *e)
{
	json_t *payload;
	bool ok;

	if (p->payload[0] == '\0')
		return p->kid || err_set(e, "not signed: POST-as-GET without kid");
	if (strlen(p->payload) > PAYLOAD_MOST)
		return err_set(e, "not signed: the payload is longer than %d octets", PAYLOAD_MOST);
	payload = json_loads(p->payload, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(payload))
		ok = err_set(e, "not signed: the payload is not a JSON object");
	else
		ok = check_object(p, payload, e);
	json_decref(payload);
	return ok;
}
