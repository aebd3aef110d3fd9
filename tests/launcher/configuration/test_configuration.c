#include "config.h"

#include "unit.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "launcher/configuration/configuration.h"
#include "launcher/configuration/export.h"
#include "launcher/configuration/notes.h"
#include "launcher/configuration/yaml_text.h"

static char folder[] = "/tmp/dnsproof-configuration.XXXXXX";
static struct configuration conf;
static struct troubles troubles;

static void put(const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	free(path);
}

static void drop(void)
{
	configuration_free(&conf);
	troubles_free(&troubles);
}

static void load(const char *yaml)
{
	struct err e;
	char *at = strstr(yaml, "%D"), *whole = xstrdup(yaml);
	if (at) {
		free(whole);
		whole = xasprintf("%.*s%s%s", (int)(at - yaml), yaml, folder, at + 2);
	}
	drop();
	put("dnsproof.yaml", whole);
	free(whole);
	assert_true(configuration_read(&conf, folder, NULL, &troubles, &e));
	for (size_t i = 0; i < troubles.n; i++)
		print_error("%u: %s\n", troubles.at[i].line, troubles.at[i].text);
	assert_int_equal(troubles.n, 0);
}

static const struct configured *find(const char *id)
{
	const struct configured *k = configuration_find(&conf, id);
	if (!k)
		fail_msg("there is no %s", id);
	return k;
}

static void holds(const char *id, enum spec_key key, const char *wanted)
{
	json_t *v = layer_value(find(id)->layer, key);
	char *text = v ? yaml_text(v, false) : xstrdup("nothing");
	assert_string_equal(text, wanted);
	free(text);
	json_decref(v);
}

#define ACCOUNTS                                                                                             \
	"ca: {le: {directory: letsencrypt, agree_tos: yes}}\n"                                               \
	"dns: {cf: {provider: cloudflare}, bind: {provider: rfc2136, set: {server: 192.0.2.53},\n"           \
	"  zone: example.org corp.example.com, cname_target: '**.val.example.net'}}\n"                       \
	"deploy: {nginx: [{reload: nginx}], haproxy: [{reload: haproxy}]}\n"

TEST(what_is_said_last_holds)
{
	load(ACCOUNTS "defaults: {key_type: p384, ttl: 5m, deploy: nginx, wait_for: none, settle: 90s}\n"
	              "certificates:\n"
	              "  a.example: {}\n"
	              "  b.example: {key_type: rsa2048, ttl: auto, deploy: none}\n"
	              "  c.example: {deploy: [defaults, haproxy], key_type: [p256, rsa3072], renew: no}\n"
	              "  d.example: {deploy: haproxy defaults}\n");
	holds("a.example", KEY_KEY_TYPE, "p384");
	holds("a.example", KEY_TTL, "300");
	holds("a.example", KEY_WAIT_FOR, "none");
	holds("a.example", KEY_SETTLE, "90");
	holds("a.example", KEY_DEPLOY, "[nginx]");
	holds("a.example", KEY_RENEW, "yes");
	holds("b.example", KEY_KEY_TYPE, "rsa2048");
	holds("b.example", KEY_TTL, "nothing");
	holds("b.example", KEY_DEPLOY, "nothing");
	holds("c.example", KEY_DEPLOY, "[nginx, haproxy]");
	holds("c.example", KEY_KEY_TYPE, "[p256, rsa3072]");
	holds("c.example", KEY_RENEW, "no");
	holds("d.example", KEY_DEPLOY, "[haproxy, nginx]");
	assert_int_equal(layer_given(find("c.example")->layer, KEY_TTL)->origin.line, 5);
	assert_int_equal(layer_given(find("c.example")->layer, KEY_DEPLOY)->origin.line, 9);
	assert_null(layer_given(find("a.example")->layer, KEY_RENEW));
}

static struct certificate used(const char *id, struct dns_accounts *accounts)
{
	struct certificate c;
	struct err e;
	if (!configuration_certificate(&conf, find(id), &c, accounts, &e))
		fail_msg("%s", e.text);
	return c;
}

