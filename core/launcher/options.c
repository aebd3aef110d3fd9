#include "config.h"

#include "launcher/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/events.h"
#include "launcher/setting.h"

static struct dns_choice *choice_add(struct options *o)
{
	o->dns = xgrow(o->dns, o->dnss, sizeof *o->dns);
	struct dns_choice *c = &o->dns[o->dnss++];
	*c = (struct dns_choice){.set = json_object(), .settings = json_object()};
	return c;
}

static struct dns_choice *last_choice(struct options *o)
{
	return o->dnss ? &o->dns[o->dnss - 1] : choice_add(o);
}

static void take_dns(struct options *o, json_t *provider)
{
	struct dns_choice *c = last_choice(o);
	if (c->provider)
		c = choice_add(o);
	c->provider = xstrdup(json_string_value(provider));
	json_decref(provider);
}

static bool take_set(struct options *o, const char *text, struct err *e)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (n == 0 || text[n] != '=')
		return err_set(e, "--set needs KEY=VALUE with a lower-case KEY; dnsproof providers "
		                  "NAME lists the keys"); /* the text may be a secret */
	json_t *set = last_choice(o)->set;
	char *key = xstrndup(text, n);
	bool twice = json_object_get(set, key);
	if (twice)
		err_set(e, "--set %s is given twice; leave one out", key);
	else
		json_object_set_new(set, key, json_string(text + n + 1));
	free(key);
	return !twice;
}

static json_t *home_of(struct options *o, enum spec_key key)
{
	unsigned places = spec_table[key].places;
	return places & SPEC_CERTIFICATE   ? o->certificate
	       : places & SPEC_CA_ACCOUNT  ? o->ca
	       : places & SPEC_DNS_ACCOUNT ? last_choice(o)->settings
	                                   : o->run;
}

/* One or a few, by commas or the option again. */
static bool take_some(json_t *home, enum spec_key key, const char *text, struct err *e)
{
	json_t *before = json_object_get(home, spec_name(key));
	json_t *list = json_is_array(before) ? json_copy(before) : json_array();
	char *copy = xstrdup(text), *rest = copy, *word;
	bool ok = true;
	if (before && !json_is_array(before))
		json_array_append(list, before);
	while (ok && (word = strsep(&rest, ","))) {
		json_t *v = setting_parse(key, word, e);
		ok = v != NULL;
		if (ok && setting_has_member(list, v))
			json_decref(v);
		else if (ok)
			json_array_append_new(list, v);
	}
	free(copy);
	if (ok && !setting_list_fine(key, list, e)) {
		char *option = spec_option(key);
		ok = err_prefix(e, "%s", option);
		free(option);
	}
	if (ok)
		json_object_set_new(home, spec_name(key), setting_list_fit(key, list));
	else
		json_decref(list);
	return ok;
}

static bool take(struct options *o, enum spec_key key, const char *text, struct err *e)
{
	if (key == KEY_SET)
		return take_set(o, text, e);
	if (spec_table[key].most_here)
		return take_some(home_of(o, key), key, text, e);
	json_t *v = setting_parse(key, text, e);
	if (v && key == KEY_DNS)
		take_dns(o, v);
	else if (v)
		setting_put(home_of(o, key), key, v);
	return v;
}

static bool is_text(const char *arg)
{
	char *shown = str_printable(arg, strlen(arg) * 3 + 16);
	bool same = strcmp(shown, arg) == 0;
	free(shown);
	return same;
}

static const char *command_name(enum spec_place command)
{
	return command == SPEC_ISSUE    ? "issue"
	       : command == SPEC_RENEW  ? "renew"
	       : command == SPEC_CLEAN  ? "clean"
	       : command == SPEC_CA     ? "ca"
	       : command == SPEC_REVOKE ? "revoke"
	       : command == SPEC_REMOVE ? "remove"
	       : command == SPEC_IMPORT ? "import"
	       : command == SPEC_CONFIG ? "config"
	       : command == SPEC_STATUS ? "status"
	       : command == SPEC_PLAN   ? "plan"
	       : command == SPEC_DNS    ? "dns"
	                                : "providers";
}

static bool is_switch(enum spec_key key)
{
	return spec_table[key].type == SPEC_YES || spec_table[key].type == SPEC_COUNT;
}

