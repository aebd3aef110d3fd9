/* STATE/indexed.json: what the engine's index was made of, so that stat(2) alone tells whether it is still right and
 * neither the configuration nor STATE/issued needs to be read. Only a note: the engine compares the digest itself. */
#pragma once

/* What stat tells of all that the rows of the index come from; path as configuration_path() gives it. New string; NULL:
 * something has changed since it was accepted, or too lately to be sure. To be asked before that is read. */
char *indexed_stamp(const char *state, const char *path);

/* The digest that was noted for that stamp: new string, NULL when there is none. */
char *indexed_digest(const char *state, const char *stamp);

/* Notes it; a failure costs the next run its time, and is told then if it matters. */
void indexed_note(const char *state, const char *stamp, const char *digest);
