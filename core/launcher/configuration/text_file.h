/* List and zone files, line by line: UTF-8, BOM and CR dropped, words between blanks and tabs, comments left out. */
#pragma once

#include "launcher/configuration/scope.h"

#define TEXT_LINE_MOST  ((size_t)16 * 1024)
#define TEXT_FILE_MOST  ((size_t)256 * 1024 * 1024)
#define TEXT_WORDS_MOST 512

struct text_line {
	unsigned number;
	char *word[TEXT_WORDS_MOST]; /* borrowed */
	size_t n;                    /* at least 1 */
};

typedef void text_line_fn(void *who, const struct text_line *line);

/* Opens the file as whom we are (no symbolic link), and calls take() for each line that holds anything. What is wrong
 * is told as of the file, which is added to the configuration's files: s->file becomes its index. False when it could
 * not be read. */
bool text_file_read(struct scope *s, const char *path, text_line_fn *take, void *who);
