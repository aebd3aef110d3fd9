/* Is a value text, a map, a list, a name? When it is not, that is told. */
#pragma once

#include "launcher/configuration/scope.h"

/* Text of a scalar; NULL when it is none, which was told (`what`: the key, or NULL). Borrowed. */
const char *shape_text(const struct scope *s, const char *what, const struct yaml_node *v);

/* Is v a map (list)? When not, that is told; nothing at all is an empty one. */
bool shape_is_map(const struct scope *s, const char *what, const struct yaml_node *v);
bool shape_is_list(const struct scope *s, const char *what, const struct yaml_node *v);

/* Is it one of the words that mean something themselves? */
bool shape_is_reserved(const char *word);

/* An ID or the name of an account or list: [a-z0-9._-]{1,200}, no leading dot, no reserved word. Else false, told. */
bool shape_is_name(const struct scope *s, unsigned line, const char *what, const char *name);

/* Words of text, by any of `between`; calls take() for each. */
typedef bool shape_word_fn(void *who, const char *word);
bool shape_words(const char *text, const char *between, shape_word_fn *take, void *who);
