#include "config.h"

#include "common/spec/spec.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/nearest.h"
#include "common/str.h"

#define ASKS (SPEC_ISSUE | SPEC_CLEAN) /* say how DNS is asked */
#define RUNS (ASKS | SPEC_RENEW | SPEC_CA | SPEC_REVOKE | SPEC_REMOVE | SPEC_IMPORT)
#define VIEW (SPEC_STATUS | SPEC_PLAN)
#define ALL  (RUNS | SPEC_PROVIDERS | VIEW | SPEC_DNS)
#define IN_C SPEC_IN_CERTIFICATE

const struct spec_row spec_table[KEYS] = {
    [KEY_ID] = {.name = "id",
                .type = SPEC_ID,
                .places = SPEC_ISSUE,
                .value = "ID",
                .help = "the certificate's ID (default: the first NAME without '*.')"},
    [KEY_CA] = {.name = "ca",
                .type = SPEC_TEXT,
                .places = SPEC_CERTIFICATE | SPEC_ISSUE | SPEC_IMPORT | SPEC_RENEW | SPEC_REVOKE | VIEW |
                          SPEC_IN_CERTIFICATE,
                .standard = "letsencrypt",
                .value = "CA",
                .help =
                    "letsencrypt (default), letsencrypt-staging, zerossl, google ... or the URL of an ACME "
                    "directory"},
    [KEY_CA_BUNDLE] = {.name = "ca_bundle",
                       .type = SPEC_FILE,
                       .places = SPEC_CA_ACCOUNT | SPEC_ISSUE | SPEC_CA | SPEC_IN_CA,
                       .once = "bundle",
                       .value = "FILE",
                       .help = "certificates (PEM) by which the CA's server is trusted, or system"},
    [KEY_PROXY] = {.name = "proxy",
                   .type = SPEC_PROXY,
                   .places = SPEC_CA_ACCOUNT | SPEC_ISSUE | SPEC_CA | SPEC_IN_CA | SPEC_IN_DNS,
                   .value = "URL",
                   .help = "HTTP proxy to the CA: http://HOST:PORT, or none"},
    [KEY_EMAIL] = {.name = "email",
                   .type = SPEC_EMAIL,
                   .places = SPEC_CA_ACCOUNT | SPEC_ISSUE | SPEC_CA | SPEC_IN_CA,
                   .value = "ADDR",
                   .help = "contact of a new CA account"},
    [KEY_AGREE_TOS] = {.name = "agree_tos",
                       .type = SPEC_YES,
                       .places = SPEC_CA_ACCOUNT | SPEC_ISSUE | SPEC_CA | SPEC_IN_CA,
                       .help = "agree to the CA's terms of service"},
    [KEY_EAB_KID] = {.name = "eab_kid",
                     .type = SPEC_TEXT,
                     .places = SPEC_CA_ACCOUNT | SPEC_ISSUE | SPEC_CA | SPEC_IN_CA,
                     .value = "KID",
                     .help = "key ID of an external account binding, from the CA's web site"},
    [KEY_EAB_KEY] = {.name = "eab_key",
                     .type = SPEC_SOURCE,
                     .places = SPEC_CA_ACCOUNT | SPEC_ISSUE | SPEC_CA | SPEC_IN_CA,
                     .value = "SOURCE",
                     .help = "its HMAC key (base64url): file:PATH, cred:NAME, env:NAME, cmd:WORDS or fd:N"},
    [KEY_DNS] = {.name = "dns",
                 .type = SPEC_PROVIDER,
                 .places = SPEC_ISSUE | SPEC_IMPORT | SPEC_RENEW | SPEC_REVOKE | VIEW | SPEC_IN_CERTIFICATE,
                 .many = true,
                 .value = "PROVIDER",
                 .help = "DNS provider that adds the TXT records; repeat for more DNS accounts"},
    [KEY_SET] = {.name = "set",
                 .type = SPEC_PAIR,
                 .places = SPEC_DNS_ACCOUNT | SPEC_ISSUE | SPEC_IMPORT | SPEC_PROVIDERS | SPEC_IN_DNS,
                 .many = true,
                 .once = "options",
                 .value = "KEY=VALUE",
                 .help = "option of the preceding --dns; a secret as file:PATH, cred:NAME, env:NAME, "
                         "cmd:WORDS or fd:N"},
    [KEY_ZONE] = {.name = "zone",
                  .type = SPEC_ZONE,
                  .places = SPEC_DNS_ACCOUNT | SPEC_ISSUE | SPEC_IMPORT | SPEC_IN_DNS,
                  .many = true,
                  .once = "zones",
                  .value = "ZONE",
                  .help = "the preceding --dns serves this zone only; repeat for more zones"},
    [KEY_CNAME_TARGET] = {.name = "cname_target",
                          .type = SPEC_PATTERN,
                          .places = SPEC_DNS_ACCOUNT | SPEC_ISSUE | SPEC_IMPORT | SPEC_IN_DNS,
                          .many = true,
                          .once = "targets",
                          .value = "PATTERN",
                          .help = "the preceding --dns may also write at NAME, *.NAME or **.NAME"},
    [KEY_ALLOW_READABLE] = {.name = "allow_readable",
                            .type = SPEC_YES,
                            .places = SPEC_DNS_ACCOUNT | SPEC_ISSUE | SPEC_IMPORT | SPEC_IN_DNS,
                            .help = "secret files of the preceding --dns may be readable by all"},
    [KEY_NAME_SERVERS] = {.name = "name_servers",
                          .type = SPEC_SERVERS,
                          .places = SPEC_CERTIFICATE | ASKS | SPEC_IN_CERTIFICATE | SPEC_IN_DNS,
                          .many = true,
                          .once = "servers",
                          .value = "ZONE=ADDR,..",
                          .help = "name servers of a zone instead of the delegated ones; ZONE=auto"},
    [KEY_RESOLVER] = {.name = "resolver",
                      .type = SPEC_ADDRESS,
                      .places = SPEC_CERTIFICATE | ASKS | SPEC_IMPORT | SPEC_CA | SPEC_REVOKE |
                                SPEC_IN_CERTIFICATE | SPEC_IN_DNS,
                      .many = true,
                      .once = "resolvers",
                      .value = "ADDR[:PORT]",
                      .help = "resolver instead of the system's; system takes that back"},
    [KEY_KEY_TYPE] = {.name = "key_type",
                      .type = SPEC_WORD,
                      .places = SPEC_CERTIFICATE | SPEC_ISSUE | SPEC_IN_CERTIFICATE,
                      .most_here = 2,
                      .words = {"p256", "p384", "rsa2048", "rsa3072", "rsa4096"},
                      .standard = "p256",
                      .once = "key",
                      .value = "TYPE",
                      .help = "p256 (default), p384, rsa2048, rsa3072 or rsa4096; or two: p256,rsa2048"},
    [KEY_TTL] = {.name = "ttl",
                 .type = SPEC_SECONDS,
                 .places = SPEC_CERTIFICATE | SPEC_ISSUE | SPEC_IN_CERTIFICATE | SPEC_IN_DNS,
                 .least = 1,
                 .most = 86400,
                 .value = "TIME",
                 .help = "TTL of the TXT records, seconds; else the provider's minimum, 60 where unknown"},
    [KEY_WAIT_FOR] = {.name = "wait_for",
                      .type = SPEC_WORD,
                      .places = SPEC_CERTIFICATE | SPEC_ISSUE | SPEC_IN_CERTIFICATE | SPEC_IN_DNS,
                      .words = {"reachable", "all", "resolver", "none"},
                      .standard = "reachable",
                      .once = "policy",
                      .value = "WHAT",
                      .help = "who must show the records: reachable name servers (default), all, "
                              "resolver, or none"},
    [KEY_SETTLE] = {.name = "settle",
                    .type = SPEC_SECONDS,
                    .places = SPEC_CERTIFICATE | SPEC_ISSUE | SPEC_IN_CERTIFICATE | SPEC_IN_DNS,
                    .least = 0,
                    .most = 3600,
                    .standard = "0",
                    .value = "TIME",
                    .help = "seconds to wait before the CA is asked, with --wait-for none, or resolvers are"},
    [KEY_TIMEOUT] = {.name = "timeout",
                     .type = SPEC_SECONDS,
                     .places = SPEC_CERTIFICATE | SPEC_ISSUE | SPEC_IN_CERTIFICATE | SPEC_IN_DNS,
                     .least = 1,
                     .most = 604800,
                     .standard = "600",
                     .value = "TIME",
                     .help = "seconds until the records must be visible (600)"},
    [KEY_WAIT] = {.name = "wait",
                  .type = SPEC_SECONDS,
                  .places = ASKS | SPEC_RENEW,
                  .least = 0,
                  .most = 604800,
                  .standard = "0",
                  .value = "TIME",
                  .help = "seconds to wait for another run that works on the certificate (0)"},
    [KEY_STATE] = {.name = "state",
                   .type = SPEC_TEXT,
                   .places = RUNS | SPEC_CONFIG | VIEW | SPEC_DNS,
                   .value = "DIR",
                   .help = "the state folder"},
    [KEY_FORCE] = {.name = "force",
                   .type = SPEC_YES,
                   .places = SPEC_ISSUE | SPEC_RENEW,
                   .help = "issue although the certificate is not due"},
    [KEY_RETRY] = {.name = "retry",
                   .type = SPEC_YES,
                   .places = SPEC_RENEW,
                   .help = "try those, too, that rest after failures"},
    [KEY_DRY_RUN] = {.name = "dry_run",
                     .type = SPEC_YES,
                     .places = SPEC_RENEW | SPEC_IMPORT,
                     .help =
                         "do everything at the CA's staging environment, due or not, and publish nothing"},
    [KEY_EXPIRING] = {.name = "expiring",
                      .type = SPEC_SECONDS,
                      .places = SPEC_RENEW | SPEC_REVOKE | VIEW,
                      .least = 0,
                      .most = 366 * 86400,
                      .value = "AGE",
                      .help = "only those that end within AGE: 30d, 12h, 90m"},
    [KEY_FAILED] = {.name = "failed",
                    .type = SPEC_YES,
                    .places = SPEC_RENEW | SPEC_REVOKE | VIEW,
                    .help = "only those whose last try failed"},
    [KEY_CHANGE] = {.name = "change",
                    .type = SPEC_YES,
                    .places = SPEC_ISSUE,
                    .help = "give an existing certificate other names"},
    [KEY_REPLACE_TRUSTED] = {.name = "replace_trusted",
                             .type = SPEC_YES,
                             .places = SPEC_ISSUE | SPEC_RENEW,
                             .help = "let a test CA's certificate replace a trusted one"},
    [KEY_EXIT_UNCHANGED] = {.name = "exit_unchanged",
                            .type = SPEC_YES,
                            .places = SPEC_ISSUE,
                            .help = "exit with 3 instead of 0 when nothing was due"},
    [KEY_MODULE] = {.name = "module",
                    .type = SPEC_YES,
                    .places = SPEC_PROVIDERS,
                    .help = "with new: a module in C instead of a descriptor"},
    [KEY_JSON] = {.name = "json",
                  .type = SPEC_YES,
                  .places = RUNS | SPEC_CONFIG | VIEW | SPEC_DNS,
                  .help = "one event per line, as JSON"},
    [KEY_QUIET] = {.name = "quiet",
                   .type = SPEC_YES,
                   .places = RUNS,
                   .letter = 'q',
                   .help = "show warnings and errors only"},
    [KEY_VERBOSE] = {.name = "verbose",
                     .type = SPEC_COUNT,
                     .places = RUNS,
                     .letter = 'v',
                     .help = "show the name servers' answers and details"},
    [KEY_HELP] =
        {.name = "help", .type = SPEC_YES, .places = ALL | SPEC_CONFIG, .letter = 'h', .help = "this text"},
    [KEY_CONFIG] = {.name = "config",
                    .type = SPEC_TEXT,
                    .places = SPEC_CONFIG | SPEC_ISSUE | SPEC_IMPORT | SPEC_RENEW | SPEC_CA | SPEC_REVOKE |
                              SPEC_REMOVE | VIEW | SPEC_DNS,
                    .value = "PATH",
                    .help = "the configuration: a file, or a folder with dnsproof.yaml and conf.d"},
    [KEY_NAME] = {.name = "name",
                  .type = SPEC_NAME,
                  .places = IN_C,
                  .many = true,
                  .own = true,
                  .value = "NAME...",
                  .help = "names of the certificate; without, its ID is its name"},
    [KEY_BACKUP_CA] = {.name = "backup_ca",
                       .type = SPEC_THING,
                       .places = SPEC_CERTIFICATE | SPEC_ISSUE | IN_C,
                       .value = "CA",
                       .help = "CA that serves when the first one has failed three times, or an urgent "
                               "certificate once; or none"},
    [KEY_DEPLOY] = {.name = "deploy",
                    .type = SPEC_THING,
                    .places = IN_C,
                    .many = true,
                    .later = true,
                    .value = "NAME...",
                    .help = "lists of actions to do when there is a new certificate"},
    [KEY_LINKS] = {.name = "links",
                   .type = SPEC_FILE,
                   .places = IN_C,
                   .later = true,
                   .value = "DIR",
                   .help = "folder in which a link ID leads to the live certificate"},
    [KEY_READ_GROUP] = {.name = "read_group",
                        .type = SPEC_TEXT,
                        .places = IN_C,
                        .later = true,
                        .value = "GROUP",
                        .help = "group that may read the private key"},
    [KEY_NOTIFY] = {.name = "notify",
                    .type = SPEC_MAP,
                    .places = IN_C,
                    .later = true,
                    .value = "{mail: ADDR, webhook: SOURCE, when: [WORD...]}",
                    .help = "who is told, and when"},
    [KEY_ON_BAD_NAME] = {.name = "on_bad_name",
                         .type = SPEC_WORD,
                         .places = IN_C,
                         .later = true,
                         .words = {"fail", "drop"},
                         .standard = "fail",
                         .value = "WHAT",
                         .help =
                             "fail, or drop: an urgent certificate goes on without a name that stays bad"},
    [KEY_PARK_AFTER] = {.name = "park_after",
                        .type = SPEC_SECONDS,
                        .places = SPEC_CERTIFICATE | IN_C,
                        .least = 86400,
                        .most = 86400 * 3650u,
                        .value = "AGE",
                        .help = "an expired certificate whose names fail is left alone after so long"},
    [KEY_PROFILE] = {.name = "profile",
                     .type = SPEC_TEXT,
                     .places = SPEC_CERTIFICATE | SPEC_ISSUE | IN_C,
                     .value = "PROFILE",
                     .help = "certificate profile, of those that the CA lists, or none"},
    [KEY_PREFERRED_CHAIN] =
        {.name = "preferred_chain",
         .type = SPEC_TEXT,
         .places = SPEC_CERTIFICATE | SPEC_ISSUE | IN_C,
         .value = "CHAIN",
         .help = "of the CA's chains, the one issued by this name or with a certificate of this SHA-256 "
                 "fingerprint"},
    [KEY_COMMON_NAME] = {.name = "common_name",
                         .type = SPEC_NAME,
                         .places = SPEC_CERTIFICATE | SPEC_ISSUE | IN_C,
                         .own = true,
                         .value = "NAME",
                         .help = "which of the names is asked for as common name, too (default: none)"},
    [KEY_RENEW] = {.name = "renew",
                   .type = SPEC_WORD,
                   .places = IN_C,
                   .words = {"yes", "no"},
                   .standard = "yes",
                   .value = "yes|no",
                   .help = "no: it is kept as it is, and its CA is not asked"},
    [KEY_RENEW_WINDOW] =
        {.name = "renew_window",
         .type = SPEC_WINDOW,
         .places = SPEC_CERTIFICATE | IN_C,
         .many = true,
         .value = "WHEN",
         .help = "when it may be renewed unless it is urgent: Mon-Fri 01:00-05:00 Europe/Berlin"},
    [KEY_STAGING_TRY] = {.name = "staging_try",
                         .type = SPEC_YES,
                         .places = SPEC_CERTIFICATE | IN_C,
                         .help =
                             "after a failure the next try is made at the CA's staging environment first"},
    [KEY_DIRECTORY] =
        {.name = "directory",
         .type = SPEC_TEXT,
         .places = SPEC_IN_CA,
         .value = "CA",
         .help = "letsencrypt, letsencrypt-staging, zerossl, google ... or the URL of an ACME directory"},
    [KEY_STAGING] =
        {.name = "staging",
         .type = SPEC_TEXT,
         .places = SPEC_CA_ACCOUNT | SPEC_IN_CA,
         .value = "CA",
         .help = "the CA's staging environment: a CA that is known by name, or the URL of a directory"},
    [KEY_ACCOUNT_URI] = {.name = "account_uri",
                         .type = SPEC_TEXT,
                         .places = SPEC_CA_ACCOUNT | SPEC_IN_CA,
                         .value = "URL",
                         .help = "URL of the account; another is neither made nor used"},
    [KEY_LIMITS] = {.name = "limits",
                    .type = SPEC_MAP,
                    .places = SPEC_IN_CA,
                    .value = "{new_orders: N/TIME}",
                    .help = "limits of this account, where they differ from those that the CA publishes"},
    [KEY_CACHE] = {.name = "cache",
                   .type = SPEC_SECONDS,
                   .places = SPEC_CA_ACCOUNT | SPEC_IN_CA,
                   .least = 0,
                   .most = 86400,
                   .value = "TIME",
                   .help = "how long the CA's resolver keeps an answer, at most"},
    [KEY_SOURCE_ADDRESS] = {.name = "source_address",
                            .type = SPEC_IP,
                            .places = SPEC_CA_ACCOUNT | SPEC_IN_CA | SPEC_IN_DNS,
                            .value = "ADDR",
                            .help = "address of this host that connections come from"},
    [KEY_ADDRESS_FAMILY] = {.name = "address_family",
                            .type = SPEC_WORD,
                            .places = SPEC_CA_ACCOUNT | SPEC_IN_CA | SPEC_IN_DNS,
                            .words = {"any", "ipv4", "ipv6"},
                            .standard = "any",
                            .value = "WHICH",
                            .help = "addresses that are connected to: any, ipv4 or ipv6"},
    [KEY_PROVIDER] = {.name = "provider",
                      .type = SPEC_PROVIDER,
                      .places = SPEC_IN_DNS,
                      .value = "PROVIDER",
                      .help = "DNS provider; dnsproof providers lists them"},
    [KEY_ENV] = {.name = "env",
                 .type = SPEC_YES,
                 .places = SPEC_IN_DNS,
                 .help = "options that are not given are taken from the provider's environment variables"},
    [KEY_BOTH] = {.name = "both",
                  .type = SPEC_YES,
                  .places = SPEC_DNS_ACCOUNT | SPEC_IN_DNS,
                  .help = "its zones are written at each account that says so"},
    [KEY_FILE] = {.name = "file",
                  .type = SPEC_FILE,
                  .places = SPEC_IN_LIST | SPEC_REVOKE,
                  .value = "FILE",
                  .help = "list file: one certificate a line"},
    [KEY_LINE_KEYS] = {.name = "line_keys",
                       .type = SPEC_TEXT,
                       .places = SPEC_IN_LIST,
                       .many = true,
                       .value = "KEY...",
                       .help = "keys that a line of the file may set"},
    [KEY_MAX_CHANGE] =
        {.name = "max_change",
         .type = SPEC_TEXT,
         .places = SPEC_IN_LIST,
         .value = "N%",
         .help = "how many certificates of the list may change at once: a share (5 %), or a number"},
    [KEY_DIGEST] = {.name = "digest",
                    .type = SPEC_TEXT,
                    .places = SPEC_CONFIG,
                    .value = "DIGEST",
                    .help = "accept: what `config diff` showed of the file"},
    [KEY_REASON] = {.name = "reason",
                    .type = SPEC_WORD,
                    .places = SPEC_REVOKE,
                    .words = {"unspecified", "keyCompromise", "affiliationChanged", "superseded",
                              "cessationOfOperation"},
                    .value = "REASON",
                    .help = "unspecified, keyCompromise, affiliationChanged, superseded or "
                            "cessationOfOperation"},
    [KEY_KEY] = {.name = "key",
                 .type = SPEC_FILE,
                 .places = SPEC_REVOKE | SPEC_CA,
                 .value = "FILE",
                 .help = "with --file: the certificate's private key, which signs instead of a CA account"},
    [KEY_YES] = {.name = "yes",
                 .type = SPEC_NUMBER,
                 .places = SPEC_REVOKE,
                 .least = 1,
                 .most = 10000000,
                 .value = "N",
                 .help = "revoke these N certificates without asking"},
    [KEY_REVOKE_FIRST] = {.name = "revoke_first",
                          .type = SPEC_YES,
                          .places = SPEC_REVOKE,
                          .help = "keyCompromise: revoke before the new certificate is there"},
    [KEY_PURGE] = {.name = "purge",
                   .type = SPEC_YES,
                   .places = SPEC_REMOVE,
                   .help = "delete its files and keys, instead of putting them into the archive"},
    [KEY_IN_USE] = {.name = "in_use",
                    .type = SPEC_YES,
                    .places = SPEC_REMOVE,
                    .help = "although a link leads to it"},
    [KEY_ALL] = {.name = "all",
                 .type = SPEC_YES,
                 .places = VIEW,
                 .help = "list every certificate, however many there are"},
    [KEY_CHECK] = {.name = "check",
                   .type = SPEC_YES,
                   .places = SPEC_STATUS,
                   .help = "one line for monitoring; exit code 0 ok, 1 warning, 2 critical, 3 unknown"},
    [KEY_WARN] =
        {.name = "warn",
         .type = SPEC_SECONDS,
         .places = SPEC_STATUS,
         .least = 0,
         .most = 366 * 86400,
         .value = "AGE",
         .help = "with --check: 1 when one ends within AGE (the last sixth of its lifetime, at most 7d)"},
    [KEY_CRIT] = {.name = "crit",
                  .type = SPEC_SECONDS,
                  .places = SPEC_STATUS,
                  .least = 0,
                  .most = 366 * 86400,
                  .value = "AGE",
                  .help = "with --check: 2 when one ends within AGE (half of that)"},
    [KEY_MAX_FAILED] = {.name = "max_failed",
                        .type = SPEC_TEXT,
                        .places = SPEC_STATUS,
                        .value = "N|P%",
                        .help = "with --check: 1 when more failed in their last try"},
};

