/* What stat(2) tells of a file or folder: with the same stamp, and not taken too soon after a change, it is the same. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct stamp {
	int64_t size, modified, changed; /* octets; nanoseconds */
	uint64_t inode;
};

struct stamp stamp_of(const struct stat *st);
bool stamp_equal(const struct stamp *a, const struct stamp *b);

/* Read at `now` (nanoseconds), could it have been changed once more since, within what a file system's clock tells
 * apart? */
bool stamp_is_racy(const struct stamp *s, int64_t now);

json_t *stamp_json(const struct stamp *s); /* new */
bool stamp_take(struct stamp *s, const json_t *json);

/* The wall clock as a file system has it, in nanoseconds. */
int64_t stamp_now(void);
