/*
 * The engine's side of the launcher: events out, provider hosts in, signals.
 *
 * Launcher -> engine
 *   {"job":{...}} ... {"go":1}            first lines: what to do (job.h)
 *   {"id":n,"host":h} + descriptor       a provider host that was asked for; or {"id":n,"error":"..."}
 *   {"died":h,"how":"signal 11 (Segmentation fault)","last":"last line of its stderr"}
 *   {"signal":1}                         wind down: no new work, delete what was put
 * Engine -> launcher
 *   {"id":n,"want":"host","dns":"ACCOUNT"}
 *   {"kill":h}
 *   {"need":"index"}                     the rows of the index, see job.h
 *   {"check":["ID","STAMP"]}             this certificate is needed, too, if its files have another stamp (common/stamp.h)
 *   {"need":["ID",...], "more":true}     these certificates, part by part; the last part has no "more"
 *   {"event":NAME,"level":"info|warn|error|debug","message":"...", ...}   members by event: dnsproof(8)
 *   {"revoked":n,"outcome":"done|refused|owed"}   how the n-th revocation of the job ended
 *   {"report":KIND,"rows":[[...],...]}   for the job "report": rows of state.db (run/report.h)
 *   {"done":code}                        last line: the run's exit code
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/loop.h"
#include "common/str.h"

struct launcher;

struct launcher_handlers {
	void (*job)(void *arg, const json_t *line); /* each of them, the last included */
	void (*wind_down)(void *arg);
	void (*died)(void *arg, int host, const char *how, const char *last);
	void (*closed)(void *arg); /* the launcher is gone: end now */
	void *arg;
};

struct launcher *launcher_new(struct loop *l, int fd, const struct launcher_handlers *handlers);
void launcher_free(struct launcher *c); /* NULL allowed */

/* died reports go to pool.c; it registers itself here. */
void launcher_on_died(struct launcher *c, void (*fn)(void *arg, int host, const char *how, const char *last),
                      void *arg);

/* Asks for a provider host of a DNS account. fd: connected socket, now owned by fn, or -1 with error. */
typedef void launcher_host_fn(void *arg, int host, int fd, const char *error);
void launcher_want_host(struct launcher *c, const char *dns_account, launcher_host_fn *fn, void *arg);
/* Forgets the requests with this arg: fn is not called, a host that still comes is killed. */
void launcher_cancel_host(struct launcher *c, const void *arg);
void launcher_kill_host(struct launcher *c, int host);

/* What the rest of the job is to hold (job.h). */
void launcher_need_index(struct launcher *c);
void launcher_check(struct launcher *c, const char *cert, const char *stamp);
void launcher_need_certs(struct launcher *c, const struct strs *ids);

enum event_level { EVENT_DEBUG, EVENT_INFO, EVENT_WARN, EVENT_ERROR };

/* Sends an event. `more` (object, reference stolen, may be NULL) holds its other members. */
void launcher_event(struct launcher *c, enum event_level level, const char *event, json_t *more,
                    const char *format, ...) __attribute__((format(printf, 5, 6)));
void launcher_revoked(struct launcher *c, size_t n, const char *outcome);
/* Rows of a report, waiting until they are written. */
void launcher_report(struct launcher *c, const char *kind, json_t *rows);
void launcher_done(struct launcher *c, int code);
bool launcher_idle(const struct launcher *c); /* all output is written */
