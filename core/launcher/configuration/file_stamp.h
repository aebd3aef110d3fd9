/* What stat(2) tells of a file or folder: with the same stamp, and not taken too soon after a change, it is the same. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct file_stamp {
	int64_t size, modified, changed; /* octets; nanoseconds */
	uint64_t inode;
};

struct file_stamp file_stamp_of(const struct stat *st);
bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b);

/* Read at `now` (nanoseconds), could it have been changed once more since, within what a file system's clock tells
 * apart? */
bool file_stamp_is_racy(const struct file_stamp *s, int64_t now);

json_t *file_stamp_json(const struct file_stamp *s); /* new */
bool file_stamp_take(struct file_stamp *s, const json_t *json);

/* The wall clock as a file system has it, in nanoseconds. */
int64_t file_stamp_now(void);
