/*
 * Accounts of the configuration that `issue` was given by their names: --ca X, --dns X. What is remembered of the certificate
 * says which these are (configured_ca, configured_dns), and whoever works on it takes them as the configuration has them then.
 * One that has left the configuration stays as it was used last.
 */
#pragma once

#include "launcher/ca_account.h"
#include "launcher/certificates.h"
#include "launcher/configuration/configuration.h"
#include "launcher/dns_account.h"

/* All is borrowed. */
struct by_name {
	const struct configuration *conf;
	bool right; /* no: it is wrong, and none was right before */
	struct dns_accounts *dns;
	struct ca_accounts *cas;
};

/* The CA account NAME of the configuration, found or added in b->cas with its settings there. `given`: options of a CA account
 * beside it, by the table of keys; they are refused. NULL with e empty: there is none of the name; else with e. */
struct ca_account *by_name_ca(const struct by_name *b, const char *name, const json_t *given, struct err *e);

/* The DNS account that c names, as it is used for the names of out: goes to its dns and configured_dns. Options beside it
 * are refused. False with e empty: there is none of the name; else with e. */
bool by_name_dns(const struct by_name *b, const struct dns_choice *c, struct certificate *out, struct err *e);

/* Are options of a DNS account given for accounts that are configured? Then false with e. */
bool by_name_dns_free(const struct by_name *b, const struct strs *names, const json_t *given, struct err *e);

/* Has the DNS accounts of c be as the configuration has them. Names of those that left it are added to `left`, once. */
bool by_name_follow_dns(const struct by_name *b, struct certificate *c, struct strs *left, struct err *e);

/* Likewise its CA accounts. */
bool by_name_follow_ca(const struct by_name *b, const struct certificate *c, struct strs *left,
                       struct err *e);

/* Tells of them; `what`: CA or DNS. */
void by_name_tell_left(const char *what, const struct strs *left);

/* Has all that `issue` made follow the configuration, and tells which accounts left it; one that cannot goes out of all, with
 * a message in `damaged`. */
void by_name_follow(const struct by_name *b, struct certificates *all, struct strs *damaged);
