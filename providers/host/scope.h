/* Locks of what one write replaces: among all processes that were given the same file, held by the one that
 * writes. Nothing here waits. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scope {
	uint64_t at; /* the byte of the file */
	char *path;  /* of the programs' lock, or NULL */
	int fd;      /* of it */
};

struct scopes {
	/* The lock file, opened for this process alone; -1: nothing is locked. Never closed: that would drop
	 * every lock. */
	int fd;
	char *folder; /* for locks that the programs inherit; NULL: it starts none */
	struct scope *held;
	size_t n;
	bool told; /* that something cannot be locked */
};

/* Takes over fd; folder is copied, NULL allowed. */
void scopes_begin(struct scopes *s, int fd, const char *folder);

/* False: another process has it; what was taken before stays held until scopes_drop. Where locks cannot be
 * had (a full disk, a file system without them) it goes on without, told once, since removals must go on. */
bool scopes_take(struct scopes *s, const char *text);

void scopes_drop(struct scopes *s); /* all that are held */
void scopes_end(struct scopes *s);  /* frees what it holds */
