/* APIs with single values: add, find, delete. The zone is found before. */
#pragma once

#include "run.h"

/* Codes of enum dnsproof_rc. *changed: was anything written? */
int record_add(struct run *r, bool *changed);
int record_del(struct run *r, const char *handle, bool *changed);

/* Tells all TXT values at the name. */
int record_list(struct run *r, void (*tell)(void *arg, const char *value), void *arg);
