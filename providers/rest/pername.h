/* Credentials that differ by name: lines "NAME VALUE" (also "NAME: VALUE", "NAME=VALUE"). */
#pragma once

#include "account.h"
#include "arena.h"

/* Sets in vars each option with per_name to the value of the longest name that ends the owner name;
 * "" if there is none. */
void pername_set(const struct account *a, json_t *vars, struct arena *arena, const char *name);
