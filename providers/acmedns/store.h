/* The accounts at acme-dns servers that the operator has. */
#pragma once

#include "provider.h"

struct account {
	const char *domain;     /* for which it was registered, or NULL */
	const char *fulldomain; /* where its TXT records are, or NULL */
	const char *subdomain, *username, *password;
	const char *server; /* base URL */
};

/* Checks the options and takes all passwords for secrets. *store is what the others want; to be
 * released. */
enum dnsproof_rc store_open(const struct dnsproof_call *call, json_t **store);
/* The account whose TXT records are at the name; 0 if there is none. Texts belong to store and
 * options. */
int store_find(const struct dnsproof_call *call, const json_t *store, const char *name, const char *relative,
               struct account *account);
/* The account that was registered for the domain of an _acme-challenge name. */
int store_find_registered(const struct dnsproof_call *call, const json_t *store, const char *name,
                          struct account *account);