/* What a DNS account says holds for what it serves: under the certificate, over `defaults`. */
TEST(keys_of_a_dns_account)
{
	put("zones.txt", "file.example\n");
	load("ca: {le: {directory: letsencrypt, agree_tos: yes}}\n"
	     "dns:\n"
	     "  open: {provider: nosuch, settle: 7s}\n"
	     "  inner: {provider: nosuch, zone: inner.example, wait_for: none, settle: 90s, ttl: 2m,\n"
	     "    resolver: [192.0.2.1, defaults]}\n"
	     "  deeper: {provider: nosuch, zone: deep.inner.example, timeout: 1h, name_servers: none}\n"
	     "  file: {provider: nosuch, zone: 'file:%D/zones.txt', wait_for: all}\n"
	     "defaults: {ttl: 5m, settle: 1s, resolver: 192.0.2.9}\n"
	     "certificates:\n"
	     "  www.inner.example: {}\n"
	     "  own: {name: a.inner.example, wait_for: all, ttl: auto}\n"
	     "  both: a.other.example b.inner.example\n"
	     "  deep.inner.example: '*.deep.inner.example'\n"
	     "  www.file.example:\n"
	     "  led: {name: led.example, dns: inner}\n"
	     "  other.example:\n");
	holds("www.inner.example", KEY_WAIT_FOR, "none");
	holds("www.inner.example", KEY_SETTLE, "90");
	holds("www.inner.example", KEY_TTL, "120");
	holds("www.inner.example", KEY_RESOLVER, "[192.0.2.1, 192.0.2.9]");
	holds("www.inner.example", KEY_TIMEOUT, "600");
	assert_int_equal(layer_given(find("www.inner.example")->layer, KEY_SETTLE)->origin.line, 4);
	holds("own", KEY_WAIT_FOR, "all");
	holds("own", KEY_TTL, "nothing");
	holds("own", KEY_SETTLE, "90");
	holds("both", KEY_SETTLE, "7");
	holds("both", KEY_WAIT_FOR, "none");
	holds("deep.inner.example", KEY_WAIT_FOR, "reachable");
	holds("deep.inner.example", KEY_TIMEOUT, "3600");
	holds("deep.inner.example", KEY_SETTLE, "1");
	holds("www.file.example", KEY_WAIT_FOR, "all");
	holds("led", KEY_WAIT_FOR, "none");
	holds("other.example", KEY_SETTLE, "7");
	holds("other.example", KEY_TTL, "300");
	struct dns_accounts accounts = {0};
	struct certificate a = used("www.inner.example", &accounts), b = used("led", &accounts);
	assert_int_equal(spec_number(a.settings, KEY_SETTLE), 90);
	assert_string_equal(spec_text(a.settings, KEY_WAIT_FOR), "none");
	certificate_free(&a);
	certificate_free(&b);
	dns_accounts_free(&accounts);
}

/* Certificates alike share what they are told. */
TEST(keys_of_a_dns_account_are_shared)
{
	put("list.txt", "a.inner.example ttl=30\nb.inner.example ttl=30\nc.inner.example\n");
	load("ca: {le: {directory: letsencrypt, agree_tos: yes}}\n"
	     "dns: {inner: {provider: nosuch, settle: 90s, ttl: 2m}}\n"
	     "lists: [{file: %D/list.txt, line_keys: [ttl]}]\n");
	holds("a.inner.example", KEY_TTL, "30");
	holds("a.inner.example", KEY_SETTLE, "90");
	holds("c.inner.example", KEY_TTL, "120");
	assert_ptr_equal(find("a.inner.example")->layer, find("b.inner.example")->layer);
}

