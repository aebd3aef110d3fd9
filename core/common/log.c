#define _GNU_SOURCE
#include "config.h"

#include "common/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"

#define LOG_LINE_MOST 4096

static const char *log_program = "dnsproof";
static enum log_level log_most = LOG_INFO;

void log_open(const char *program, enum log_level most)
{
	log_program = program;
	log_most = most;
}

static void write_line(enum log_level level, const char *format, va_list ap)
{
	static const char *const label[] = {"error: ", "warning: ", "", "debug: "};
	char *raw = NULL, *text, *line;
	ssize_t n;

	if (vasprintf(&raw, format, ap) < 0)
		return;
	text = str_printable(raw, LOG_LINE_MOST);
	line = xasprintf("%s: %s%s\n", log_program, label[level], text);
	n = write(STDERR_FILENO, line, strlen(line));
	(void)n;
	free(raw);
	free(text);
	free(line);
}

void log_write(enum log_level level, const char *format, ...)
{
	va_list ap;

	if (level > log_most)
		return;
	va_start(ap, format);
	write_line(level, format, ap);
	va_end(ap);
}

void log_fatal(int code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	write_line(LOG_ERROR, format, ap);
	va_end(ap);
	exit(code);
}
