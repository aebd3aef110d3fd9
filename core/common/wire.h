/* One JSON object a line over a descriptor: the only way our programs talk (dnsproof-provider(7)).
 * Not blocking; output is queued; a line from the peer that is over WIRE_MOST or no object ends the wire. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/loop.h"

#define WIRE_MOST     (1024 * 1024) /* longest line, octets */
#define WIRE_PROTOCOL 1

struct wire;

/* What a wire reports. `line` is borrowed; passed_fd is -1 or a descriptor (SCM_RIGHTS) the callback
 * now owns. At the end line is NULL and why says what happened ("closed", "line too long", ...);
 * after that nothing more is reported. The callback may call wire_free. */
typedef void wire_fn(void *arg, json_t *line, int passed_fd, const char *why);

/* Takes over fd (a stream socket; `out` may equal it, or pipes: fd to read, out to write). */
struct wire *wire_new(struct loop *l, int fd, int out, wire_fn *fn, void *arg);

/* Queues one object (reference stolen); passed_fd -1 or a descriptor, sent along and then closed. False when its line
 * would be over WIRE_MOST: nothing is sent and the wire goes on. */
bool wire_send(struct wire *w, json_t *object, int passed_fd);

bool wire_idle(const struct wire *w); /* nothing queued for output */

/* Waits until the queue is written, or the peer is gone: for what does nothing beside. */
void wire_flush(struct wire *w);

/* fn is called each time a queue of output that had to wait has been written. With it a sender makes its
 * lines one at a time, so that a slow peer costs no memory. */
void wire_on_idle(struct wire *w, void (*fn)(void *arg), void *arg);
void wire_free(struct wire *w); /* closes the descriptors; NULL allowed */

/* The blocking twin, for the provider host: reads one line into *line (new reference). 1 = one line,
 * 0 = end of file, -1 = broken (why: static text). `rest` keeps what was read beyond the line. */
struct buf;
int wire_read(int fd, struct buf *rest, json_t **line, const char **why);
bool wire_write(int fd, json_t *object); /* reference stolen; false when the peer is gone */