char *spec_option(enum spec_key key)
{
	char *option = xasprintf("--%s", spec_table[key].name);
	for (char *c = option; *c; c++)
		if (*c == '_')
			*c = '-';
	return option;
}

static bool name_is(const char *name, const char *typed)
{
	for (; *name && *typed; name++, typed++)
		if (*name != *typed && !(*name == '_' && *typed == '-'))
			return false;
	return !*name && !*typed;
}

int spec_find(const char *name, unsigned places)
{
	for (int i = 0; i < KEYS; i++)
		if (spec_table[i].places & places && name_is(spec_table[i].name, name))
			return i;
	return -1;
}

/* Words of other programs, and of this one before 0.1, for what a key says. */
static const struct {
	const char *word;
	enum spec_key key;
} synonyms[] = {
    {"cert", KEY_ID},
    {"cert-name", KEY_ID},
    {"key", KEY_KEY_TYPE},
    {"keylength", KEY_KEY_TYPE},
    {"policy", KEY_WAIT_FOR},
    {"servers", KEY_NAME_SERVERS},
    {"target", KEY_CNAME_TARGET},
    {"server", KEY_CA},
    {"accept-tos", KEY_AGREE_TOS},
    {"agree", KEY_AGREE_TOS},
    {"resolvers", KEY_RESOLVER},
    {"dir", KEY_STATE},
    {"path", KEY_STATE},
    {"challenge-alias", KEY_CNAME_TARGET},
    {"provider", KEY_DNS},
    {"accept_tos", KEY_AGREE_TOS},
    {"challenge_alias", KEY_CNAME_TARGET},
    {"names", KEY_NAME},
    {"domains", KEY_NAME},
    {"domain", KEY_NAME},
    {"options", KEY_SET},
    {"server", KEY_DIRECTORY},
    {"url", KEY_DIRECTORY},
    {"zones", KEY_ZONE},
    {"hook", KEY_DEPLOY},
    {"reload", KEY_DEPLOY},
};

