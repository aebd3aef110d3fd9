/* Work that takes its time (keys, fsyncs), in child processes, so that requests are served meanwhile. A child
 * is a copy of this process without its descriptors: it holds no more than the keeper does, needs no
 * locks, and blocks only itself. */
#pragma once

#include "common/buf.h"
#include "common/loop.h"

struct workers;

/* In the child: writes its result to `out`. */
typedef void worker_fn(const void *arg, int out);

/* What the child wrote (borrowed, wiped afterwards); empty when it died or could not be started. Called
 * once, never from inside workers_start. */
typedef void worker_done_fn(void *arg, const struct buf *result);

/* Frees the arg of work that ends undone. */
typedef void worker_drop_fn(void *arg);

/* At most `most` children at once; the others wait in the order they came. */
struct workers *workers_new(struct loop *l, unsigned most, worker_drop_fn *drop);
void workers_start(struct workers *w, worker_fn *fn, worker_done_fn *done, void *arg);

/* Drops what is undone. Children are killed, or with `finish` waited for. NULL allowed */
void workers_free(struct workers *w, bool finish);
