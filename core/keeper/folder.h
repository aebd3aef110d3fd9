/* Folders by descriptor: every path below the state folder is reached by openat() without following
 * links. Failures say the path and the system's words. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/err.h"

struct folder {
	int fd;     /* -1 = not open */
	char *path; /* owned; for messages only */
};

#define FOLDER_NONE                                                                                          \
	{                                                                                                    \
		-1, NULL                                                                                     \
	}

/* True if text can be a file's name of our making: 1..most of a-z 0-9 . _ - with no leading dot. */
bool folder_plain(const char *text, size_t most);

/* Opens `name` in `at`; at NULL: name is an absolute path. f is left closed on failure. */
bool folder_open(struct folder *f, const struct folder *at, const char *name, struct err *e);

/* The same, but makes the folder with that mode (whatever the umask) if it is absent, and has its
 * entry in `at` durable on return. */
bool folder_make(struct folder *f, const struct folder *at, const char *name, mode_t mode, struct err *e);
void folder_close(struct folder *f); /* an unopened one is allowed */

/* Waits for the exclusive lock of this folder between processes; folder_close drops it. */
bool folder_lock(const struct folder *f, struct err *e);

bool folder_sync(const struct folder *f, struct err *e);

/* Is there an entry of that name (links are not followed)? False with e filled when it cannot be
 * told, with e->text empty when there is none. */
bool folder_has(const struct folder *f, const char *name, struct err *e);

/* Renames within f; never replaces an entry that holds something. */
bool folder_move(const struct folder *f, const char *from, const char *to, struct err *e);

/* Renames into another folder, where no entry of that name may be. */
bool folder_move_to(const struct folder *f, const char *from, const struct folder *where, const char *to,
                    struct err *e);

/* Removes the folder `name` and the files in it (folders in it: one level of files each). An absent
 * one is no failure. */
bool folder_remove(const struct folder *f, const char *name, struct err *e);

/* Calls fn with each entry's name but . and .., in no order; entries may be removed meanwhile. */
bool folder_each(const struct folder *f, void (*fn)(void *arg, const char *name), void *arg, struct err *e);

/* "PATH/NAME: words of errno"; returns false. name NULL: PATH alone. */
bool folder_error(const struct folder *f, const char *name, struct err *e);