char *spec_nearest(const char *name, unsigned places)
{
	const char *words[KEYS];
	char *options[KEYS], *found = NULL;
	size_t n = 0;
	for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
		if (strcmp(synonyms[i].word, name) == 0 && spec_table[synonyms[i].key].places & places)
			return spec_option(synonyms[i].key);
	for (int i = 0; i < KEYS; i++)
		if (spec_table[i].places & places) {
			options[n] = spec_option((enum spec_key)i);
			words[n] = options[n] + 2;
			n++;
		}
	const char *near = nearest_close(name, words, n);
	if (near)
		found = xasprintf("--%s", near);
	while (n)
		free(options[--n]);
	return found;
}

const char *spec_nearest_key(const char *name, unsigned places)
{
	const char *words[KEYS];
	size_t n = 0;
	for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
		if (name_is(synonyms[i].word, name) && spec_table[synonyms[i].key].places & places)
			return spec_name(synonyms[i].key);
	for (int i = 0; i < KEYS; i++)
		if (spec_table[i].places & places)
			words[n++] = spec_table[i].name;
	return nearest_close(name, words, n);
}

int spec_word(enum spec_key key, const char *text)
{
	const char *const *words = spec_table[key].words;
	for (int i = 0; text && words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return -1;
}

char *spec_words(enum spec_key key)
{
	const char *const *words = spec_table[key].words;
	struct buf b;
	buf_init(&b, 0);
	for (int i = 0; words[i]; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
	return buf_take(&b);
}
