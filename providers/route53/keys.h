/* Credentials, from where AWS's own programs look for them. */
#pragma once

#include "exchange.h"
#include "provider.h"

struct keys {
	char *id, *secret, *token; /* token may be NULL */
	long long expires;         /* seconds since 1970; 0: never */
};

/* Copies; the secrets are masked from now on. */
void keys_set(const struct dnsproof_call *call, struct keys *keys, const char *id, const char *secret,
              const char *token, const char *expires);
void keys_clear(struct keys *keys);
struct sign_key keys_sign(const struct keys *keys);
