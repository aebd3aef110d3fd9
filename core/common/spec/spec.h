/*
 * The table of keys: every setting of a certificate, a CA account and a DNS account, and every option of
 * a command, is one row. The command line and its help, the keys of the configuration (YAML, list files),
 * what is remembered in STATE, the lines to engine and keeper, the manual's table are made from it.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

enum spec_type {
	SPEC_YES,      /* a switch: true, else absent */
	SPEC_COUNT,    /* a switch that counts: integer */
	SPEC_NUMBER,   /* integer between least and most */
	SPEC_SECONDS,  /* integer between least and most; typed as 90, 90s, 10m, 6h, 30d */
	SPEC_WORD,     /* one of words */
	SPEC_TEXT,     /* text, not empty */
	SPEC_ID,       /* a certificate's ID */
	SPEC_EMAIL,    /* one address */
	SPEC_FILE,     /* absolute path of a file; a relative one is seen from the current folder */
	SPEC_SOURCE,   /* source of a secret (launcher/secret.h), never the secret */
	SPEC_PROVIDER, /* of a DNS account */
	SPEC_PAIR,     /* KEY=VALUE, an option of the provider */
	SPEC_ZONE,     /* zone name */
	SPEC_PATTERN,  /* NAME, *.NAME, **.NAME */
	SPEC_SERVERS,  /* ZONE=ADDR,... or ZONE=auto */
	SPEC_ADDRESS,  /* ADDR, ADDR:PORT, [ADDR6]:PORT, or the word system */
	SPEC_IP,       /* an IP address alone */
	SPEC_PROXY,    /* http://HOST:PORT */
	SPEC_NAME,     /* a certificate's name */
	SPEC_WINDOW,   /* [DAYS] HH:MM-HH:MM [ZONE]: one value, though there are blanks in it */
	SPEC_THING, /* name of a thing that the configuration defines: a CA account, a DNS account, a list of deploy actions */
	SPEC_MAP, /* keys of its own (launcher/configuration) */
};

/* Where a key may stand: in the settings of a thing, and as an option of a command. */
enum spec_place {
	SPEC_CERTIFICATE = 1,
	SPEC_CA_ACCOUNT = 2,
	SPEC_DNS_ACCOUNT = 4,
	SPEC_ISSUE = 8,
	SPEC_CLEAN = 16,
	SPEC_PROVIDERS = 32,
	SPEC_RENEW = 64,
	SPEC_CONFIG = 1 << 8,
	SPEC_CA = 1 << 13,
	SPEC_REVOKE = 1 << 14,
	SPEC_REMOVE = 1 << 15,
	SPEC_STATUS = 1 << 16,
	SPEC_PLAN = 1 << 17,
	SPEC_DNS = 1 << 18,
	SPEC_IMPORT = 1 << 19,
	/* In the configuration: */
	SPEC_IN_CERTIFICATE = 1 << 9,
	SPEC_IN_CA = 1 << 10,
	SPEC_IN_DNS = 1 << 11,
	SPEC_IN_LIST = 1 << 12,
};

/* Rows of the table, in its order. */
enum spec_key {
	KEY_ID,
	KEY_CA,
	KEY_CA_BUNDLE,
	KEY_PROXY,
	KEY_EMAIL,
	KEY_AGREE_TOS,
	KEY_EAB_KID,
	KEY_EAB_KEY,
	KEY_DNS,
	KEY_SET,
	KEY_ZONE,
	KEY_CNAME_TARGET,
	KEY_ALLOW_READABLE,
	KEY_NAME_SERVERS,
	KEY_RESOLVER,
	KEY_KEY_TYPE,
	KEY_TTL,
	KEY_WAIT_FOR,
	KEY_SETTLE,
	KEY_TIMEOUT,
	KEY_WAIT,
	KEY_STATE,
	KEY_FORCE,
	KEY_RETRY,
	KEY_DRY_RUN,
	KEY_EXPIRING,
	KEY_FAILED,
	KEY_CHANGE,
	KEY_REPLACE_TRUSTED,
	KEY_EXIT_UNCHANGED,
	KEY_MODULE,
	KEY_JSON,
	KEY_QUIET,
	KEY_VERBOSE,
	KEY_HELP,
	KEY_CONFIG,
	KEY_NAME,
	KEY_BACKUP_CA,
	KEY_DEPLOY,
	KEY_LINKS,
	KEY_READ_GROUP,
	KEY_NOTIFY,
	KEY_ON_BAD_NAME,
	KEY_PARK_AFTER,
	KEY_PROFILE,
	KEY_PREFERRED_CHAIN,
	KEY_COMMON_NAME,
	KEY_RENEW,
	KEY_RENEW_WINDOW,
	KEY_STAGING_TRY,
	KEY_DIRECTORY,
	KEY_STAGING,
	KEY_ACCOUNT_URI,
	KEY_LIMITS,
	KEY_CACHE,
	KEY_SOURCE_ADDRESS,
	KEY_ADDRESS_FAMILY,
	KEY_PROVIDER,
	KEY_ENV,
	KEY_BOTH,
	KEY_FILE,
	KEY_LINE_KEYS,
	KEY_MAX_CHANGE,
	KEY_DIGEST,
	KEY_REASON,
	KEY_KEY,
	KEY_YES,
	KEY_REVOKE_FIRST,
	KEY_PURGE,
	KEY_IN_USE,
	KEY_ALL,
	KEY_CHECK,
	KEY_WARN,
	KEY_CRIT,
	KEY_MAX_FAILED,
	KEYS
};

