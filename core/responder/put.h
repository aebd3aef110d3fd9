/* Writing a DNS message: what does not fit any more sets `full` and is left out. */
#pragma once

#include "responder/name.h"

struct put {
	uint8_t *out;
	size_t at, room;
	bool full;
};

void put_8(struct put *p, unsigned value);
void put_16(struct put *p, unsigned value);
void put_32(struct put *p, uint32_t value);
void put_octets(struct put *p, const void *octets, size_t n);
void put_pointer(struct put *p, unsigned to); /* compression, to < 16384 */

/* A record of class IN up to its data, the owner as a pointer or as a name; the data follow, then the
 * end with what this returned. */
size_t put_record(struct put *p, unsigned owner, unsigned type, uint32_t ttl);
size_t put_record_of(struct put *p, const struct name *owner, unsigned type, uint32_t ttl);
void put_record_end(struct put *p, size_t mark);
