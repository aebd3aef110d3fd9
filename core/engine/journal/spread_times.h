/* How long the servers of a zone usually take to show a value. */
#pragma once

struct turn;

/* Milliseconds; 0 = nothing known. */
unsigned spread_learned_ms(struct turn *t, const char *zone);
void spread_learn(struct turn *t, const char *zone, unsigned ms);
