/* What a person, or a program with --json, sees of a run. Texts are hostile: nothing unprintable
 * gets out. Plain: information on stdout, the rest on stderr; --json: one object a line on stdout. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"
#include "launcher/exit_code.h"

enum say_level { SAY_DEBUG, SAY_INFO, SAY_WARN, SAY_ERROR };

enum events_mode { EVENTS_PLAIN, EVENTS_QUIET, EVENTS_JSON };

/* Quiet: warnings and errors only. */
void events_open(enum events_mode mode, unsigned verbose);

/* Nothing is shown meanwhile. */
void events_mute(bool yes);

/* Shows an event of the engine (control.h); members it lacks are filled in. Borrowed. */
void events_show(const json_t *event);

/* An event of the launcher's own. */
void events_say(enum say_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One event for each text. */
void events_say_all(enum say_level level, const char *event, const struct strs *texts);

/* Says why a command ends with code; returns it. */
enum exit_code events_refuse(enum exit_code code, const struct err *e);
