/* The API key of a user of Oracle Cloud, and requests signed with it. */
#pragma once

#include "provider.h"

struct account {
	struct key *key;
	char *key_id; /* TENANCY/USER/FINGERPRINT */
	char *base;   /* https://HOST without a slash at its end */
};

/* From the options; those that are missing from the content of a configuration file. Zeroed before.
 */
enum dnsproof_rc account_open(const struct dnsproof_call *call, struct account *account);
void account_close(struct account *account);

/* target: path and query below the base. json: body, or NULL. Every status is OK here: the caller
 * judges it. Anything else is recorded and can be returned. */
enum dnsproof_rc account_ask(const struct dnsproof_call *call, const struct account *account,
                             const char *method, const char *target, const json_t *json,
                             struct dnsproof_http_answer *answer);
