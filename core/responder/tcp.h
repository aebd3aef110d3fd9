/* Questions by TCP (RFC 7766): many on one connection, answered in order. */
#pragma once

#include "common/loop.h"
#include "responder/answer.h"

struct tcp;

/* fd: a listening socket, taken over; who is borrowed. Of `most` connections a network may have a quarter; over
 * it the one that has been quiet for longest goes. One without a whole question for idle_ms is closed. */
struct tcp *tcp_new(struct loop *l, int fd, const struct authority *who, unsigned most, unsigned idle_ms);
void tcp_free(struct tcp *t); /* NULL allowed */
