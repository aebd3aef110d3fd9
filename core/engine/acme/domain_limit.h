/* Limits of a CA that are a domain's, as they are learned from its refusals. Pure. */
#pragma once

#include "engine/acme/problem.h"

/* The domain that has had too many certificates, when newOrder was refused for that alone: the CA says so in words
 * (Let's Encrypt's), or in subproblems about one identifier (RFC 8555 section 6.7.1). It has two labels or more, and
 * one of the order's names (JSON list) is that or below it. New, or NULL: the refusal says no such thing. */
char *domain_limit(const struct problem *p, const char *names);
