/* The engine's requests (engine/sign.h) and their answers. */
#pragma once

#include "common/loop.h"
#include "keeper/setup.h"

struct requests;

/* Serves fd (taken over) until its end, which stops the loop. setup is borrowed. */
struct requests *requests_new(struct loop *l, int fd, const struct setup *setup);
void requests_free(struct requests *r); /* NULL allowed */
