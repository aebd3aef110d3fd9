#include "state.h"

#include <stdlib.h>

enum dnsproof_rc state_open(struct dnsproof_open_call *c, size_t size,
                            enum dnsproof_rc (*open)(const struct dnsproof_call *call, void *state),
                            void (*close)(void *state))
{
	enum dnsproof_rc rc;

	c->call.self = calloc(1, size);
	if (!c->call.self)
		abort();
	rc = open(&c->call, c->call.self);
	if (rc != DNSPROOF_OK)
		state_close(&c->call, close);
	return rc;
}

void state_close(struct dnsproof_call *call, void (*close)(void *state))
{
	if (call->self)
		close(call->self);
	free(call->self);
	call->self = NULL;
}
