#include "engine/run/caps.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

struct count {
	const char *account;
	size_t n;
};

struct counts {
	struct count *at; /* sorted by account */
	size_t n;
};

struct caps {
	struct counts ca, dns;
	size_t all;
};

static int count_compare(const void *a, const void *b)
{
	return strcmp(((const struct count *)a)->account, ((const struct count *)b)->account);
}

static struct count *counts_find(const struct counts *c, const char *account)
{
	const struct count key = {account, 0};

	return c->n ? bsearch(&key, c->at, c->n, sizeof(*c->at), count_compare) : NULL;
}

struct caps *caps_new(const struct job *job)
{
	struct caps *c = xcalloc(1, sizeof(*c));

	c->ca.n = job->cas;
	c->ca.at = xcalloc(job->cas ? job->cas : 1, sizeof(*c->ca.at));
	for (size_t i = 0; i < job->cas; i++)
		c->ca.at[i].account = job->ca[i].account;
	c->dns.n = job->dnss;
	c->dns.at = xcalloc(job->dnss ? job->dnss : 1, sizeof(*c->dns.at));
	for (size_t i = 0; i < job->dnss; i++)
		c->dns.at[i].account = job->dns[i].account;
	qsort(c->ca.at, c->ca.n, sizeof(*c->ca.at), count_compare);
	qsort(c->dns.at, c->dns.n, sizeof(*c->dns.at), count_compare);
	return c;
}

void caps_free(struct caps *c)
{
	if (!c)
		return;
	free(c->ca.at);
	free(c->dns.at);
	free(c);
}

/* Of several DNS accounts the one that serves is known only when the zone is: such orders count in all and
 * at the CA alone. */
static struct count *caps_dns(struct caps *c, const struct job_cert *cert)
{
	return cert->dns.n == 1 ? counts_find(&c->dns, cert->dns.at[0]) : NULL;
}

bool caps_take(struct caps *c, const struct job_cert *cert, const char *ca)
{
	struct count *at_ca = counts_find(&c->ca, ca), *dns = caps_dns(c, cert);

	if (c->all >= CAPS_ALL || (at_ca && at_ca->n >= CAPS_CA) || (dns && dns->n >= CAPS_DNS))
		return false;
	c->all++;
	if (at_ca)
		at_ca->n++;
	if (dns)
		dns->n++;
	return true;
}

void caps_give(struct caps *c, const struct job_cert *cert, const char *ca)
{
	struct count *at_ca = counts_find(&c->ca, ca), *dns = caps_dns(c, cert);

	assert(c->all && (!at_ca || at_ca->n) && (!dns || dns->n));
	c->all--;
	if (at_ca)
		at_ca->n--;
	if (dns)
		dns->n--;
}

size_t caps_taken(const struct caps *c)
{
	return c->all;
}

bool caps_full(const struct caps *c)
{
	return c->all >= CAPS_ALL;
}
