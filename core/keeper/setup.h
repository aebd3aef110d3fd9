/*
 * What the launcher allows this run to do: one JSON object a line,
 * {"state":"/path","command":"issue"|"renew"|"clean"|"ca"|"revoke"|"remove"|"import", "dry_run":true, "task":"show"|"register"|"import"|"update"|"rollover"|"deactivate" for "ca"}
 * {"account":{"name":"NAME","directory":"https://ca/dir","test":true,"fixed":true,"eab_kid":"..","eab_key":".."}}  one a CA
 *                                                                                                     account
 * "import":"TEXT" beside it: the key of an account to import, as it stands in its file
 * {"cert":{"id":"ID","names":["example.test"],"types":["p256"],"profile":"..","preferred_chain":"..","common_name":"..","replace_trusted":true,"trial":"NAME"}}  one a
 *                                                                                                     certificate
 * "remove":"ID","archive":"NAME" for "remove"; all in the first line, then
 * "pair":{"key":"TEXT","chain":"PEM","issuers":"PEM","directory":"URL"} for "import", in the first line, too
 * {"revoke":{"id":"ID","generation":"gen-..","reason":1,"own_key":true}}                               what "revoke"
 *                                                                                                     revokes, or
 * {"revoke":{"pem":"..","key":"..","reason":1,"own_key":true}}                                         any certificate
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

struct setup;

/* New, or NULL when the document is not of that form. Members not named above are ignored. */
struct setup *setup_parse(const char *text, size_t n, struct err *e);
void setup_free(struct setup *s); /* NULL allowed */

const char *setup_state(const struct setup *s); /* absolute path */
bool setup_orders(const struct setup *s); /* started for "issue" or "renew": orders and keys may be made */

/* Was it started for this task at the account that it knows? */
bool setup_has_task(const struct setup *s, const char *task);

/* The key to import as that account's, as it stands in its file; NULL when none is. */
const char *setup_import(const struct setup *s, const char *account);

/* Is the account one that is there already, so that no key is made for it? */
bool setup_is_fixed(const struct setup *s, const char *account);

/* The n-th revocation of a run of "revoke"; NULL after the last. */
const json_t *setup_revocation(const struct setup *s, size_t n);
int setup_reason(const struct setup *s, size_t n);

/* The certificate of a run of "remove", else NULL; archive: NULL where nothing of it is kept. */
const char *setup_removal(const struct setup *s, const char **archive);

struct setup_pair {
	const char *key, *chain; /* as they stand in their files */
	const char *issuers;     /* the rest of a chain that is the certificate alone; NULL: none */
	const char *directory;   /* of the CA that issued it; NULL: not known */
};

/* The pair of a run of "import", else NULL. */
const struct setup_pair *setup_adopted(const struct setup *s);

/* Directory URL of an account, or NULL when this run has no such account. */
const char *setup_directory(const struct setup *s, const char *account);

/* The directory whose certificates that account gets; account NULL: that of the only account, if there is one
 * alone. NULL when it cannot be told. */
const char *setup_issuer(const struct setup *s, const char *account);

/* Is it the directory of a test CA, whose certificates nobody trusts? One that no account has is taken for a
 * trusted CA's; NULL allowed, the same. */
bool setup_is_test(const struct setup *s, const char *directory);

/* Are the certificate's pairs from that account (NULL allowed) checked alone, and never published? */
bool setup_is_trial(const struct setup *s, const char *cert, const char *account);

/* May a test CA's pair take the place of a trusted CA's? */
bool setup_replaces_trusted(const struct setup *s, const char *cert);

/* Name and key of the account's external account binding; false when it has none. Borrowed. */
bool setup_binding(const struct setup *s, const char *account, const char **kid, const char **key);

/* Fills names (to be freed) with those of a certificate; false when this run has no such one. */
bool setup_names(const struct setup *s, const char *cert, struct strs *names);
const char *setup_profile(const struct setup *s, const char *cert);         /* NULL: none */
const char *setup_preferred_chain(const struct setup *s, const char *cert); /* alternates.h; NULL: any */
const char *setup_common_name(const struct setup *s, const char *cert);     /* NULL: none */

/* May an order ask for the profile? */
bool setup_has_profile(const struct setup *s, const char *profile);
/* The n-th key type of a certificate, the first at the top of its generations; NULL after the last. */
const char *setup_type(const struct setup *s, const char *cert, size_t n);

/* Is the name one of any certificate of this run? */
bool setup_has_name(const struct setup *s, const char *name);
