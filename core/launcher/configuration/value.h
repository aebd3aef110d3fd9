/* A value of the configuration, by its row of the table of keys. */
#pragma once

#include "launcher/configuration/scope.h"

/* New value: null for `none`; in a list null stands for the word `defaults`. NULL when it is wrong, which was told.
 * Not for `name` and `set`. */
json_t *value_read(const struct scope *s, enum spec_key key, const struct yaml_node *v);

/* The same of text in a line of a list file: lists by commas. False words go to e. */
json_t *value_of_word(const struct scope *s, enum spec_key key, const char *text, struct err *e);

/* Each member of a map that may stand at `place` goes into the layer; what cannot is told. `name`, `set` and `zone` are
 * the caller's: rest() is called with the key, and for a key that is unknown with KEYS: false when it does not know it
 * either. */
typedef bool value_rest_fn(void *who, enum spec_key key, const struct yaml_node *v);
void value_keys(const struct scope *s, const char *where, unsigned place, const struct yaml_node *map,
                struct layer *into, value_rest_fn *rest, void *who);
