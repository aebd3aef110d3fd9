/* A provider host's stderr: read as it comes, capped, masked, its last line kept. */
#pragma once

#include "common/loop.h"
#include "common/str.h"

#define TAIL_MOST (64 * 1024) /* octets that are looked at; what comes after is read and dropped */

struct tail;

/* Takes over fd (read end) and masks (wiped at the end; *masks is emptied). line may be NULL; it
 * gets each line, masked and printable. */
struct tail *tail_new(struct loop *l, int fd, struct strs *masks,
		      void (*line)(void *arg, const char *text), void *arg);
void tail_finish(struct tail *t);            /* reads what is there now; the last line may lack its newline */
const char *tail_last(const struct tail *t); /* borrowed; last line that is not empty, or "" */
void tail_free(struct tail *t);             /* NULL allowed */
