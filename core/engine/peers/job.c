#include "engine/peers/job.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#define CA_CACHE_S 300 /* of a CA that does not say: most resolvers of CAs hold less */

static bool job_text(const json_t *o, const char *key, bool required, char **to, struct err *e)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_string(v)) {
		*to = xstrdup(json_string_value(v));
		return true;
	}
	return (!required && (!v || json_is_null(v))) || err_set(e, "job: %s is missing", key);
}

static bool job_texts(const json_t *o, const char *key, struct strs *to, struct err *e)
{
	const json_t *list = json_object_get(o, key), *v;
	size_t i;

	if (list && !json_is_array(list))
		return err_set(e, "job: %s is no list", key);
	json_array_foreach(list, i, v)
	{
		if (!json_is_string(v))
			return err_set(e, "job: %s holds something else than text", key);
		strs_add(to, json_string_value(v));
	}
	return true;
}

static unsigned job_number(const json_t *o, const char *key, unsigned standard)
{
	const json_t *v = json_object_get(o, key);

	return json_is_integer(v) ? (unsigned)json_integer_value(v) : standard;
}

static bool job_parse_ca(struct job *j, const json_t *o, struct err *e)
{
	j->ca = xgrow(j->ca, j->cas, sizeof(*j->ca));
	struct job_ca *ca = &j->ca[j->cas++];

	*ca = (struct job_ca){
	    .agree_tos = json_is_true(json_object_get(o, "agree_tos")),
	    .eab = json_is_true(json_object_get(o, "eab")),
	    .cache_s = job_number(o, "cache_s", CA_CACHE_S),
	};
	return job_text(o, "account", true, &ca->account, e) &&
	       job_text(o, "directory", true, &ca->directory, e) &&
	       job_text(o, "bundle", false, &ca->bundle, e) && job_text(o, "email", false, &ca->email, e) &&
	       job_text(o, "proxy", false, &ca->proxy, e);
}

static bool job_parse_dns(struct job *j, const json_t *o, struct err *e)
{
	j->dns = xgrow(j->dns, j->dnss, sizeof(*j->dns));
	struct job_dns *dns = &j->dns[j->dnss++];

	*dns = (struct job_dns){0};
	return job_text(o, "account", true, &dns->account, e) &&
	       job_text(o, "provider", true, &dns->provider, e) && job_texts(o, "zones", &dns->zones, e) &&
	       job_texts(o, "targets", &dns->targets, e);
}

static bool job_parse_cert(struct job *j, const json_t *o, struct err *e)
{
	const char *policy = json_string_value(json_object_get(o, "policy"));

	j->cert = xgrow(j->cert, j->certs, sizeof(*j->cert));
	struct job_cert *c = &j->cert[j->certs++];
	*c = (struct job_cert){
	    .ttl = job_number(o, "ttl", 60),
	    .timeout_ms = job_number(o, "timeout_ms", 600000),
	    .wait_for = policy && strcmp(policy, "all") == 0 ? WAIT_FOR_ALL : WAIT_FOR_REACHABLE,
	    .force = json_is_true(json_object_get(o, "force")),
	};
	return job_text(o, "id", true, &c->id, e) && job_text(o, "ca", true, &c->ca, e) &&
	       job_text(o, "key", true, &c->key, e) && job_texts(o, "names", &c->names, e) &&
	       job_texts(o, "dns", &c->dns, e) &&
	       ((c->names.n > 0 && c->dns.n > 0) || err_set(e, "job: %s has no names or no dns", c->id));
}

static bool job_parse_list(struct job *j, const json_t *o, const char *key,
                           bool (*parse)(struct job *, const json_t *, struct err *), struct err *e)
{
	const json_t *list = json_object_get(o, key), *v;
	size_t i;

	json_array_foreach(list, i, v) if (!parse(j, v, e)) return false;
	return true;
}

struct job *job_parse(const json_t *json, struct err *e)
{
	struct job *j = xcalloc(1, sizeof(*j));
	char *command = NULL;

	if (job_text(json, "command", true, &command, e) && job_text(json, "state", true, &j->state, e) &&
	    job_text(json, "run", true, &j->run, e) && job_parse_list(j, json, "ca", job_parse_ca, e) &&
	    job_parse_list(j, json, "dns", job_parse_dns, e) &&
	    job_parse_list(j, json, "certs", job_parse_cert, e) &&
	    job_texts(json, "servers", &j->servers, e) && job_texts(json, "resolvers", &j->resolvers, e)) {
		j->clean = strcmp(command, "clean") == 0;
		j->wait_ms = job_number(json, "wait_ms", 0);
		j->verbose = job_number(json, "verbose", 0);
	} else {
		job_free(j);
		j = NULL;
	}
	free(command);
	return j;
}

void job_free(struct job *j)
{
	if (!j)
		return;
	for (size_t i = 0; i < j->cas; i++) {
		free(j->ca[i].account);
		free(j->ca[i].directory);
		free(j->ca[i].bundle);
		free(j->ca[i].email);
		free(j->ca[i].proxy);
	}
	for (size_t i = 0; i < j->dnss; i++) {
		free(j->dns[i].account);
		free(j->dns[i].provider);
		strs_free(&j->dns[i].zones);
		strs_free(&j->dns[i].targets);
	}
	for (size_t i = 0; i < j->certs; i++) {
		free(j->cert[i].id);
		free(j->cert[i].ca);
		free(j->cert[i].key);
		strs_free(&j->cert[i].names);
		strs_free(&j->cert[i].dns);
	}
	free(j->ca);
	free(j->dns);
	free(j->cert);
	free(j->state);
	free(j->run);
	strs_free(&j->servers);
	strs_free(&j->resolvers);
	free(j);
}

const struct job_ca *job_ca(const struct job *j, const char *account)
{
	for (size_t i = 0; i < j->cas; i++)
		if (strcmp(j->ca[i].account, account) == 0)
			return &j->ca[i];
	return NULL;
}

const struct job_dns *job_dns(const struct job *j, const char *account)
{
	for (size_t i = 0; i < j->dnss; i++)
		if (strcmp(j->dns[i].account, account) == 0)
			return &j->dns[i];
	return NULL;
}
