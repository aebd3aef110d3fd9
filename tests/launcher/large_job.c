#include "large_job.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/spec/spec.h"

#define DNS_ACCOUNT "rfc2136-0011223344556677"

static void zones_make(struct dns_account *a, size_t zones)
{
	json_t *list = json_array();

	for (size_t i = 0; i < zones; i++)
		json_array_append_new(list, json_sprintf("zone-%06zu.customers.example.test", i));
	a->name = xstrdup(DNS_ACCOUNT);
	a->provider = xstrdup("rfc2136");
	a->settings = json_pack("{s:{}, s:o}", spec_name(KEY_SET), spec_name(KEY_ZONE), list);
}

static void cert_make(struct large_job *j, size_t i)
{
	struct certificate *c = &j->certs[i];
	char *id = xasprintf("host-%06zu.customers.example.test", i), *wildcard = xasprintf("*.%s", id);

	strs_add(&c->names, id);
	strs_add(&c->names, wildcard);
	strs_add(&c->dns, DNS_ACCOUNT);
	c->settings = json_pack("{s:s}", spec_name(KEY_CA), j->ca.name);
	j->of[i] = (struct job_certificate){.id = c->names.at[0], .cert = c};
	free(id);
	free(wildcard);
}

void large_job_make(struct large_job *j, size_t certs, size_t zones)
{
	*j = (struct large_job){0};
	j->ca = (struct ca_account){.name = xstrdup("ca.example.test-443-0011223344556677"),
	                            .directory = xstrdup("https://ca.example.test/directory"),
	                            .settings = json_object()};
	zones_make(&j->dns, zones);
	j->options =
	    (struct options){.certificate = json_object(), .ca = json_object(), .run = json_object()};
	j->certs = xcalloc(certs, sizeof(*j->certs));
	j->of = xcalloc(certs, sizeof(*j->of));
	for (size_t i = 0; i < certs; i++)
		cert_make(j, i);
	j->dns_accounts = (struct dns_accounts){.at = &j->dns, .n = 1};
	j->ca_accounts = (struct ca_accounts){.at = &j->ca, .n = 1};
	j->job = (struct job){.state = "/state",
	                      .run = "20261121T204500Z-4711-ab12",
	                      .cert = j->of,
	                      .certs = certs,
	                      .accounts = &j->dns_accounts,
	                      .ca_accounts = &j->ca_accounts,
	                      .options = &j->options};
}

void large_job_free(struct large_job *j)
{
	for (size_t i = 0; i < j->job.certs; i++)
		certificate_free(&j->certs[i]);
	free(j->certs);
	free(j->of);
	free(j->dns.name);
	free(j->dns.provider);
	json_decref(j->dns.settings);
	free(j->ca.name);
	free(j->ca.directory);
	json_decref(j->ca.settings);
	json_decref(j->options.certificate);
	json_decref(j->options.ca);
	json_decref(j->options.run);
}
