#include "shared/clock.h"
#include "change.h"
#include "keyfile.h"
#include "probe.h"
#include "shared/module.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WHY_ROOM = 256 };

static const struct dnsproof_option options[] = {
    {"server", DNSPROOF_REQUIRED | DNSPROOF_ENV_SET,
     "DNSUPDATE_NAMESERVER RFC2136_NAMESERVER NSUPDATE_SERVER", NULL,
     "the zone's primary: address or name, with #PORT or :PORT if wanted"},
    {"port", DNSPROOF_INT | DNSPROOF_ENV_SET, "NSUPDATE_SERVER_PORT", "53", "its TCP port"},
    {"key", DNSPROOF_SECRET | DNSPROOF_ENV_SET,
     "file:DNSUPDATE_TSIG_FILE file:RFC2136_TSIG_FILE file:NSUPDATE_KEY", NULL,
     "TSIG key: content of a BIND key file, or algorithm:name:secret; unsigned without it"},
    {"key_name", DNSPROOF_ENV_SET, "DNSUPDATE_TSIG_KEY RFC2136_TSIG_KEY", NULL,
     "with key_secret, instead of key: the key's name"},
    {"key_secret", DNSPROOF_SECRET | DNSPROOF_ENV_SET, "DNSUPDATE_TSIG_SECRET RFC2136_TSIG_SECRET", NULL,
     "with key_name, instead of key: the key's base64 alone"},
    {"key_algorithm", DNSPROOF_ENV_SET, "DNSUPDATE_TSIG_ALGORITHM RFC2136_TSIG_ALGORITHM", NULL,
     "of key_name; hmac-sha256 if not given"},
    {"source_address", 0, NULL, NULL, "address of this host that connections come from"},
    {"address_family", 0, NULL, NULL,
     "of the server's addresses those that are connected to: any, ipv4 or ipv6"},
    {0},
};

static int64_t deadline_of(const struct dnsproof_call *call)
{
	return module_ms() + call->ms_left;
}

static enum dnsproof_rc tell(const struct dnsproof_call *call, const struct outcome *o)
{
	if (o->unchanged && call->host->unchanged)
		call->host->unchanged(call);
	return o->rc == DNSPROOF_OK ? DNSPROOF_OK : call->host->fail(call, o->rc, "%s", o->words);
}

static const char *text_of(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

static void primary_free(struct primary *p)
{
	transport_free(p->transport);
	tsig_key_wipe(&p->key);
	free(p);
}

static const char *source_of(const struct dnsproof_call *call, const char *key)
{
	return call->host->source ? call->host->source(call, key) : NULL;
}

static enum dnsproof_rc refuse(const struct dnsproof_call *call, const char *key, const char *why)
{
	const char *source = source_of(call, key);

	return call->host->fail(call, DNSPROOF_INVALID, "%s%s%s%s: %s", key, source ? " (" : "",
	                        source ? source : "", source ? ")" : "", why);
}

/* The key in one of its forms; none at all is fine. */
static enum dnsproof_rc key_read(struct primary *p, const struct dnsproof_call *call)
{
	const char *key = text_of(call, "key"), *name = text_of(call, "key_name");
	const char *secret = text_of(call, "key_secret"), *algorithm = text_of(call, "key_algorithm");
	const char *wrong = NULL;

	if (key && secret)
		return refuse(call, "key", "give it or key_name and key_secret, not both");
	if (secret && !name)
		return refuse(call, "key_secret", "key_name is missing beside it");
	if (name && !secret && !key)
		return refuse(call, "key_name",
		              "key_secret is missing beside it; add --set key_secret=file:PATH");
	if (key)
		wrong = keyfile_parse(&p->key, key, strlen(key), source_of(call, "key"));
	else if (secret)
		wrong = keyfile_parts(&p->key, name, algorithm, secret);
	p->keyed = key || secret;
	return wrong ? refuse(call, key ? "key" : "key_secret", wrong) : DNSPROOF_OK;
}

static enum dnsproof_rc rfc2136_open(struct dnsproof_open_call *c)
{
	const char *server = text_of(&c->call, "server");
	json_int_t port = json_integer_value(json_object_get(c->call.options, "port"));
	char why[WHY_ROOM + 512];
	bool again = false;

	if (!server)
		return c->call.host->fail(&c->call, DNSPROOF_INVALID, "server: missing");
	if (port < 0 || port > 65535)
		return c->call.host->fail(&c->call, DNSPROOF_INVALID, "port: not 1 to 65535");
	struct primary *p = calloc(1, sizeof(*p));
	if (!p || getentropy(&p->next_id, sizeof(p->next_id)) != 0)
		abort();
	enum dnsproof_rc rc = key_read(p, &c->call);
	if (rc != DNSPROOF_OK) {
		primary_free(p);
		return rc;
	}
	const struct transport_ways ways = {text_of(&c->call, "source_address"),
	                                    text_of(&c->call, "address_family")};
	p->transport = transport_new(server, port ? (unsigned)port : 53, &ways, &again, why, sizeof(why));
	if (!p->transport) {
		primary_free(p);
		return c->call.host->fail(&c->call, again ? DNSPROOF_TEMP : DNSPROOF_INVALID, "%s", why);
	}
	c->call.self = p;
	return DNSPROOF_OK;
}

static void rfc2136_close(struct dnsproof_call *call)
{
	if (call->self)
		primary_free(call->self);
	call->self = NULL;
}

static enum dnsproof_rc rfc2136_batch(struct dnsproof_batch_call *c)
{
	struct outcome o;

	changes_apply(&o, c->call.self, c->zone, c->change, c->n, deadline_of(&c->call));
	return tell(&c->call, &o);
}

static enum dnsproof_rc change_one(struct dnsproof_txt_call *c, int del)
{
	struct dnsproof_change change = {.del = del, .txt = *c->txt};
	struct outcome o;

	changes_apply(&o, c->call.self, c->txt->zone, &change, 1, deadline_of(&c->call));
	return tell(&c->call, &o);
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	return change_one(c, 0);
}

static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	return change_one(c, 1);
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	struct outcome o;

	probe_name(&o, c->call.self, c->zone, c->name, deadline_of(&c->call));
	return tell(&c->call, &o);
}