TEST(names_are_normalised)
{
	load(ACCOUNTS "certificates:\n"
	              "  plain.example:\n"
	              "  wild: '*.Example.COM. example.com'\n"
	              "  more: [B\xc3\xbc"
	              "cher.example, 'x.example y.example']\n"
	              "  single: {name: a.example}\n");
	assert_string_equal(find("plain.example")->names, "plain.example");
	assert_ptr_equal(find("plain.example")->id, find("plain.example")->names);
	assert_string_equal(find("wild")->names, "*.example.com example.com");
	assert_string_equal(find("more")->names, "xn--bcher-kva.example x.example y.example");
	assert_int_equal(find("more")->n, 3);
	assert_string_equal(find("single")->names, "a.example");
	assert_ptr_equal(find("wild")->layer, find("more")->layer);
	assert_null(configuration_find(&conf, "a.example"));
}

TEST(a_certificate_as_a_run_takes_it)
{
	struct dns_accounts accounts = {0};
	load(ACCOUNTS "defaults: {resolver: [192.0.2.1, '2001:db8::53']}\n"
	              "certificates:\n"
	              "  a.example: {dns: bind, key_type: [p384, rsa2048], resolver: [defaults, 192.0.2.2]}\n"
	              "  b.example: '*.b.example'\n"
	              "  c.example: {ttl: 1m}\n");
	struct certificate a = used("a.example", &accounts), b = used("b.example", &accounts);
	struct certificate c = used("c.example", &accounts), plain = used("b.example", &accounts);
	char *text = json_dumps(a.settings, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(
	    text, "{\"ca\":\"le\",\"key_type\":[\"p384\",\"rsa2048\"],\"resolver\":[\"192.0.2.1\",\"2001:"
	          "db8::53\",\"192.0.2.2\"]}");
	free(text);
	assert_int_equal(a.dns.n, 1);
	assert_int_equal(strncmp(a.dns.at[0], "bind-", 5), 0);
	assert_int_equal(strlen(a.dns.at[0]), strlen("bind-0123456789abcdef"));
	assert_int_equal(b.dns.n, 2);
	assert_string_equal(b.names.at[0], "*.b.example");
	assert_ptr_equal(b.settings, plain.settings);
	assert_int_equal(accounts.n, 2);
	assert_string_equal(dns_accounts_find(&accounts, a.dns.at[0])->provider, "rfc2136");
	certificate_free(&a);
	certificate_free(&b);
	certificate_free(&c);
	certificate_free(&plain);
	dns_accounts_free(&accounts);
}

/* Two zones of one customer are one account, which serves no other's zone. */
TEST(zone_files)
{
	struct dns_accounts accounts = {0};
	put("zones.txt", "\xef\xbb\xbf# customers\r\na.example customer=k1\r\n"
	                 "b.example customer=k1 note=x\nsub.a.example  customer=k2\n");
	load("ca: {le: {directory: letsencrypt, agree_tos: yes}}\n"
	     "dns: {each: {provider: exec, set: {program: '/p/{customer}/x'}, zone: "
	     "file:%D/zones.txt}}\n"
	     "certificates: {www.a.example: , b.example: www.b.example b.example, c: {name: "
	     "x.sub.a.example},\n"
	     "  both: a.example x.sub.a.example, d.other: }\n");
	struct certificate a = used("www.a.example", &accounts), b = used("b.example", &accounts);
	struct certificate c = used("c", &accounts), both = used("both", &accounts), none;
	struct err e;
	assert_string_equal(a.dns.at[0], b.dns.at[0]);
	assert_string_not_equal(a.dns.at[0], c.dns.at[0]);
	assert_int_equal(both.dns.n, 2);
	assert_int_equal(accounts.n, 2);
	const struct dns_account *first = dns_accounts_find(&accounts, a.dns.at[0]);
	assert_string_equal(json_string_value(json_object_get(dns_account_set(first), "program")), "/p/k1/x");
	assert_int_equal(json_array_size(json_object_get(first->settings, "zone")), 2);
	assert_false(configuration_certificate(&conf, find("d.other"), &none, &accounts, &e));
	assert_non_null(
	    strstr(e.text, "dnsproof.yaml:4: certificate d.other: no DNS account serves its names"));
	certificate_free(&none);
	certificate_free(&a);
	certificate_free(&b);
	certificate_free(&c);
	certificate_free(&both);
	dns_accounts_free(&accounts);
}

TEST(an_account_as_used_is_known_again)
{
	struct dns_accounts accounts = {0}, again = {0};
	struct strs warnings = {0};
	struct err e;
	load(ACCOUNTS "certificates: {a.example: {dns: bind}}\n");
	struct certificate a = used("a.example", &accounts);
	char *dns = xasprintf("%s/dns", folder);
	assert_int_equal(mkdir(dns, 0700), 0);
	assert_true(dns_account_write(&accounts.at[0], folder, &e));
	assert_true(dns_accounts_load(&again, folder, &warnings, &e));
	assert_int_equal(warnings.n, 0);
	assert_non_null(dns_accounts_find(&again, a.dns.at[0]));
	free(dns);
	certificate_free(&a);
	dns_accounts_free(&accounts);
	dns_accounts_free(&again);
}

TEST(lines_of_a_list)
{
	put("list.txt", "# customers\n"
	                "a.example www.a.example deploy=haproxy,defaults > aa key_type=p384\n"
	                "b.example\tdeploy=none\n"
	                "c.example key_type=p384 deploy=haproxy,defaults > cc\n"
	                "d.example deploy=none");
	load(ACCOUNTS
	     "defaults: {ttl: 60}\n"
	     "lists: [{file: %D/list.txt, line_keys: [deploy, key_type], deploy: nginx, ttl: 90}]\n");
	assert_int_equal(conf.n, 4);
	assert_string_equal(find("aa")->names, "a.example www.a.example");
	holds("aa", KEY_DEPLOY, "[haproxy, nginx]");
	holds("aa", KEY_KEY_TYPE, "p384");
	holds("aa", KEY_TTL, "90");
	holds("b.example", KEY_DEPLOY, "nothing");
	assert_ptr_equal(find("b.example")->layer, find("d.example")->layer);
	holds("cc", KEY_DEPLOY, "[haproxy, nginx]");
	char *at = configuration_where(&conf, find("aa")->origin);
	assert_non_null(strstr(at, "/list.txt:2"));
	free(at);
}

TEST(what_nothing_acts_on_is_noted_once)
{
	load(ACCOUNTS "defaults: {links: /srv/live}\n"
	              "certificates: {a.example: {links: /srv/a, on_bad_name: drop}, b.example: "
	              "{on_bad_name: fail}}\n");
	notes_add(&conf, &troubles);
	assert_int_equal(troubles.n, 2);
	assert_int_equal(troubles.broken, 0);
	assert_non_null(strstr(troubles.at[0].text, "links"));
	assert_non_null(strstr(troubles.at[1].text, "on_bad_name"));
}

TEST(many)
{
	char *path = xasprintf("%s/list.txt", folder);
	FILE *f = fopen(path, "w");
	for (int i = 0; i < 20000; i++)
		fprintf(f, "customer%d.example *.customer%d.example\n", i, i);
	fclose(f);
	free(path);
	load(ACCOUNTS "lists: [{file: %D/list.txt}]\n");
	assert_int_equal(conf.n, 20000);
	assert_int_equal(conf.layerss, 1);
	assert_string_equal(find("customer19999.example")->names,
	                    "customer19999.example *.customer19999.example");
}

TEST(there_is_no_configuration)
{
	struct err e;
	char *nowhere = xasprintf("%s/nowhere", folder);
	drop();
	assert_false(configuration_read(&conf, nowhere, NULL, &troubles, &e));
	assert_non_null(strstr(e.text, "no configuration"));
	free(nowhere);
	drop();
}

TEST(values_are_written_as_they_are_read)
{
	static const struct {
		const char *json, *yaml;
	} all[] = {
	    {"\"a b\"", "'a b'"},
	    {"\"it's\"", "'it''s'"},
	    {"\"*.a\"", "'*.a'"},
	    {"\"2001:db8::53\"", "'2001:db8::53'"},
	    {"\"file:/x/y\"", "file:/x/y"},
	    {"\"x:\"", "'x:'"},
	    {"[\"a\", 1, true]", "[a, 1, yes]"},
	    {"{\"a\": [null]}", "{a: [none]}"},
	};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		json_t *v = json_loads(all[i].json, JSON_DECODE_ANY, NULL);
		char *text = yaml_text(v, false);
		assert_string_equal(text, all[i].yaml);
		free(text);
		json_decref(v);
	}
}

