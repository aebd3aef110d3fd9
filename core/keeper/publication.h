/* Publications of many certificates at once: a pair takes about ten fsyncs one after the other, those of
 * different certificates overlap. */
#pragma once

#include <jansson.h>

#include "common/loop.h"
#include "keeper/setup.h"

struct publications;

/* answer: new object with the results or {"error":...}; of the callee. */
typedef void publication_fn(void *arg, const json_t *request, json_t *answer);

struct publications *publications_new(struct loop *l, const struct setup *setup, publication_fn *fn,
                                      void *arg);

/* False with e when the request is refused at once; else fn is called once, later. */
bool publications_start(struct publications *p, const json_t *request, struct err *e);

/* Waits for those that have begun, so that none is cut short; calls nobody. NULL allowed */
void publications_free(struct publications *p);