static bool unknown(enum spec_place command, const char *name, struct err *e)
{
	char *near = spec_nearest(name, command);
	if (near)
		err_set(e, "unknown option --%.60s; did you mean %s?", name, near);
	else
		err_set(e, "unknown option --%.60s; dnsproof help %s lists them", name,
		        command_name(command));
	free(near);
	return false;
}

/* What is read, and how far. */
struct reading {
	enum spec_place command;
	int argc, at;
	char **argv;
};

static bool take_long(struct reading *r, struct options *o, struct err *e)
{
	const char *arg = r->argv[r->at] + 2, *equals = strchr(arg, '='), *value = "";
	char *name = xstrndup(arg, equals ? (size_t)(equals - arg) : strlen(arg));
	int key = spec_find(name, r->command);
	bool ok = true;
	if (key < 0 || strchr(name, '_'))
		ok = unknown(r->command, name, e);
	else if (is_switch((enum spec_key)key) && equals)
		ok = err_set(e, "option --%s takes no value; leave %s out", name, "'=' and what follows");
	else if (equals)
		value = equals + 1;
	else if (!is_switch((enum spec_key)key) &&
	         (r->at + 1 >= r->argc || str_starts(r->argv[r->at + 1], "--")))
		ok = err_set(e, "--%s needs a value (%s); dnsproof help %s", name, spec_table[key].value,
		             command_name(r->command));
	else if (!is_switch((enum spec_key)key))
		value = r->argv[++r->at];
	free(name);
	return ok && take(o, (enum spec_key)key, value, e);
}

static bool take_letters(struct reading *r, struct options *o, struct err *e)
{
	for (const char *c = r->argv[r->at] + 1; *c; c++) {
		int key = 0;
		while (key < KEYS && !(spec_table[key].letter == *c && spec_table[key].places & r->command))
			key++;
		if (key == KEYS && *c == 'd' && r->command == SPEC_ISSUE)
			return err_set(e,
			               "unknown option -d; names are given without an option: dnsproof issue "
			               "NAME...");
		if (key == KEYS)
			return err_set(e, "unknown option -%c; dnsproof help %s lists them", *c,
			               command_name(r->command));
		take(o, (enum spec_key)key, "", e);
	}
	return true;
}

static bool take_all(struct reading *r, struct options *o, struct err *e)
{
	bool only_names = false;
	for (r->at = 1; r->at < r->argc; r->at++) {
		const char *arg = r->argv[r->at];
		bool ok = true;
		if (only_names || arg[0] != '-' || !arg[1])
			strs_add(&o->names, arg);
		else if (strcmp(arg, "--") == 0)
			only_names = true;
		else
			ok = arg[1] == '-' ? take_long(r, o, e) : take_letters(r, o, e);
		if (!ok)
			return false;
	}
	return true;
}

bool options_parse(enum spec_place command, int argc, char **argv, struct options *o, struct err *e)
{
	struct reading r = {.command = command, .argc = argc, .argv = argv};
	*o = (struct options){.certificate = json_object(), .ca = json_object(), .run = json_object()};
	for (int i = 1; i < argc; i++)
		if (!is_text(argv[i]))
			return err_set(e,
			               "argument %d holds control characters or is not UTF-8; type "
			               "it again",
			               i);
	return take_all(&r, o, e);
}

void options_free(struct options *o)
{
	for (size_t i = 0; i < o->dnss; i++) {
		free(o->dns[i].provider);
		json_decref(o->dns[i].set);
		json_decref(o->dns[i].settings);
	}
	free(o->dns);
	strs_free(&o->names);
	json_decref(o->certificate);
	json_decref(o->ca);
	json_decref(o->run);
	*o = (struct options){0};
}

void options_open_events(const struct options *o)
{
	events_open(spec_yes(o->run, KEY_JSON)    ? EVENTS_JSON
	            : spec_yes(o->run, KEY_QUIET) ? EVENTS_QUIET
	                                          : EVENTS_PLAIN,
	            spec_number(o->run, KEY_VERBOSE));
}

