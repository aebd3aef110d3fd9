/* What runs remember for later ones: CA accounts, how long a zone takes to spread, events. */
#pragma once

struct turn;

/* The account URL, or NULL when the account is not registered. New. */
char *ca_account_kid(struct turn *t, const char *account);
void ca_account_store(struct turn *t, const char *account, const char *directory, const char *kid);

/* How long the servers of a zone usually take, milliseconds; 0 = nothing known. */
unsigned spread_learned_ms(struct turn *t, const char *zone);
void spread_learn(struct turn *t, const char *zone, unsigned ms);

/* Keeps an event with its details (JSON text) for later; events_prune leaves the newest 10,000. */
void event_store(struct turn *t, const char *run, const char *cert, const char *event, const char *detail);
void events_prune(struct turn *t);
