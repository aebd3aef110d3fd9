/* What a module keeps from open to close, in call.self. */
#pragma once

#include "provider.h"

/* Memory of `size`, zeroed, and `open` over it; what does not open is closed at once and not kept. */
enum dnsproof_rc state_open(struct dnsproof_open_call *c, size_t size,
                            enum dnsproof_rc (*open)(const struct dnsproof_call *call, void *state),
                            void (*close)(void *state));
void state_close(struct dnsproof_call *call, void (*close)(void *state));