static const struct {
	enum spec_place command;
	const char *text;
} introductions[] = {
    {SPEC_ISSUE, "usage: dnsproof issue NAME... [option]...\n\n"
                 "Gets one certificate for the NAMEs now, by DNS-01. The options that worked are\n"
                 "remembered for the certificate's ID and need not be given again.\n"},
    {SPEC_RENEW, "usage: dnsproof renew [WHICH...] [option]...\n\n"
                 "Renews every certificate that is due, with the options that `issue` remembered; for\n"
                 "cron and timers. WHICH: IDs, globs of IDs, or names of certificates.\n"
                 "What failed rests for 1, 10, 100 minutes, then a day, or until what it depends on\n"
                 "is changed.\n"},
    {SPEC_CA, "usage: dnsproof ca list\n"
              "       dnsproof ca show ACCOUNT\n"
              "       dnsproof ca register CA [option]...\n"
              "       dnsproof ca import CA --key FILE [option]...\n"
              "       dnsproof ca update ACCOUNT --email ADDR [option]...\n"
              "       dnsproof ca rollover ACCOUNT\n"
              "       dnsproof ca rename OLD NEW\n"
              "       dnsproof ca deactivate ACCOUNT\n\n"
              "The accounts at CAs. show and register print the account's URL and the CAA record\n"
              "that admits no other account. ACCOUNT is a name of `ca list`, or the CA's. import\n"
              "goes on with the account of another client: FILE is that account's private key. rename\n"
              "where the configuration has OLD: type it, write NEW there, and type it again.\n"},
    {SPEC_REVOKE, "usage: dnsproof revoke WHICH... --reason REASON [option]...\n"
                  "       dnsproof revoke --file CERT.pem [--key FILE] --reason REASON [option]...\n\n"
                  "Revokes certificates at their CA, for good. WHICH: IDs, globs of IDs, or names of\n"
                  "certificates. For keyCompromise a new certificate with a new key is made first, "
                  "then\n"
                  "every valid certificate of the old key is revoked, and that key is never used "
                  "again.\n"},
    {SPEC_REMOVE, "usage: dnsproof remove ID [option]...\n\n"
                  "Ends a certificate that is wanted no more: it is not renewed, and its files go to\n"
                  "STATE/archive. It is not revoked (dnsproof revoke).\n"},
    {SPEC_IMPORT, "usage: dnsproof import DIR... [option]...\n"
                  "       dnsproof import KEY CHAIN [option]...\n\n"
                  "Goes on with the certificates of another client: DIR is the folder of certbot\n"
                  "(/etc/letsencrypt), lego, dehydrated or acme.sh; KEY and CHAIN are one pair (PEM).\n"
                  "They are published, remembered and from then on renewed as those of `issue` are;\n"
                  "nothing is ordered, and the other client's files stay as they are.\n"},
    {SPEC_STATUS, "usage: dnsproof status [WHICH...] [option]...\n\n"
                  "How the certificates stand, as of the last run: until when they are valid, when "
                  "they\n"
                  "are renewed, what fails, rests or is owed, and what mends it. Asks no network and\n"
                  "changes nothing. Of more than 50 only those are listed that are not well. WHICH:\n"
                  "IDs, globs of IDs, or names of certificates.\n"},
    {SPEC_PLAN, "usage: dnsproof plan [WHICH...] [option]...\n\n"
                "What dnsproof renew would do now, and why; what rests or waits for its CA, and until\n"
                "when; over which CNAME a challenge name was served last; the new orders, against the\n"
                "limits of the CA accounts; and how many certificates are renewed on the days to come.\n"
                "Asks no network and changes nothing.\n"
                "WHICH: IDs, globs of IDs, or names of certificates.\n"},
    {SPEC_DNS, "usage: dnsproof dns list [option]...\n"
               "       dnsproof dns show ACCOUNT [option]...\n"
               "       dnsproof dns rename OLD NEW [option]...\n\n"
               "The accounts at DNS providers, of the configuration and those that are remembered:\n"
               "what they serve, where their secrets come from, which certificates use them and\n"
               "which TXT records are still to be removed by them. No secret is shown. rename gives\n"
               "what is remembered of OLD the name NEW, which it has in the configuration by then.\n"},
    {SPEC_CLEAN, "usage: dnsproof clean [option]...\n\n"
                 "Removes TXT records that killed runs left behind, and ends their orders.\n"},
    {SPEC_CONFIG, "usage: dnsproof config check [option]...\n"
                  "       dnsproof config show [ID]... [option]...\n"
                  "       dnsproof config diff [FILE] [option]...\n"
                  "       dnsproof config accept FILE --digest DIGEST [option]...\n"
                  "       dnsproof config schema\n"
                  "       dnsproof config export ID [option]...\n\n"
                  "Checks the configuration, all of it at once, or shows what it says: accounts and\n"
                  "certificates, or what holds for the certificate ID and where that comes from.\n"
                  "`diff` shows which certificates of a list would leave (-), arrive (+) or change\n"
                  "names (~), and `accept` takes a list that changes more than it may at once.\n"
                  "`schema` prints its JSON Schema, for editors; `export` prints what `issue`\n"
                  "remembers of the certificate ID, as configuration.\n"},
    {SPEC_PROVIDERS, "usage: dnsproof providers [NAME [--set KEY=VALUE]... [HOST]]\n"
                     "       dnsproof providers new NAME [--module]\n\n"
                     "Lists the DNS providers, or the options and abilities of one, and what to prepare\n"
                     "for it, with those options and that host filled in. `new` starts a provider of\n"
                     "your own in this folder: a descriptor (YAML), or a module in C, and its test.\n"},
};

