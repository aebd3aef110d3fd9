/* A question to a CA when a certificate is to be renewed (RFC 9773 section 4). */
#pragma once

#include "engine/acme/acme.h"
#include "engine/acme/renewal_info.h"

struct renewal_answer {
	bool none;                           /* the CA has no such suggestions */
	const struct renewal_window *window; /* NULL: none, or error */
	const char *error;                   /* why there is no answer */
	bool unreached;                      /* nobody answered: another question has no better chance now */
	uint64_t retry_after_ms;
};

struct renewal_question;
typedef void renewal_fn(void *arg, const struct renewal_answer *answer);

/* Asks the CA, by a plain GET without account: once, for at most 30 s. fn is called once, never from inside. */
struct renewal_question *renewal_ask(struct acme *a, const char *cert_id, int64_t until, renewal_fn *fn,
                                     void *arg);
void renewal_cancel(struct renewal_question *q); /* fn is not called any more; NULL allowed */
