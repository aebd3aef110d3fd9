/* Lines for a person on standard error: "dnsproof-engine: warning: ...". Control characters are
 * replaced. Users' progress goes through events (control.h), not through here. */
#pragma once

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* program is borrowed for ever; levels above `most` are dropped. */
void log_open(const char *program, enum log_level most);

void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)

/* A broken invariant or a broken peer inside our own programs: message, then exit(code). */
void log_fatal(int code, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
