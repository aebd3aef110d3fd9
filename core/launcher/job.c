#include "config.h"

#include "launcher/job.h"

#include <string.h>

#include "common/wire.h"
#include "launcher/strings.h"

static json_t *ca_accounts_json(const struct ca_accounts *all)
{
	json_t *array = json_array();
	for (size_t i = 0; i < all->n; i++) {
		const struct ca_account *a = &all->at[i];
		json_array_append_new(array, json_pack("{s:s, s:s, s:s?, s:s?, s:b}", "account", a->name,
		                                       "directory", a->directory, "bundle", a->bundle,
		                                       "email", a->email, "agree_tos", a->agree_tos));
	}
	return array;
}

static json_t *dns_accounts_json(const struct dns_accounts *all)
{
	json_t *array = json_array();
	for (size_t i = 0; i < all->n; i++) {
		const struct dns_account *a = &all->at[i];
		json_array_append_new(array, json_pack("{s:s, s:s, s:o, s:o}", "account", a->name, "provider",
		                                       a->provider, "zones", strings_json(&a->zones),
		                                       "targets", strings_json(&a->targets)));
	}
	return array;
}

static json_t *certs_json(const struct job *t)
{
	const struct certificate *c = t->cert;
	json_t *array = json_array();
	if (c)
		json_array_append_new(array, json_pack("{s:s, s:o, s:s, s:o, s:s, s:i, s:s, s:i, s:b}", "id",
		                                       t->id, "names", strings_json(&c->names), "ca", c->ca,
		                                       "dns", strings_json(&c->dns), "key", c->key, "ttl",
		                                       (int)c->ttl, "policy", c->policy, "timeout_ms",
		                                       (int)c->timeout * 1000, "force", t->options->force));
	return array;
}

static bool zone_is_named(const struct strs *list, const char *servers)
{
	size_t n = strcspn(servers, "=") + 1;
	for (size_t i = 0; i < list->n; i++)
		if (strncmp(list->at[i], servers, n) == 0)
			return true;
	return false;
}

static bool is_used(const struct job *t, const struct dns_account *a)
{
	return !t->cert || strs_has(&t->cert->dns, a->name);
}

/* What is given counts first, then what the accounts in use remember, then the others': for each zone
 * the first one that names it. */
static json_t *servers_json(const struct job *t)
{
	struct strs all = {0};
	for (size_t i = 0; i < t->options->servers.n; i++)
		if (!zone_is_named(&all, t->options->servers.at[i]))
			strs_add(&all, t->options->servers.at[i]);
	for (int others = 0; others < 2; others++)
		for (size_t i = 0; i < t->accounts->n; i++) {
			const struct dns_account *a = &t->accounts->at[i];
			for (size_t k = 0; is_used(t, a) == !others && k < a->servers.n; k++)
				if (!zone_is_named(&all, a->servers.at[k]))
					strs_add(&all, a->servers.at[k]);
		}
	json_t *array = strings_json(&all);
	strs_free(&all);
	return array;
}

static json_t *resolvers_json(const struct job *t)
{
	struct strs all = {0};
	if (t->options->resolvers.n)
		return strings_json(&t->options->resolvers);
	for (size_t i = 0; i < t->accounts->n; i++) {
		const struct dns_account *a = &t->accounts->at[i];
		for (size_t k = 0; is_used(t, a) && k < a->resolvers.n; k++)
			if (!strs_has(&all, a->resolvers.at[k]))
				strs_add(&all, a->resolvers.at[k]);
	}
	json_t *array = strings_json(&all);
	strs_free(&all);
	return array;
}

json_t *job_engine(const struct job *t)
{
	unsigned wait = t->options->wait == OPTION_NOT_GIVEN ? 0 : t->options->wait;
	return json_pack("{s:{s:s, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:i, s:i}}", "job", "command",
	                 t->cert ? "issue" : "clean", "state", t->state, "run", t->run, "protocol",
	                 WIRE_PROTOCOL, "ca", ca_accounts_json(t->ca_accounts), "dns",
	                 dns_accounts_json(t->accounts), "certs", certs_json(t), "servers", servers_json(t),
	                 "resolvers", resolvers_json(t), "wait_ms", (int)wait * 1000, "verbose",
	                 (int)t->options->verbose);
}

json_t *job_keeper(const struct job *t)
{
	json_t *accounts = json_object(), *certs = json_object();
	for (size_t i = 0; i < t->ca_accounts->n; i++) {
		const struct ca_account *a = &t->ca_accounts->at[i];
		json_object_set_new(accounts, a->name, json_pack("{s:s}", "directory", a->directory));
	}
	if (t->cert)
		json_object_set_new(
		    certs, t->id,
		    json_pack("{s:o, s:[s]}", "names", strings_json(&t->cert->names), "types", t->cert->key));
	return json_pack("{s:s, s:s, s:o, s:o}", "state", t->state, "command", t->cert ? "issue" : "clean",
	                 "accounts", accounts, "certs", certs);
}
