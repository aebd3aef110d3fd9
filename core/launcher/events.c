#include "config.h"

#include "launcher/events.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/when.h"

#define MESSAGE_MOST (32 * 1024)
#define CELL_MOST    120
#define ROWS_MOST    1000

static bool as_json, quiet, mute;
static unsigned verbosity;

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static const char *const prefixes[] = {"debug: ", "", "warning: ", "error: "};

void events_open(enum events_mode mode, unsigned verbose)
{
	as_json = mode == EVENTS_JSON;
	quiet = mode == EVENTS_QUIET;
	verbosity = verbose;
}

void events_mute(bool yes)
{
	mute = yes;
}

static enum say_level level_of(const json_t *event)
{
	const char *name = json_string_value(json_object_get(event, "level"));
	for (size_t i = 0; name && i < sizeof level_names / sizeof level_names[0]; i++)
		if (strcmp(name, level_names[i]) == 0)
			return (enum say_level)i;
	return SAY_INFO;
}

static void time_now(char *text, size_t room)
{
	struct timespec now;
	char date[WHEN_ROOM];
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(text, room, "%.*s.%03ldZ", (int)strlen("2026-11-29T17:12:07"), when_iso(now.tv_sec, date),
	         now.tv_nsec / 1000000);
}

static void show_json(const json_t *event, enum say_level level)
{
	char when[64];
	time_now(when, sizeof when);
	const char *name = json_string_value(json_object_get(event, "event"));
	const char *message = json_string_value(json_object_get(event, "message"));
	json_t *line = json_pack("{s:s, s:s, s:s, s:s}", "time", when, "event", name ? name : "note", "level",
	                         level_names[level], "message", message ? message : "");
	json_object_update_missing(line, (json_t *)event);
	char *text = json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII);
	if (text)
		puts(text);
	fflush(stdout);
	free(text);
	json_decref(line);
}

/* Further lines are indented, so that no text can pass for a line of ours. */
static void show_text(FILE *out, const char *prefix, const char *message)
{
	const char *lead = prefix;
	do {
		size_t n = strcspn(message, "\n");
		char *line = xstrndup(message, n);
		char *shown = str_printable(line, MESSAGE_MOST);
		fprintf(out, "%s%s\n", lead, shown);
		free(shown);
		free(line);
		message += n + (message[n] == '\n');
		lead = "  ";
	} while (*message);
	fflush(out);
}

static char *cell(const json_t *row, const char *member)
{
	const json_t *v = json_object_get(row, member);
	if (json_is_string(v))
		return str_printable(json_string_value(v), CELL_MOST);
	if (json_is_integer(v))
		return xasprintf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
	if (json_is_boolean(v))
		return xstrdup(json_is_true(v) ? "yes" : "no");
	return xstrdup("-");
}

static const struct {
	const char *member, *title;
} columns[] = {
    {"server", "server"}, {"address", "address"}, {"rcode", "answer"}, {"seen", "seen"},
    {"serial", "serial"}, {"rtt_ms", "ms"},       {"state", "state"},
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static void show_row(FILE *out, char *const *cells, const int *width)
{
	fputs("  ", out);
	for (int c = 0; c < COLUMNS - 1; c++)
		fprintf(out, "%-*s  ", width[c], cells[c]);
	fprintf(out, "%s\n", cells[COLUMNS - 1]);
}

static void show_matrix(FILE *out, const json_t *matrix)
{
	size_t rows = json_array_size(matrix);
	if (rows > ROWS_MOST)
		rows = ROWS_MOST;
	int width[COLUMNS] = {0};
	char **cells = xcalloc((rows + 1) * COLUMNS, sizeof *cells);
	for (size_t r = 0; r <= rows; r++) {
		for (int c = 0; c < COLUMNS; c++) {
			char *text = r ? cell(json_array_get(matrix, r - 1), columns[c].member)
			               : xstrdup(columns[c].title);
			cells[r * COLUMNS + c] = text;
			if ((int)strlen(text) > width[c])
				width[c] = (int)strlen(text);
		}
	}
	for (size_t r = 0; r <= rows; r++)
		show_row(out, cells + r * COLUMNS, width);
	for (size_t i = 0; i < (rows + 1) * COLUMNS; i++)
		free(cells[i]);
	free(cells);
	fflush(out);
}

static void show_plain(const json_t *event, enum say_level level)
{
	FILE *out = level >= SAY_WARN ? stderr : stdout;
	const char *message = json_string_value(json_object_get(event, "message"));
	const json_t *matrix = json_object_get(event, "matrix");
	if (message && *message)
		show_text(out, prefixes[level], message);
	if (json_array_size(matrix) && (verbosity || level >= SAY_WARN))
		show_matrix(out, matrix);
}

void events_show(const json_t *event)
{
	enum say_level level = level_of(event);
	const json_t *matrix = json_object_get(event, "matrix");
	if (mute || (quiet && level < SAY_WARN))
		return;
	if (level == SAY_DEBUG && !verbosity && !(as_json && matrix))
		return;
	const char *name = json_string_value(json_object_get(event, "event"));
	if (level == SAY_DEBUG && !as_json && name && strcmp(name, "state") == 0)
		return; /* where an order stands inside is for programs */
	if (as_json)
		show_json(event, level);
	else
		show_plain(event, level);
}

void events_say(enum say_level level, const char *event, const char *format, ...)
{
	va_list ap;
	char text[MESSAGE_MOST];
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	char *clean = as_json ? str_printable(text, sizeof text) : xstrdup(text);
	json_t *line =
	    json_pack("{s:s, s:s, s:s?}", "event", event, "level", level_names[level], "message", clean);
	events_show(line);
	json_decref(line);
	free(clean);
}

void events_say_all(enum say_level level, const char *event, const struct strs *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		events_say(level, event, "%s", texts->at[i]);
}

enum exit_code events_refuse(enum exit_code code, const struct err *e)
{
	events_say(SAY_ERROR, code == EXIT_USAGE ? "usage" : "state", "%s", e->text);
	return code;
}
