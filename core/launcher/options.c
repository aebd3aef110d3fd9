#include "config.h"

#include "launcher/options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/names.h"

#define FIRST_LONG 256

typedef bool take_fn(struct options *o, const char *text, struct err *e);

static struct dns_choice *last_choice(struct options *o)
{
	if (!o->dnss) {
		o->dns = xgrow(o->dns, 0, sizeof *o->dns);
		memset(&o->dns[o->dnss++], 0, sizeof *o->dns);
	}
	return &o->dns[o->dnss - 1];
}

static bool take_dns(struct options *o, const char *text, struct err *e)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
	if (text[n] || n == 0 || n > 32 || !isalnum((unsigned char)*text))
		return err_set(e, "--dns %s: no name of a provider; dnsproof providers lists them", text);
	if (!o->dnss || last_choice(o)->provider) {
		o->dns = xgrow(o->dns, o->dnss, sizeof *o->dns);
		memset(&o->dns[o->dnss++], 0, sizeof *o->dns);
	}
	last_choice(o)->provider = xstrdup(text);
	return true;
}

static bool take_set(struct options *o, const char *text, struct err *e)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (n == 0 || text[n] != '=')
		return err_set(e, "--set needs KEY=VALUE with a lower-case KEY; dnsproof providers "
		                  "NAME lists the keys"); /* the text may be a secret */
	struct dns_choice *d = last_choice(o);
	for (size_t i = 0; i < d->set.n; i++)
		if (strncmp(d->set.at[i], text, n + 1) == 0)
			return err_set(e, "--set %.*s is given twice; leave one out", (int)n, text);
	strs_add(&d->set, text);
	return true;
}

static bool take_target(struct options *o, const char *text, struct err *e)
{
	char *pattern = names_pattern(text, true, e);
	if (!pattern)
		return err_prefix(e, "--target");
	if (!strs_has(&last_choice(o)->targets, pattern))
		strs_add(&last_choice(o)->targets, pattern);
	free(pattern);
	return true;
}

static bool take_servers(struct options *o, const char *text, struct err *e)
{
	char *servers = names_servers(text, e);
	if (!servers)
		return false;
	strs_add(&o->servers, servers);
	free(servers);
	return true;
}

static bool take_resolver(struct options *o, const char *text, struct err *e)
{
	if (!names_is_address(text))
		return err_set(e, "--resolver %s: type an IP address, ADDR:PORT or [ADDR6]:PORT", text);
	if (!strs_has(&o->resolvers, text))
		strs_add(&o->resolvers, text);
	return true;
}

static bool number(const char *option, const char *text, unsigned least, unsigned most, unsigned *value,
                   struct err *e)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || n < least || n > most)
		return err_set(e, "%s %s: type seconds, %u to %u", option, text, least, most);
	*value = (unsigned)n;
	return true;
}

static bool take_ttl(struct options *o, const char *text, struct err *e)
{
	return number("--ttl", text, 1, 86400, &o->ttl, e);
}

static bool take_timeout(struct options *o, const char *text, struct err *e)
{
	return number("--timeout", text, 1, 604800, &o->timeout, e);
}

static bool take_wait(struct options *o, const char *text, struct err *e)
{
	return number("--wait", text, 0, 604800, &o->wait, e);
}

static bool take_key(struct options *o, const char *text, struct err *e)
{
	static const char *const kinds[][2] = {
	    {"p256", "p256"},        {"p384", "p384"},        {"rsa2048", "rsa2048"}, {"rsa3072", "rsa3072"},
	    {"rsa4096", "rsa4096"},  {"ecdsa-p256", "p256"},  {"ecdsa-p384", "p384"}, {"rsa-2048", "rsa2048"},
	    {"rsa-3072", "rsa3072"}, {"rsa-4096", "rsa4096"},
	};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(text, kinds[i][0]) == 0) {
			o->key = kinds[i][1];
			return true;
		}
	return err_set(e, "--key %s: type p256, p384, rsa2048, rsa3072 or rsa4096", text);
}

static bool take_policy(struct options *o, const char *text, struct err *e)
{
	o->policy = text;
	return strcmp(text, "reachable") == 0 || strcmp(text, "all") == 0 ||
	       err_set(e, "--policy %s: type reachable or all", text);
}

