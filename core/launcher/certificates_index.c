#include "config.h"

#include "launcher/certificates_index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/certificates_configured.h"
#include "launcher/lines.h"
#include "launcher/renew_window.h"

struct row {
	const char *id, *key_type, *ca, *profile;
	char *names, *dns;
	uint64_t
	    wanted; /* names in any order, key type, profile, the CA's directory, which make it due, and when it may be
	                    renewed: other than before, and it is looked at */
	bool configured, renews;
};

static uint64_t wanted(const struct row *r, const struct strs *names, const char *directory)
{
	uint64_t h = fnv_text(fnv_text(FNV_START, r->key_type), directory);
	if (r->profile)
		h = fnv_text(h, r->profile);
	for (size_t i = 0; i < names->n; i++)
		h += fnv64(names->at[i]);
	return h;
}

static uint64_t add_window(uint64_t h, const json_t *settings)
{
	char *window = renew_window_text(settings);
	h = window ? fnv_text(h, window) : h;
	free(window);
	return h;
}

/* One whose certificates are not wanted any more. */
static uint64_t add_backup(uint64_t h, const struct known_certificate *k, const struct ca_accounts *cas)
{
	const char *backup = certificate_backup(&k->cert);
	const struct ca_account *account = backup ? ca_accounts_find(cas, backup) : NULL;
	return account ? fnv_text(h, account->directory) : h;
}

static struct row row_of(const struct known_certificate *k, const char *type, const struct ca_accounts *cas)
{
	const char *ca = spec_text(k->cert.settings, KEY_CA);
	const struct ca_account *account = ca ? ca_accounts_find(cas, ca) : NULL;
	struct row r = {.id = k->id,
	                .key_type = type ? type : "",
	                .ca = ca ? ca : "",
	                .profile = spec_text(k->cert.settings, KEY_PROFILE),
	                .names = strs_join(&k->cert.names, " "),
	                .dns = strs_join(&k->cert.dns, " "),
	                .configured = strcmp(k->origin, ORIGIN_CONFIGURATION) == 0,
	                .renews = k->renews};
	r.wanted = wanted(&r, &k->cert.names, account ? account->directory : NULL);
	r.wanted = add_window(add_backup(r.wanted, k, cas), k->cert.settings);
	return r;
}

static uint64_t add_to_digest(uint64_t h, const struct row *r)
{
	const char *const texts[] = {r->id, r->key_type, r->ca, r->names, r->dns};
	for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
		h = fnv_text(h, texts[t]);
	return fnv_octet(fnv_octet(h ^ r->wanted, r->configured), r->renews);
}

/* A row a key type. */
static size_t rows_of(const struct known_certificate *k, const struct ca_accounts *cas, struct row rows[2])
{
	const char *second = spec_second(k->cert.settings, KEY_KEY_TYPE);
	rows[0] = row_of(k, spec_text(k->cert.settings, KEY_KEY_TYPE), cas);
	if (second)
		rows[1] = row_of(k, second, cas);
	return second ? 2 : 1;
}

char *certificates_index_digest(const struct certificates *all, const struct ca_accounts *cas)
{
	uint64_t h = FNV_START;
	for (size_t i = 0; i < all->n; i++) {
		struct row rows[2];
		size_t n = rows_of(&all->at[i], cas, rows);
		for (size_t k = 0; k < n; k++) {
			h = add_to_digest(h, &rows[k]);
			free_all(rows[k].names, rows[k].dns);
		}
	}
	return xasprintf("%016" PRIx64, h);
}

static void add_row(json_t *rows, const struct row *r)
{
	char *text = xasprintf("%s\t%s\t%s\t%s\t%s\t%016" PRIx64 "\t%d\t%d", r->id, r->key_type, r->names,
	                       r->ca, r->dns, r->wanted, r->configured, r->renews);
	json_array_append_new(rows, json_string(text));
	free_all(text, r->names, r->dns);
}

json_t *certificates_index_rows(const struct certificates *all, const struct ca_accounts *cas, size_t *at)
{
	if (*at >= all->n)
		return NULL;
	json_t *rows = json_array();
	for (size_t n = 0; n < LINES_LIST && *at < all->n; n++, ++*at) {
		struct row of[2];
		size_t types = rows_of(&all->at[*at], cas, of);
		for (size_t k = 0; k < types; k++)
			add_row(rows, &of[k]);
	}
	return rows;
}
