/*
 * The configuration: FOLDER/dnsproof.yaml and FOLDER/conf.d/ with files named *.yaml, and the list and zone files that
 * they name; dnsproof.yaml(5). Nothing here asks a network or writes a file.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"
#include "launcher/ca_account.h"
#include "launcher/certificate.h"
#include "launcher/configuration/accepted.h"
#include "launcher/configuration/layer.h"
#include "launcher/configuration/troubles.h"
#include "launcher/dns_account.h"

/* One certificate: 100,000 of them are held. */
struct configured {
	const char *id;
	const char *names; /* normalised, a blank between them */
	struct layer *layer;
	uint64_t set; /* hash of the set of names */
	uint32_t n;   /* names */
	struct origin origin;
};

/* A line of a zone file: values for the words of an account's `set`. */
struct zone_line {
	const char *zone;
	const char *values; /* "word=value word=value" of the words that `set` uses, sorted as there */
	uint32_t line;
	uint32_t used; /* as that of config_dns */
};

struct config_dns {
	char *name, *provider;
	json_t *settings; /* SPEC_DNS_ACCOUNT: set as written, zone, cname_target, allow_readable */
	bool env;         /* the provider's environment variables are looked at */
	struct origin origin;
	struct layer layer; /* what was given, for who asks where */
	struct strs words;  /* {word} in `set` */
	bool zone_file;     /* zones come from a file */
	struct zone_line *line;
	size_t lines;
	const struct dns_accounts *used_in; /* where `used` counts, its own and that of its lines */
	uint32_t used;                      /* the account as used: its index + 1; 0 = not made yet */
};

struct config_ca {
	char *name;
	struct origin origin;
	struct layer layer;
};

struct config_section { /* names of a deploy list */
	char *name;
	struct origin origin;
};

struct configuration {
	struct strs files;       /* as messages call them; origin.file is an index here */
	struct ca_accounts ca;   /* each by its name here */
	struct config_ca *ca_at; /* beside it, of the same order */
	struct config_dns *dns;
	size_t dnss;
	json_t *deploy; /* name -> list of actions, all scalars as text */
	struct config_section *deploy_at;
	size_t deploys;
	struct layer defaults;
	struct configured *at;
	size_t n;

	/* of this room alone */
	struct accepted *accepted; /* borrowed; NULL: the files are believed as they stand */
	struct arena arena;
	struct layer **layers;
	size_t layerss;
	uint32_t *by_id, *by_set; /* open addressing: index + 1, 0 is empty */
	size_t slots;
};

/* The folder or file: `given` (--config) made absolute, else SYSCONFDIR/dnsproof for root, else the XDG folder. New
 * string; NULL with e. */
char *configuration_path(const char *given, struct err *e);

/* Reads all of it; what is wrong goes to t. What is right is there in any case. False when there is no
 * configuration at all (with e). a: what is accepted, by which lists are guarded and which sees what is read; or NULL. */
bool configuration_read(struct configuration *c, const char *path, struct accepted *a, struct troubles *t,
                        struct err *e);
void configuration_free(struct configuration *c);

/* Whether provider options are what their providers take: asks each provider host what it knows (milliseconds each). */
void configuration_judge(const struct configuration *c, struct troubles *t);

/* By ID; NULL. */
const struct configured *configuration_find(const struct configuration *c, const char *id);

/* The certificate as a run takes it: names, settings, and its DNS accounts as used, which are added to `accounts`
 * where they are not there yet. out is to be freed by certificate_free(). False with e. */
bool configuration_certificate(const struct configuration *c, const struct configured *k,
                               struct certificate *out, struct dns_accounts *accounts, struct err *e);

/* The DNS account of that name; NULL. */
struct config_dns *configuration_dns_find(const struct configuration *c, const char *name);

/* Adds to cert->dns the accounts of d as they are used for its names, of a zone file with values those of their lines,
 * which may be none; they are added to `accounts` where they are not there yet. False with e. */
bool configuration_dns_use(struct config_dns *d, struct certificate *cert, struct dns_accounts *accounts,
                           struct err *e);

/* "/etc/dnsproof/dnsproof.yaml:12"; new string. */
char *configuration_where(const struct configuration *c, struct origin at);
