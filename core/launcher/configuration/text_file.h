/* List and zone files, line by line: UTF-8, BOM and CR dropped, words between blanks and tabs, comments left out; and
 * what the accepted copy has of them, where the file cannot be believed as it stands. */
#pragma once

#include "common/buf.h"
#include "launcher/configuration/scope.h"

#define TEXT_LINE_MOST  ((size_t)16 * 1024)
#define TEXT_FILE_MOST  ((size_t)256 * 1024 * 1024)
#define TEXT_WORDS_MOST 512

struct text_line {
	unsigned number;
	char *word[TEXT_WORDS_MOST]; /* borrowed */
	size_t n;                    /* at least 1 */
};

/* False when the line does not hold, which was told. */
typedef bool text_line_fn(void *who, const struct text_line *line);

struct text_file {
	const char *path;  /* borrowed */
	struct buf text;   /* as the file is */
	struct buf before; /* the accepted copy, where that is another */
	bool usable;       /* the file can be read, is not empty nor cut */
	bool differs;      /* there is another accepted copy */
	unsigned *wrong;   /* numbers of its lines that do not hold, ascending */
	size_t wrongs;
	struct buf mended; /* the text with lines of the copy in the place of wrong ones; empty without any */
};

/* Reads the file as whom we are (no symbolic link). What is wrong with it as a whole is told as of the file, which is
 * added to the configuration's files: s->file becomes its index. */
void text_file_open(struct scope *s, const char *path, struct text_file *f);

/* Calls take() for each line of the file that holds anything; wrong ones are remembered. */
void text_file_lines(const struct scope *s, struct text_file *f, text_line_fn *take, void *who);

/* The same for a text of its own. */
void text_lines(const struct scope *s, const struct buf *text, text_line_fn *take, void *who);

/* For each wrong line: match() says the number of the line of the copy that stands for it (0: none), and takes that line
 * as of `number`, too. */
typedef unsigned text_match_fn(void *who, unsigned number, char *text);
void text_file_mend(struct text_file *f, text_match_fn *match, void *who);

/* One line's words; false when there are too many. text is cut. */
bool text_cut(struct text_line *line, char *text);

/* Line `number` of a text, without its end; new. at: of all lines, made by text_starts(), new. */
size_t *text_starts(const struct buf *text, size_t *n);
char *text_line_copy(const struct buf *text, const size_t *at, size_t n, unsigned number);

/* held: the copy is in force, not the file. */
void text_file_close(const struct scope *s, struct text_file *f, bool held);
