/* {variable|filter:argument|...}: what a filter makes of octets. */
#pragma once

#include "run.h"

/* Applies one filter; argument NULL = none. False with the failure recorded. */
bool filter_apply(struct run *r, const char *name, const char *argument, struct bytes *value);
