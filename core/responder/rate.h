/* How many answers the networks of askers get by UDP: a bucket for each /24 (IPv4) or /56 (IPv6). Who is over
 * it is told to ask by TCP, so that a forged source gains nothing and a real one loses nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct rate;

/* per_second 0: no limit. slip: every slip-th answer over the limit is "ask by TCP", the others are dropped;
 * 1 drops none. */
struct rate *rate_new(unsigned per_second, unsigned slip);
void rate_free(struct rate *r); /* NULL allowed */

enum rate_way { RATE_ANSWER, RATE_BY_TCP, RATE_DROP };

/* now: milliseconds of any steady clock. */
enum rate_way rate_take(struct rate *r, const struct sockaddr_storage *asker, uint64_t now);

/* The network that shares a bucket, as a number. */
uint64_t rate_network(const struct sockaddr_storage *asker);
