/* What lives as long as the process: the descriptor, and what was learned at login. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "provider.h"

struct account {
	json_t *descriptor; /* owned */
	json_t *options;    /* owned: the credentials as {option} stands for them */
	json_t *kept;       /* owned: variables captured by login and prepare */
	json_t *zones;      /* owned: zone -> what its step captured */
	json_t *cookies;    /* owned: name -> value */
	bool ready;         /* logged in and prepared */
	bool clock_known;
	long long clock_ahead; /* seconds that the server's clock is ahead of ours */
};

/* Parses the descriptor and prepares the options. NULL with words recorded by host->fail(). */
struct account *account_new(const struct dnsproof_call *call, const char *descriptor);
void account_free(struct account *a); /* NULL allowed; wipes */

void account_forget(struct account *a); /* the login: it is made again */