static char *source_text(const char *name)
{
	const char *src = getenv("srcdir");
	char *path = xasprintf("%s/%s", src ? src : ".", name), *text = xcalloc(1, 200000);
	FILE *f = fopen(path, "r");
	if (!f)
		fail_msg("%s", path);
	text[fread(text, 1, 199999, f)] = '\0';
	fclose(f);
	free(path);
	return text;
}

TEST(the_manual_has_every_key)
{
	char *page = source_text("man/dnsproof.yaml.5");
	size_t keys = 0;
	for (int i = 0; i < KEYS; i++) {
		if (!(spec_table[i].places & (SPEC_IN_CERTIFICATE | SPEC_IN_CA | SPEC_IN_DNS | SPEC_IN_LIST)))
			continue;
		char *item = xasprintf(".It Cm %s\n", spec_table[i].name);
		if (!strstr(page, item))
			fail_msg("dnsproof.yaml(5) lacks %s", spec_table[i].name);
		free(item);
		keys++;
	}
	assert_true(keys > 30);
	for (const char *at = page; (at = strstr(at, "\n.It Cm ")); at++) {
		char word[40] = "";
		assert_int_equal(sscanf(at, "\n.It Cm %39s", word), 1);
		if (spec_find(word, SPEC_IN_CERTIFICATE | SPEC_IN_CA | SPEC_IN_DNS | SPEC_IN_LIST) < 0)
			fail_msg("dnsproof.yaml(5) has %s, which is no key", word);
	}
	free(page);
}

