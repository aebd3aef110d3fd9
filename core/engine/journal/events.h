/* What happened to each certificate, for later questions. */
#pragma once

struct turn;
struct events;

struct events *events_new(struct turn *t); /* to be freed before the turn */
void events_free(struct events *e);        /* NULL allowed */

/* Keeps an event with its details (JSON text). It is written with the next transaction that there is: alone it is
 * worth no fsync, and a crash may lose the last ones. */
void event_store(struct events *e, const char *run, const char *cert, const char *event, const char *detail);

/* Leaves the newest of this certificate, and writes what is waiting. */
void events_prune(struct events *e, const char *cert);
