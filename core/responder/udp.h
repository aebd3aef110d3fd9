/* Questions by UDP. The answer leaves from the address that the question came to. */
#pragma once

#include "common/loop.h"
#include "responder/answer.h"
#include "responder/rate.h"

struct udp;

/* fd: a bound socket, taken over; the rest is borrowed. */
struct udp *udp_new(struct loop *l, int fd, const struct authority *who, struct rate *rate);
void udp_free(struct udp *u); /* NULL allowed */