TEST(the_example_is_right)
{
	char *text = source_text("contrib/config/dnsproof.yaml");
	load(text);
	assert_int_equal(conf.n, 2);
	free(text);
}

static char *replaced(char *text, const char *from, const char *to)
{
	struct buf b;
	buf_init(&b, 0);
	const char *at = text, *hit;
	for (; (hit = strstr(at, from)); at = hit + strlen(from)) {
		buf_add(&b, at, (size_t)(hit - at));
		buf_add_str(&b, to);
	}
	buf_add_str(&b, at);
	free(text);
	return buf_take(&b);
}

/* contrib/config/hosting.yaml with what its panel would have written. */
TEST(a_hosting_company)
{
	struct buf web, balanced, customers;
	struct dns_accounts accounts = {0};
	buf_init(&web, 0);
	buf_init(&balanced, 0);
	buf_init(&customers, 0);
	for (int i = 0; i < 30000; i++) {
		buf_printf(&web, "k%d.example www.k%d.example%s\n", i, i, i % 100 ? "" : " key_type=rsa2048");
		buf_printf(&customers, "k%d.example customer=%d\n", i, i / 3);
	}
	for (int i = 0; i < 20000; i++)
		buf_printf(&balanced, "b%d.example.net\n", i);
	put("web.txt", web.data);
	put("balanced.txt", balanced.data);
	put("customers.txt", customers.data);
	char *text = replaced(source_text("contrib/config/hosting.yaml"), "/srv/dnsproof", folder);
	load(text);
	assert_int_equal(conf.n, 50002);
	struct certificate a = used("k7.example", &accounts), b = used("k8.example", &accounts);
	assert_int_equal(a.dns.n, 4); /* own, cf, delegated, and its customer's */
	assert_string_equal(a.dns.at[2], b.dns.at[2]);
	holds("k100.example", KEY_KEY_TYPE, "rsa2048");
	holds("b1.example.net", KEY_DEPLOY, "[haproxy]");
	holds("panel.hosting.example", KEY_DEPLOY, "[nginx, haproxy]");
	certificate_free(&a);
	certificate_free(&b);
	dns_accounts_free(&accounts);
	buf_free(&web);
	buf_free(&balanced);
	buf_free(&customers);
	free(text);
}

