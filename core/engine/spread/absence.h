/* Proof that a TXT value is gone, by asking the zone's servers: for providers that cannot list. */
#pragma once

#include "engine/order/world.h"

/* The callbacks of txt_world; arg is the engine. */
void absence_prove(void *engine, const struct intent *i, txt_absent_fn *fn, void *fn_arg);
void absence_forget(void *engine, void *fn_arg);
void absence_forget_all(struct world *e);
