/*
 * A CA account's next key (RFC 8555 section 7.3.5): STATE/keys/NAME.pem.next, from before the CA is asked to take it
 * until it is known which of the two keys has the account. None is ever deleted: the other is kept as NAME.pem.old or
 * NAME.pem.unused.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "keeper/account.h"

/* The account by its next key; NULL with e empty when there is none. */
struct account *rollover_next(const struct folder *keys, const char *name, const char *directory,
                              struct err *e);

/* Makes the next key, of the type of the present one and durable, and has it sign that it is to take over: new inner JWS
 * for keyChange at url. */
json_t *rollover_begin(const struct folder *keys, const struct account *now, const char *directory,
                       const char *kid, const char *url, struct err *e);

/* The CA says which key has the account: the next one takes the place of the present one, or it is put aside. Durable, and
 * again after a crash is fine. */
bool rollover_end(const struct folder *keys, const char *name, bool took_over, struct err *e);
