/* Filters that take parts of a text. All return true. */
#pragma once

#include "run.h"

bool part_trim(struct run *r, const char *a, struct bytes *v);
bool part_first(struct run *r, const char *a, struct bytes *v);
bool part_last(struct run *r, const char *a, struct bytes *v);
bool part_after(struct run *r, const char *a, struct bytes *v);
bool part_before(struct run *r, const char *a, struct bytes *v);
bool part_without(struct run *r, const char *a, struct bytes *v);
bool part_replace(struct run *r, const char *a, struct bytes *v); /* "A,B" */
