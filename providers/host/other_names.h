/* The names that other programs have for the providers. */
#pragma once

#include <stdbool.h>

/* The provider that another program, or another spelling, calls so; NULL if none is known. */
const char *other_names_find(const char *typed);

/* What others call this provider, blanks between; NULL if nothing else is known. */
const char *other_names_of(const char *provider);