/* Indexes of the words of key_type and wait_for. */
enum key_type { KEY_TYPE_P256, KEY_TYPE_P384, KEY_TYPE_RSA2048, KEY_TYPE_RSA3072, KEY_TYPE_RSA4096 };
enum wait_for {
	WAIT_FOR_REACHABLE, /* unreachable servers warn, stale ones block, at least one must show it */
	WAIT_FOR_ALL,       /* every server must show it */
	WAIT_FOR_RESOLVER,  /* resolvers are asked: one that answers must show it, as above */
	WAIT_FOR_NONE,      /* nobody is asked; settle is waited */
};

struct spec_row {
	const char *name; /* as in YAML and JSON; the option has '-' for '_' */
	enum spec_type type;
	unsigned places;
	bool many; /* a list; as an option it may be repeated */
	unsigned
	    most_here; /* one value, or a list of up to so many; as an option by commas or repeated; else 0 */
	bool later;    /* configuration: read and checked, but nothing acts on it yet */
	bool own; /* configuration: of one certificate, never said for many (defaults, an entry of lists) */
	char letter;              /* short option, or 0 */
	unsigned least, most;     /* SPEC_SECONDS */
	const char *words[6];     /* SPEC_WORD, NULL at the end */
	const char *standard;     /* what holds where nothing is given, as typed; NULL: nothing */
	const char *once;         /* the member's name in files of before 0.1, or NULL */
	const char *value, *help; /* of the option */
};

extern const struct spec_row spec_table[KEYS];

#define spec_name(key) (spec_table[key].name)

/* "--key-type"; new string. */
char *spec_option(enum spec_key key);

/* The row of that name (either spelling) that may stand at any of places, or -1. */
int spec_find(const char *name, unsigned places);

/* The nearest such name, for a key of the configuration; borrowed, or NULL. */
const char *spec_nearest_key(const char *name, unsigned places);

/* The nearest such name, as an option's ("--key-type", new string), or NULL if none is near. */
char *spec_nearest(const char *name, unsigned places);

/* Index among the words of the key, or -1. */
int spec_word(enum spec_key key, const char *text);

/* "p256, p384, rsa2048, rsa3072 or rsa4096"; new string. */
char *spec_words(enum spec_key key);

/* Values of an object of settings; what it lacks is the standard (text: NULL, number: 0 without one). */
const char *spec_text(const json_t *settings, enum spec_key key);
unsigned spec_number(const json_t *settings, enum spec_key key);
bool spec_yes(const json_t *settings, enum spec_key key);
const json_t *spec_list(const json_t *settings, enum spec_key key); /* array, or NULL */
/* Of a key with most_here: the first of several is spec_text; the second, or NULL. */
const char *spec_second(const json_t *settings, enum spec_key key);

/* Copies into `to` those members of `from` that may stand at `place` and have the right JSON type (of
 * earlier names too). False with e, which names the first that has not. */
bool spec_copy(json_t *to, const json_t *from, enum spec_place place, struct err *e);

/* New object: the settings of `place`, each that was not given with its standard. */
json_t *spec_complete(const json_t *settings, enum spec_place place);