static bool take_email(struct options *o, const char *text, struct err *e)
{
	const char *at = strchr(text, '@');
	o->email = text;
	if (at && at != text && at[1] && !strpbrk(text, " ,?<>:\"") && !strchr(at + 1, '@'))
		return true;
	return err_set(e, "--email %s: type one address, such as hostmaster@example.com", text);
}

#define TAKE_TEXT(member)                                                                                    \
	static bool take_##member(struct options *o, const char *text, struct err *e)                        \
	{                                                                                                    \
		o->member = text;                                                                            \
		return *text || err_set(e, "an option is given an empty value");                             \
	}
TAKE_TEXT(state)
TAKE_TEXT(cert)
TAKE_TEXT(ca)
TAKE_TEXT(ca_bundle)

#define TAKE_FLAG(member, action)                                                                            \
	static bool take_##member(struct options *o, const char *text, struct err *e)                        \
	{                                                                                                    \
		(void)text;                                                                                  \
		(void)e;                                                                                     \
		o->member action;                                                                            \
		return true;                                                                                 \
	}
TAKE_FLAG(force, = true)
TAKE_FLAG(change, = true)
TAKE_FLAG(agree_tos, = true)
TAKE_FLAG(native, = true)
TAKE_FLAG(json, = true)
TAKE_FLAG(help, = true)
TAKE_FLAG(verbose, += 1)

enum { ISSUE = COMMAND_ISSUE, RUNS = COMMAND_ISSUE | COMMAND_CLEAN, ALL = RUNS | COMMAND_PROVIDERS };

static const struct {
	const char *name;
	char letter;
	unsigned commands;
	take_fn *take;
	const char *value, *help;
} table[] = {
    {"cert", 0, ISSUE, take_cert, "ID", "the certificate's ID (default: first NAME without '*.')"},
    {"ca", 0, ISSUE, take_ca, "CA", "letsencrypt (default), letsencrypt-staging or the URL of a directory"},
    {"ca-bundle", 0, ISSUE, take_ca_bundle, "FILE", "certificates (PEM) by which the CA's server is trusted"},
    {"email", 0, ISSUE, take_email, "ADDR", "contact of a new account at the CA"},
    {"agree-tos", 0, ISSUE, take_agree_tos, NULL, "agree to the CA's terms of service"},
    {"dns", 0, ISSUE, take_dns, "PROVIDER",
     "how TXT records are put (dnsproof providers); repeat for more accounts"},
    {"set", 0, ISSUE | COMMAND_PROVIDERS, take_set, "KEY=VALUE",
     "option of that provider; a secret as file:PATH, cred:NAME, env:NAME, cmd:WORDS, fd:N"},
    {"target", 0, ISSUE, take_target, "PATTERN", "also write at NAME, *.NAME or **.NAME (end of a CNAME)"},
    {"servers", 0, RUNS, take_servers, "ZONE=ADDR,..", "name servers of a zone, instead of looking for them"},
    {"resolver", 0, RUNS, take_resolver, "ADDR[:PORT]", "resolver, instead of the system's"},
    {"key", 0, ISSUE, take_key, "TYPE", "p256 (default), p384, rsa2048, rsa3072, rsa4096"},
    {"ttl", 0, ISSUE, take_ttl, "S", "TTL of the TXT records, seconds (60)"},
    {"policy", 0, ISSUE, take_policy, "POLICY", "reachable (default) or all: which name servers must agree"},
    {"timeout", 0, ISSUE, take_timeout, "S", "seconds until the records must be everywhere (600)"},
    {"wait", 0, RUNS, take_wait, "S", "seconds to wait for another run on the same certificate (0)"},
    {"state", 0, RUNS, take_state, "DIR", "the state folder"},
    {"force", 0, ISSUE, take_force, NULL, "issue although the certificate is not due"},
    {"change", 0, ISSUE, take_change, NULL, "give a certificate that exists other names"},
    {"module", 0, COMMAND_PROVIDERS, take_native, NULL, "with new: a module in C instead of a descriptor"},
    {"json", 0, RUNS, take_json, NULL, "one event a line, as JSON"},
    {"verbose", 'v', RUNS, take_verbose, NULL, "show the servers' answers and details"},
    {"help", 'h', ALL, take_help, NULL, "this text"},
};

enum { OPTIONS = sizeof table / sizeof table[0] };

static bool is_text(const char *arg)
{
	char *shown = str_printable(arg, strlen(arg) * 3 + 16);
	bool same = strcmp(shown, arg) == 0;
	free(shown);
	return same;
}

