/* What is found in the folder of another client: certificates, and accounts at CAs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/str.h"
#include "launcher/options.h"

struct foreign {
	char *id;                    /* as the other client calls it */
	char *key, *chain, *issuers; /* files in the tree; issuers: the rest of the chain, or NULL */
	char *directory;             /* of the CA; NULL: not known */
	struct dns_choice dns;       /* as it can be used here; provider NULL: it cannot */
	char *dns_was;               /* what the other client used, in words; NULL: not known */
};

struct foreign_account {
	char *directory; /* NULL: not known */
	char *key;       /* path */
};

struct foreigns {
	char *path; /* of the tree */
	int tree;
	const char *ca; /* borrowed: directory that the person named, or NULL */
	struct foreign *at;
	size_t n;
	struct foreign_account *account;
	size_t accounts;
	const char *client; /* its name; static */
	const char *end;    /* what ends its renewals, to be typed; static */
};

void foreigns_free(struct foreigns *f);

/* Adds a zeroed one. */
struct foreign *foreigns_add(struct foreigns *f);

/* Adds an account, unless it is there; strings are copied, key is a file in the tree. */
void foreigns_add_account(struct foreigns *f, const char *directory, const char *key);

/* The directory of a CA at that host: the person's, or a preset's; new string, NULL when none is known. */
char *foreigns_directory(const struct foreigns *f, const char *host);

/* A DNS account of that provider, without options. */
void foreign_use(struct foreign *c, const char *provider);
void foreign_set(struct foreign *c, const char *key, char *value); /* an option of it; value is stolen */
