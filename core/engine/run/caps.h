/* How many orders may be under way at once: in all, at one CA account, through one DNS account. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "engine/peers/job.h"

#define CAPS_ALL 100
#define CAPS_CA  64
#define CAPS_DNS 64

struct caps;

struct caps *caps_new(const struct job *job); /* job is borrowed */
void caps_free(struct caps *c);               /* NULL allowed */

/* Is there room for an order of this certificate at that CA account? If so it is taken, until caps_give. */
bool caps_take(struct caps *c, const struct job_cert *cert, const char *ca);
void caps_give(struct caps *c, const struct job_cert *cert, const char *ca);
size_t caps_taken(const struct caps *c);
bool caps_full(const struct caps *c);