static const char *command_name(enum command c)
{
	return c == COMMAND_ISSUE ? "issue" : c == COMMAND_CLEAN ? "clean" : "providers";
}

static bool misuse(enum command c, int got, char **argv, struct err *e)
{
	int index = got - FIRST_LONG;
	const char *help = command_name(c);
	if (got == ':' && optopt >= FIRST_LONG) {
		index = optopt - FIRST_LONG;
		return err_set(e, "--%s needs a value (%s); dnsproof help %s", table[index].name,
		               table[index].value, help);
	}
	if (optopt > 0 && optopt < FIRST_LONG)
		return err_set(e, "unknown option -%c; dnsproof help %s lists them", optopt, help);
	int n = (int)strcspn(argv[optind - 1], "=");
	if (optopt >= FIRST_LONG)
		return err_set(e, "option %.*s takes no value; dnsproof help %s", n, argv[optind - 1], help);
	return err_set(e, "unknown option %.*s; dnsproof help %s lists them", n, argv[optind - 1], help);
}

static bool parse_all(enum command c, int argc, char **argv, const struct option *longs, struct options *o,
                      struct err *e)
{
	int got;
	opterr = 0;
	while ((got = getopt_long(argc, argv, c == COMMAND_PROVIDERS ? ":h" : ":hv", longs, NULL)) != -1) {
		int index = got - FIRST_LONG;
		if (got == 'v' || got == 'h')
			(got == 'v' ? take_verbose : take_help)(o, NULL, e);
		else if (got == '?' || got == ':')
			return misuse(c, got, argv, e);
		else if (!table[index].take(o, optarg, e))
			return false;
	}
	for (; optind < argc; optind++)
		strs_add(&o->names, argv[optind]);
	return true;
}

bool options_parse(enum command c, int argc, char **argv, struct options *o, struct err *e)
{
	struct option longs[OPTIONS + 1] = {{0}};
	size_t n = 0;
	memset(o, 0, sizeof *o);
	o->ttl = o->timeout = o->wait = OPTION_NOT_GIVEN;
	for (int i = 1; i < argc; i++)
		if (!is_text(argv[i]))
			return err_set(e,
			               "argument %d holds control characters or is not UTF-8; type "
			               "it again",
			               i);
	for (int i = 0; i < OPTIONS; i++)
		if (table[i].commands & c)
			longs[n++] =
			    (struct option){table[i].name, table[i].value ? required_argument : no_argument,
			                    NULL, FIRST_LONG + i};
	return parse_all(c, argc, argv, longs, o, e);
}

void options_free(struct options *o)
{
	for (size_t i = 0; i < o->dnss; i++) {
		free(o->dns[i].provider);
		strs_free(&o->dns[i].set);
		strs_free(&o->dns[i].targets);
	}
	free(o->dns);
	strs_free(&o->names);
	strs_free(&o->servers);
	strs_free(&o->resolvers);
}

static const char *introduction(enum command c)
{
	switch (c) {
	case COMMAND_ISSUE:
		return "usage: dnsproof issue NAME... [option]...\n\n"
		       "Gets one certificate for the NAMEs now, by dns-01. What was given for an ID is\n"
		       "remembered and need not be given again.\n";
	case COMMAND_CLEAN:
		return "usage: dnsproof clean [option]...\n\n"
		       "Removes TXT records that runs which were killed left behind, and gives up their\n"
		       "orders.\n";
	case COMMAND_PROVIDERS:
		break;
	}
	return "usage: dnsproof providers [NAME [--set KEY=VALUE]... [HOST]]\n"
	       "       dnsproof providers new NAME [--module]\n\n"
	       "Lists the DNS providers, or the options and abilities of one, and what to prepare\n"
	       "for it, with those options and that host filled in. `new` starts a provider of\n"
	       "your own in this folder: a descriptor (YAML), or a module in C, and its test.\n";
}

void options_help(enum command c)
{
	printf("%s\n", introduction(c));
	for (int i = 0; i < OPTIONS; i++) {
		char left[64];
		if (!(table[i].commands & c))
			continue;
		snprintf(left, sizeof left, "%s--%s %s", table[i].letter == 'v' ? "-v, " : "", table[i].name,
		         table[i].value ? table[i].value : "");
		printf("  %-24s %s\n", left, table[i].help);
	}
	printf("\nMore: man dnsproof\n");
}
