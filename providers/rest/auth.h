/* Which of the descriptor's authentications a request gets. */
#pragma once

#include "pairs.h"
#include "run.h"

/* The first whose variables all have a value; NULL if there is none. *wanted: is one declared at all? */
const json_t *auth_choose(struct run *r, bool *wanted);

/* Adds headers and parameters of the map (members header, query, form, bearer, basic). */
bool auth_apply(struct run *r, const json_t *map, struct pairs *header, struct pairs *query,
                struct pairs *form);

/* Records what is missing; returns DNSPROOF_AUTH. */
int auth_missing(struct run *r);