TEST(what_issue_remembered_is_configuration)
{
	struct dns_accounts dns = {0}, again = {0};
	struct ca_accounts ca = {0};
	struct certificate cert = {.settings = json_object()}, now;
	struct err e;
	const char *const made[] = {"issued", "ca", "dns"};
	for (size_t i = 0; i < 3; i++) {
		char *path = xasprintf("%s/%s", folder, made[i]);
		mkdir(path, 0700);
		free(path);
	}
	json_t *settings = json_pack("{s:{s:s, s:s}, s:[s], s:[s]}", "set", "program", "/bin/it's", "token",
	                             "file:/x", "zone", "example", "cname_target", "**.val.example");
	json_object_set_new(cert.settings, "ca", json_string("letsencrypt"));
	json_object_set_new(cert.settings, "ttl", json_integer(60));
	json_object_set_new(cert.settings, "resolver", json_pack("[s]", "2001:db8::53"));
	strs_add(&cert.dns, dns_accounts_configured(&dns, "exec", "exec", settings)->name);
	ca_accounts_configured(&ca, "letsencrypt", "https://acme-v02.api.letsencrypt.org/directory",
	                       json_pack("{s:b}", "agree_tos", 1), NULL);
	strs_add(&cert.names, "*.x.example");
	assert_true(dns_account_write(&dns.at[0], folder, &e) && ca_account_write(&ca.at[0], folder, &e) &&
	            certificate_write(&cert, folder, "web", &e));
	char *yaml = export_yaml(folder, "web", &e);
	if (!yaml)
		fail_msg("%s", e.text);
	load(yaml);
	now = used("web", &again);
	assert_string_equal(now.names.at[0], "*.x.example");
	assert_true(json_equal(now.settings, cert.settings));
	assert_string_equal(now.dns.at[0], cert.dns.at[0]);
	assert_true(json_equal(again.at[0].settings, settings));
	free(yaml);
	assert_null(export_yaml(folder, "other", &e));
	assert_non_null(strstr(e.text, "made no certificate other"));
	json_decref(settings);
	certificate_free(&cert);
	certificate_free(&now);
	dns_accounts_free(&dns);
	dns_accounts_free(&again);
	ca_accounts_free(&ca);
}

/* What another run remembered meanwhile is not touched. */
TEST(accounts_as_used_are_noted_in_what_is_remembered)
{
	struct certificate cert = {.settings = json_pack("{s:s}", "ca", "le")}, now;
	struct err e;
	char *path = xasprintf("%s/issued", folder);
	mkdir(path, 0700);
	strs_add(&cert.names, "note.example");
	strs_add(&cert.dns, "cf-1");
	strs_add(&cert.configured_dns, "cf");
	assert_true(certificate_write(&cert, folder, "note", &e));
	json_object_set_new(cert.settings, "ttl", json_integer(60)); /* of the account, not remembered */
	cert.dns.at[0][3] = '2';
	assert_true(certificate_note_dns(&cert, folder, "note", &e));
	assert_true(certificate_load(&now, folder, "note", &e));
	assert_string_equal(now.dns.at[0], "cf-2");
	assert_null(json_object_get(now.settings, "ttl"));
	certificate_free(&now);

	strs_add(&cert.names, "more.example");
	cert.dns.at[0][3] = '3';
	assert_true(certificate_note_dns(&cert, folder, "note", &e));
	assert_true(certificate_load(&now, folder, "note", &e));
	assert_string_equal(now.dns.at[0], "cf-2");
	assert_int_equal(now.names.n, 1);
	certificate_free(&now);

	char *file = xasprintf("%s/note.json", path);
	assert_int_equal(unlink(file), 0);
	assert_true(certificate_note_dns(&cert, folder, "note", &e));
	assert_int_equal(access(file, F_OK), -1);
	certificate_free(&cert);
	free(file);
	free(path);
}

static int setup(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(folder) ? 0 : -1;
}

static int take_away(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static int teardown(void **state)
{
	(void)state;
	drop();
	return nftw(folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	return unit_run(setup, teardown);
}
