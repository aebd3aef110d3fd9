/* One loaded provider with its options: each call of the ABI, its result judged. One a process. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "options.h"
#include "provider.h"
#include "http/services.h"

struct session {
	struct dnsproof_provider provider;
	json_t *options; /* owned */
	void *self;      /* the module's */
};

/* How a call ended. message: printable, secrets masked, "" if the module said nothing. */
struct outcome {
	enum dnsproof_rc rc;
	unsigned after_s;
	const char *written; /* of a failure: "no", "maybe", NULL: as its rc says */
	char message[800];
	char show[800]; /* what the module has shown, likewise */
};

/* Takes the options over and calls the module's `open`. web: its HTTP services, NULL: none; stopped at the
 * end. descriptor: for rest.so, borrowed, else NULL. False with e, and nothing to close. */
bool session_open(struct session *s, const struct dnsproof_provider *p, json_t *options,
                  const struct services *web, const char *descriptor, const struct givens *given,
                  struct err *e);
void session_close(struct session *s); /* calls `close`, wipes the options */

/* Each makes one call; ms is what is left for it. A result out of range becomes TEMP with words (what
 * happened is not known), a handle without its NUL is dropped. */
void session_add(struct session *s, struct dnsproof_txt *txt, unsigned ms, struct outcome *o);
void session_del(struct session *s, struct dnsproof_txt *txt, unsigned ms, struct outcome *o);
/* OK when the module has no such call. */
void session_check(struct session *s, const char *zone, const char *name, unsigned ms, struct outcome *o);
/* Strings into the array `values`; INVALID when the module has no such call. */
void session_list(struct session *s, const char *zone, const char *name, const char *relative, unsigned ms,
                  json_t *values, struct outcome *o);
/* One by one when the module has no such call. Fills the rc of each change; outcomes[i] tells each. */
void session_batch(struct session *s, const char *zone, struct dnsproof_change *change, size_t n, unsigned ms,
                   struct outcome *outcomes);
/* INVALID when the module has no such call. */
void session_live(struct session *s, struct dnsproof_txt *txt, unsigned ms, bool *live, struct outcome *o);

/* HTTP requests since this was asked last, those of `open` included; false: the module does not use HTTP. */
bool session_requests(unsigned *n);

/* The provider's name between start and end of a call of the module (an exit then is its doing), else
 * NULL. */
const char *session_calling(void);
