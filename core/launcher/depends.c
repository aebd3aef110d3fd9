#include "config.h"

#include "launcher/depends.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "common/spec/spec.h"
#include "common/stamp.h"

static uint64_t add_texts(uint64_t h, const struct strs *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		h = fnv_text(h, texts->at[i]);
	return fnv_octet(h, 1);
}

static uint64_t add_settings(uint64_t h, const json_t *settings)
{
	char *text = settings ? json_dumps(settings, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	h = fnv_text(h, text);
	free(text);
	return h;
}

static uint64_t add_source(uint64_t h, const char *source)
{
	return source && str_starts(source, "file:") ? stamp_file(h, AT_FDCWD, source + strlen("file:"), 0)
	                                             : h;
}

static uint64_t dns_digest(const struct dns_account *a)
{
	const char *key;
	json_t *value;
	uint64_t h = add_settings(fnv_text(FNV_START, a->provider), a->settings);
	json_object_foreach(dns_account_set(a), key, value) h = add_source(h, json_string_value(value));
	return h;
}

static uint64_t ca_digest(const struct ca_account *a)
{
	uint64_t h = add_settings(fnv_text(FNV_START, a->directory), a->settings);
	const char *bundle = spec_text(a->settings, KEY_CA_BUNDLE);
	return add_source(bundle ? stamp_file(h, AT_FDCWD, bundle, 0) : h,
	                  spec_text(a->settings, KEY_EAB_KEY));
}

static uint64_t add_digest(uint64_t h, uint64_t digest)
{
	for (unsigned i = 0; i < sizeof digest; i++, digest >>= 8)
		h = fnv_octet(h, (unsigned char)digest);
	return h;
}

static uint64_t add_ca(uint64_t h, struct depends_ca *last, const struct ca_accounts *all, const char *name)
{
	if (name && !(last->account && strcmp(last->account->name, name) == 0)) {
		last->account = ca_accounts_find(all, name);
		last->digest = last->account ? ca_digest(last->account) : 0;
	}
	return add_digest(h, name ? last->digest : 0);
}

static uint64_t add_dns(uint64_t h, struct depends *d, const struct dns_accounts *all, const char *name)
{
	if (!(d->dns && strcmp(d->dns->name, name) == 0)) {
		d->dns = dns_accounts_find(all, name);
		d->dns_digest = d->dns ? dns_digest(d->dns) : 0;
	}
	return add_digest(h, d->dns_digest);
}

char *depends_digest(struct depends *d, const struct certificate *c, const struct ca_accounts *cas,
                     const struct dns_accounts *dns)
{
	json_t *settings = json_copy(c->settings);
	json_object_del(settings, spec_name(KEY_CA));
	json_object_del(settings, spec_name(KEY_BACKUP_CA));
	uint64_t h = add_texts(add_settings(FNV_START, settings), &c->names);
	json_decref(settings);
	h = add_ca(h, &d->ca, cas, spec_text(c->settings, KEY_CA));
	if (certificate_backup(c))
		h = add_ca(h, &d->backup, cas, certificate_backup(c));
	for (size_t i = 0; i < c->dns.n; i++)
		h = add_dns(h, d, dns, c->dns.at[i]);
	return xasprintf("%016" PRIx64, h);
}