static bool value_report(void *arg, const char *value, size_t length)
{
	struct dnsproof_list_call *c = arg;

	c->value(c, value, length);
	return true;
}

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	struct primary *p = c->call.self;
	int64_t deadline = deadline_of(&c->call);
	struct ask a = {0};
	char why[WHY_ROOM];
	struct outcome o;

	if (!ask_question(&a, p, c->name, TYPE_TXT, true))
		outcome_set(&o, DNSPROOF_INVALID, "no question can be made of %s", c->name);
	else if (!primary_exchange(p, &a, 1, deadline, why, sizeof(why)))
		outcome_set(&o, DNSPROOF_TEMP, "%s", why);
	else if (verdict_of_question(&o, p, &a, c->zone, c->name, deadline))
		reply_values(a.reply, c->name, value_report, c);
	ask_clear(&a);
	return tell(&c->call, &o);
}

static const char help[] =
    "A TSIG key at the server, and a copy of its key file here, readable by root (or the user) alone:\n"
    "  tsig-keygen {key_name|acme-key} >/etc/dnsproof/acme.key && chmod 600 /etc/dnsproof/acme.key\n"
    "Then grant it the TXT record of this name and nothing else.\n"
    "BIND, in the zone's statement:\n"
    "  update-policy {{ grant {key_name|acme-key}. name _acme-challenge.{name|example.org}. TXT; };\n"
    "Knot, and \"acl: acme-{name|example.org}\" in the zone's section:\n"
    "  acl:\n"
    "    - id: acme-{name|example.org}\n"
    "      key: {key_name|acme-key}\n"
    "      action: update\n"
    "      update-type: [TXT]\n"
    "      update-owner: name\n"
    "      update-owner-match: equal\n"
    "      update-owner-name: [_acme-challenge.{name|example.org}.]\n"
    "PowerDNS grants whole zones; dnsupdate=yes in pdns.conf, and\n"
    "  pdnsutil import-tsig-key {key_name|acme-key} hmac-sha256 'SECRET IN BASE64'\n"
    "  pdnsutil set-meta ZONE TSIG-ALLOW-DNSUPDATE {key_name|acme-key}\n"
    "Then:\n"
    "  dnsproof issue {name|example.org} '*.{name|example.org}' --agree-tos --dns rfc2136 \\\n"
    "    --set server={server|192.0.2.1} --set key=file:/etc/dnsproof/acme.key\n"
    "More: dnsproof-rfc2136(7).\n";

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("rfc2136", "DNS UPDATE (RFC 2136) with TSIG: BIND, Knot, PowerDNS and others",
           "https://www.rfc-editor.org/rfc/rfc2136"),
    .help = help,
    .limits = {.least_ttl = 1},
    .replaces = DNSPROOF_RECORD,
    .batch_is_atomic = 1,
    .flags = DNSPROOF_VERIFIES_DEL, /* it reads back from the primary */
    MODULE_CALLS,
    .open = rfc2136_open,
    .batch = rfc2136_batch,
    .close = rfc2136_close,
};
