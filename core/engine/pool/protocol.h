/* What is said between engine and provider host, as structs: pure. All that a host says is checked. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "engine/pool/pool.h"

#define POOL_WORDS_MOST 1000 /* octets of a message */

enum pool_op { POOL_ADD, POOL_DEL, POOL_LIVE, POOL_CHECK, POOL_LIST, POOL_WARM };

/* One thing asked, as strings that it owns. Members that the operation does not need are NULL. */
struct pool_ask {
	enum pool_op op;
	char *zone, *owner, *value, *handle;
	unsigned ttl, ms;
};

void pool_ask_clear(struct pool_ask *a);

enum pool_hello_kind {
	POOL_HELLO_GOOD,
	POOL_HELLO_REFUSED, /* the host says that it cannot serve; e holds its words */
	POOL_HELLO_GARBAGE, /* e says what is wrong */
};

json_t *pool_greeting(void); /* the engine's first line; new */
enum pool_hello_kind pool_hello_parse(const json_t *line, struct pool_hello *hello, struct err *e);

/* The request, yet without id; NULL if it holds what cannot be said in JSON. New. */
json_t *pool_request(const struct pool_ask *ask);
json_t *pool_batch_request(const struct pool_ask *const *ask, size_t n); /* adds and dels of one zone */

struct pool_reply {
	enum pool_rc rc;
	char *message; /* printable or NULL */
	unsigned after_s;
	char *handle; /* or NULL */
	char *show;   /* what the operator shall do or know, printable, or NULL */
	struct strs values;
	bool has_values;
	bool busy; /* rc TEMP: another process writes there, nothing was done */
	bool live;
	bool passes; /* rc DEAD: a host may start another time */
	enum pool_written written;
};

void pool_reply_clear(struct pool_reply *r);
void pool_reply_set(struct pool_reply *r, enum pool_rc rc, const char *message);

/* From an answer, or from one element of a batch's results. False when it is garbage: e says why. */
bool pool_reply_parse(const json_t *answer, struct pool_reply *r, struct err *e);

/* The HTTP requests that were made for an answer; 1 where the host does not count them. */
unsigned pool_requests_parse(const json_t *answer);

/* The answer to a batch of n: fills the n replies or none. */
bool pool_batch_parse(const json_t *answer, struct pool_reply *replies, size_t n, struct err *e);
