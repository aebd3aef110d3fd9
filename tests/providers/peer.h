/* A real provider host and the test as its engine and launcher. */
#pragma once

#include <jansson.h>
#include <stdio.h>
#include <sys/types.h>

#include "common/buf.h"

struct peer {
	pid_t pid;
	int fd;       /* the engine's side of the dialogue */
	FILE *errors; /* its standard error */
	struct buf rest;
};

/* Starts HOST_PROGRAM --serve with the setup document as text; secret (or NULL) is what descriptor 4
 * holds. The engine's first line is sent. */
void peer_start(struct peer *p, const char *setup, const char *secret);

/* The same with another first line of the engine. */
void peer_start_greeting(struct peer *p, const char *setup, const char *secret, const char *greeting);

/* Each host started from now on waits on descriptor 5 for the word to serve ("go":5 in its document), and gets it
 * with an opening of this file of its own and, unless NULL, a folder for locks; path NULL: no more. Borrowed. */
void peer_lock(const char *path, const char *folder);

void peer_send(struct peer *p, const char *line);
/* The next line of the host as compact JSON with sorted keys; "" at the end of file. free() it. */
char *peer_line(struct peer *p);

/* Sends a line and compares the answer (given with ' for "), in any order of members. */
void peer_expect(struct peer *p, const char *line, const char *want);

/* Closes the dialogue, waits, returns the wait status; what it wrote to standard error goes to *errors
 * (free() it) unless NULL. */
int peer_end(struct peer *p, char **errors);