static const char *introduction(enum spec_place command)
{
	size_t i = 0;
	while (introductions[i].command != command)
		i++;
	return introductions[i].text;
}

/* Where a key says another thing than in its row of the table: an account chooses among certificates there. */
static const struct {
	enum spec_key key;
	unsigned places;
	const char *value, *help;
} choosing[] = {
    {KEY_CA, SPEC_RENEW | SPEC_STATUS | SPEC_PLAN, "ACCOUNT", "only those of this CA account"},
    {KEY_DRY_RUN, SPEC_IMPORT, NULL, "tell what would be taken, and change nothing"},
    {KEY_DNS, SPEC_ISSUE, "NAME",
     "DNS account of the configuration, or provider, that adds the TXT records; repeat for more"},
    {KEY_CA, SPEC_ISSUE, "CA",
     "CA account of the configuration, or letsencrypt (default), zerossl ... or a directory's URL"},
    {KEY_CA, SPEC_IMPORT, NULL, "CA that renews those of which the folder does not tell it (letsencrypt)"},
    {KEY_DNS, SPEC_IMPORT, NULL, "DNS provider for those whose own cannot be told from the folder"},
    {KEY_CA, SPEC_REVOKE, "ACCOUNT", "only those of this CA account; with --file: the account that signs"},
    {KEY_DNS, SPEC_RENEW | SPEC_REVOKE | SPEC_STATUS | SPEC_PLAN, "ACCOUNT",
     "only those that use this DNS account, or one of this provider"},
    {KEY_WAIT, SPEC_RENEW, "S", "seconds to wait for another run that works on one that is named (0)"},
    {KEY_FORCE, SPEC_RENEW, NULL, "replace those that are named although they are not due"},
    {KEY_JSON, SPEC_STATUS | SPEC_PLAN | SPEC_DNS, NULL, "all of it as JSON"},
    {KEY_KEY, SPEC_CA, NULL, "with import: the account's key, PEM or JWK (certbot's private_key.json)"},
    {KEY_FILE, SPEC_REVOKE, "CERT", "a certificate (PEM) that may be any one, instead of WHICH"},
};

static void help_row(enum spec_place command, enum spec_key key)
{
	const struct spec_row *row = &spec_table[key];
	const char *value = row->value, *help = row->help;
	char left[80], letter[8] = "", *option = spec_option(key);
	for (size_t i = 0; i < sizeof choosing / sizeof choosing[0]; i++)
		if (choosing[i].key == key && choosing[i].places & command) {
			value = choosing[i].value;
			help = choosing[i].help;
		}
	if (row->letter)
		snprintf(letter, sizeof letter, "-%c, ", row->letter);
	snprintf(left, sizeof left, "%s%s %s", letter, option, value ? value : "");
	printf("  %-25s %s\n", left, help);
	free(option);
}

void options_help(enum spec_place command)
{
	printf("%s\n", introduction(command));
	for (int i = 0; i < KEYS; i++)
		if (spec_table[i].places & command)
			help_row(command, (enum spec_key)i);
	printf("\nMore: man dnsproof\n");
}

bool options_begin(enum spec_place command, int argc, char **argv, struct options *o, int *code)
{
	struct err e;
	bool ok = options_parse(command, argc, argv, o, &e);
	options_open_events(o);
	bool help = spec_yes(o->run, KEY_HELP);
	*code = help ? EXIT_DONE : EXIT_USAGE;
	if (help)
		options_help(command);
	else if (!ok)
		events_refuse(EXIT_USAGE, &e);
	return ok && !help;
}
