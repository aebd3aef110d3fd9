#define _GNU_SOURCE
#include "keys.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *copy_of(const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		abort();
	return copy;
}

static void wipe(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

/* 2026-11-21T23:00:00Z; a time that cannot be read is long gone. */
static long long time_of(const char *text)
{
	struct tm tm = {0};

	if (!text)
		return 0;
	return strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) ? (long long)timegm(&tm) : 1;
}

void keys_set(const struct dnsproof_call *call, struct keys *keys, const char *id, const char *secret,
              const char *token, const char *expires)
{
	struct keys new = {copy_of(id), copy_of(secret), copy_of(token), time_of(expires)};

	keys_clear(keys);
	*keys = new;
	call->host->secret(call, secret);
	if (token)
		call->host->secret(call, token);
}

void keys_clear(struct keys *keys)
{
	wipe(&keys->id);
	wipe(&keys->secret);
	wipe(&keys->token);
	keys->expires = 0;
}

struct sign_key keys_sign(const struct keys *keys)
{
	return (struct sign_key){keys->id, keys->secret, keys->token};
}
