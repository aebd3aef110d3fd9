#include "config.h"

#include "launcher/configuration/export.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/ca_account.h"
#include "launcher/certificate.h"
#include "launcher/configuration/yaml_text.h"
#include "launcher/dns_account.h"
#include "launcher/strings.h"

struct exporting {
	struct certificate cert;
	struct ca_accounts ca;
	struct dns_accounts dns;
	struct strs names; /* of the DNS accounts, as they are called in the configuration */
	struct buf out;
};

static void member(struct buf *b, const char *lead, const char *key, const json_t *v, bool words)
{
	char *text = yaml_text(v, words);
	buf_printf(b, "%s%s: %s", lead, key, text);
	free(text);
}

/* The settings in one line of a map, those that say something. */
static void settings(struct buf *b, const json_t *all)
{
	for (int i = 0; i < KEYS; i++) {
		const json_t *v = json_object_get(all, spec_table[i].name);
		bool nothing = json_is_false(v) || (json_is_array(v) && !json_array_size(v)) ||
		               (json_is_object(v) && !json_object_size(v));
		if (v && !nothing)
			member(b, ", ", spec_table[i].name, v, false);
	}
}

static bool put_ca(struct exporting *x, const char *name, struct err *e)
{
	const struct ca_account *a = ca_accounts_find(&x->ca, name);
	if (!a)
		return err_set(e, "CA account %s is not remembered any more", name);
	json_t *directory = json_string(a->directory);
	buf_printf(&x->out, "  %s: ", a->name);
	member(&x->out, "{", "directory", directory, false);
	settings(&x->out, a->settings);
	buf_add_str(&x->out, "}\n");
	json_decref(directory);
	return true;
}

/* Those that are meant by their names in the configuration stand there already. */
static bool put_cas(struct exporting *x, struct err *e)
{
	const char *const names[] = {spec_text(x->cert.settings, KEY_CA), certificate_backup(&x->cert)};
	bool ok = true, any = false;
	for (size_t i = 0; ok && i < sizeof names / sizeof names[0]; i++) {
		if (!names[i] || strs_has(&x->cert.configured_ca, names[i]))
			continue;
		buf_add_str(&x->out, any ? "" : "ca:\n");
		ok = any = put_ca(x, names[i], e);
	}
	return ok;
}

/* The provider's name, with a number where it is not the first. */
static void name_add(struct strs *names, const struct strs *configured, const char *provider)
{
	char *name = xstrdup(provider);
	for (unsigned n = 2; strs_has(names, name) || strs_has(configured, name); n++) {
		free(name);
		name = xasprintf("%s-%u", provider, n);
	}
	strs_add(names, name);
	free(name);
}

static bool put_account(struct exporting *x, const char *used, struct err *e)
{
	const struct dns_account *a = dns_accounts_find(&x->dns, used);
	if (!a)
		return err_set(e, "DNS account %s is not remembered any more", used);
	name_add(&x->names, &x->cert.configured_dns, a->provider);
	buf_printf(&x->out, "  %s: {provider: %s", x->names.at[x->names.n - 1], a->provider);
	settings(&x->out, a->settings);
	buf_add_str(&x->out, "}\n");
	return true;
}

/* As above; of one with a zone file there may be many. */
static bool put_dns(struct exporting *x, struct err *e)
{
	bool ok = true, any = false;
	for (size_t i = 0; ok && i < x->cert.dns.n; i++) {
		char *name = dns_account_label(x->cert.dns.at[i]);
		if (!strs_has(&x->cert.configured_dns, name)) {
			buf_add_str(&x->out, any ? "" : "dns:\n");
			ok = any = put_account(x, x->cert.dns.at[i], e);
		} else if (!strs_has(&x->names, name)) {
			strs_add(&x->names, name);
		}
		free(name);
	}
	return ok;
}

static void put_certificate(struct exporting *x, const char *id)
{
	json_t *names = strings_json(&x->cert.names), *dns = strings_json(&x->names);
	buf_printf(&x->out, "certificates:\n  %s:\n", id);
	member(&x->out, "    ", "name", names, true);
	member(&x->out, "\n    ", "dns", dns, false);
	for (int i = 0; i < KEYS; i++) {
		const json_t *v = json_object_get(x->cert.settings, spec_table[i].name);
		if (v && !(json_is_array(v) && !json_array_size(v)))
			member(&x->out, "\n    ", spec_table[i].name, v, false);
	}
	buf_add_str(&x->out, "\n");
	json_decref(names);
	json_decref(dns);
}

char *export_yaml(const char *state, const char *id, struct err *e)
{
	struct exporting x = {0};
	struct strs damaged = {0};
	char *yaml = NULL;
	buf_init(&x.out, 0);
	bool ok = certificate_load(&x.cert, state, id, e);
	if (!ok && !e->text[0])
		err_set(e, "dnsproof issue made no certificate %s in %s", id, state);
	ok = ok && ca_accounts_load(&x.ca, state, &damaged, e) &&
	     dns_accounts_load(&x.dns, state, &damaged, e);
	if (ok && put_cas(&x, e) && put_dns(&x, e)) {
		put_certificate(&x, id);
		yaml = buf_take(&x.out);
	}
	buf_free(&x.out);
	strs_free(&x.names);
	strs_free(&damaged);
	ca_accounts_free(&x.ca);
	dns_accounts_free(&x.dns);
	certificate_free(&x.cert);
	return yaml;
}
