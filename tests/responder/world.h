/* A responder's authority for tests, questions to it, and what holds of every answer. */
#pragma once

#include "responder/answer.h"

/* Zones sa.test and deep.er.test, ns.sa.test with 192.0.2.1 and 2001:db8::1 as ns; with `values`: two at
 * _acme-challenge.sa.test, one at _acme-challenge.a.b.sa.test, 30 at _acme-challenge.many.sa.test. */
void world_make(struct authority *a, bool values);
void world_free(struct authority *a);
void world_put(struct authority *a, const char *name, unsigned number); /* value: 43 digits */

/* A question in its wire form; returns its length. edns: the version, -1 = none. */
size_t world_question(uint8_t packet[1500], const char *name, unsigned type, unsigned class, int edns,
                      unsigned udp);

/* Answers the packet in every way and ends the process (abort) when an answer is not as every answer must be:
 * ours to that question, of an allowed size, to be parsed by ldns, with the question's letter case. */
void world_check(const struct authority *a, const uint8_t *packet, size_t n);
