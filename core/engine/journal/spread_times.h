/* How long the servers of a zone usually take to show a value. */
#pragma once

struct turn;

/* Milliseconds; 0 = nothing known. */
unsigned spread_learned_ms(struct turn *t, const char *zone);
void spread_learn(struct turn *t, const char *zone, unsigned ms);

/* How long to wait before resolvers are asked for a value of the zone; 0 = nothing known. */
unsigned spread_resolver_ms(struct turn *t, const char *zone);
void spread_resolver_store(struct turn *t, const char *zone, unsigned ms);
