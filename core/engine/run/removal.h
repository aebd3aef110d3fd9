/* `dnsproof remove`: claims the certificate, looks whether something is owed for it, and has the keeper put it away. */
#pragma once

#include "common/str.h"
#include "engine/order/world.h"

struct removal;

/* alive: the runs that are (borrowed for the call); NULL: the journal is broken. fn gets the exit code once, never from
 * inside. */
struct removal *removal_new(struct world *e, const struct strs *alive, void (*fn)(void *arg, int code),
                            void *arg);
void removal_free(struct removal *r); /* NULL allowed */
