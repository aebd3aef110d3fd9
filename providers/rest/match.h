/* Choosing items of a list, comparing values. */
#pragma once

#include "path.h"

/* Do all lines of `match` (path: text, or a list of texts) hold for the node? without_value: lines with {value} are left
 * out. NULL match: yes. */
bool match_holds(struct run *r, const struct answer *a, struct node n, const json_t *match,
                 bool without_value);

/* Has the node something where `match` looks for {value} (or may it lack it: path?)? */
bool match_has_value(struct run *r, const struct answer *a, struct node n, const json_t *match);

/* The path in `match` whose text has {value} in it, or NULL. */
const char *match_value_path(const json_t *match);

/* The TXT value where `match` looks for {value}, decoded (of a list, all joined)
 * if it looks for {value|base64}; "" if there is none. */
const char *match_value(struct run *r, const struct answer *a, struct node n, const json_t *match);

/* Character-strings joined: "ab" "c" -> abc; text without quotes as it is. */
const char *match_unquoted(struct run *r, const char *text);
