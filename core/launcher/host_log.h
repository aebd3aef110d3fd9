/* A provider host's stderr: read as it comes, capped, masked, its last line kept. */
#pragma once

#include "common/loop.h"
#include "common/str.h"

#define TAIL_MOST (64 * 1024) /* octets that are looked at; what comes after is read and dropped */

struct host_log;

/* Takes over fd (read end) and masks (wiped at the end; *masks is emptied). line may be NULL; it
 * gets each line, masked and printable. */
struct host_log *host_log_new(struct loop *l, int fd, struct strs *masks,
                              void (*line)(void *arg, const char *text), void *arg);
void host_log_finish(struct host_log *t); /* reads what is there now; the last line may lack its newline */
const char *host_log_last(const struct host_log *t); /* borrowed; last line that is not empty, or "" */
void host_log_free(struct host_log *t);              /* NULL allowed */
