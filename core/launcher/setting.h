/* The value of a setting (common/spec/spec.h) as a person types it. */
#pragma once

#include <jansson.h>

#include "common/err.h"
#include "common/spec/spec.h"

/* The value of a key that is no switch, for a list that of one member, whoever typed it where; KEY_SET is not for
 * here, and a secret itself is not seen as one. NULL with e: "type EXPECTED", or else a whole sentence. */
json_t *setting_value(enum spec_key key, const char *text, struct err *e);

/* New value, for a list that of one member; KEY_SET is not for here. NULL with e, which begins with the option. */
json_t *setting_parse(enum spec_key key, const char *text, struct err *e);

/* Is it a list that the key allows? One EC and one RSA key type at most: a client is served one of a kind. False with
 * e: what was typed, and what was expected. */
bool setting_list_fine(enum spec_key key, const json_t *list, struct err *e);

bool setting_has_member(const json_t *list, const json_t *v);

/* What `defaults` added may be one too much: the longest beginning that is allowed. list is stolen; a list of one is
 * that one. */
json_t *setting_list_fit(enum spec_key key, json_t *list);

/* Puts a value into settings: appended where the key is a list (once), counted, else replaced. v is stolen. */
void setting_put(json_t *settings, enum spec_key key, json_t *v);

/* "key_type p256 -> p384, resolver removed", "" when they are equal. New string. */
char *setting_changes(const json_t *old, const json_t *now);
