#define _GNU_SOURCE
#include "config.h"

#include "responder/rate.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "common/mem.h"

#define BUCKETS 65536

struct bucket {
	uint64_t network, since; /* milliseconds */
	uint32_t left;           /* answers */
	uint32_t over;
};

struct rate {
	unsigned per_second, slip;
	uint64_t seed;
	struct bucket bucket[BUCKETS];
};

struct rate *rate_new(unsigned per_second, unsigned slip)
{
	struct rate *r = xcalloc(1, sizeof(*r));

	r->per_second = per_second;
	r->slip = slip ? slip : 1;
	if (getentropy(&r->seed, sizeof(r->seed)) < 0)
		log_fatal(1, "no random numbers");
	return r;
}

void rate_free(struct rate *r)
{
	free(r);
}

uint64_t rate_network(const struct sockaddr_storage *asker)
{
	static const uint8_t mapped[12] = {[10] = 0xff, 0xff};
	uint64_t network = 0;

	if (asker->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)asker;
		return (uint64_t)4 << 56 | ntohl(in->sin_addr.s_addr) >> 8;
	}
	const uint8_t *octet = ((const struct sockaddr_in6 *)asker)->sin6_addr.s6_addr;
	if (memcmp(octet, mapped, sizeof(mapped)) == 0)
		return (uint64_t)4 << 56 | (uint64_t)octet[12] << 16 | (uint64_t)octet[13] << 8 | octet[14];
	for (int i = 0; i < 7; i++)
		network = network << 8 | octet[i];
	return (uint64_t)6 << 56 | network;
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 31) * 0x9e3779b97f4a7c15ULL;
	x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9ULL;
	return x ^ x >> 32;
}

enum rate_way rate_take(struct rate *r, const struct sockaddr_storage *asker, uint64_t now)
{
	uint64_t network, more;
	struct bucket *b;

	if (!r->per_second)
		return RATE_ANSWER;
	network = rate_network(asker);
	b = &r->bucket[mix(network ^ r->seed) % BUCKETS];
	if (b->network != network)
		*b = (struct bucket){.network = network, .since = now, .left = r->per_second};
	more = (now - b->since) * r->per_second / 1000;
	if (more > 0) {
		b->left = b->left + more > r->per_second ? r->per_second : b->left + (uint32_t)more;
		b->since = now;
	}
	if (b->left > 0) {
		b->left--;
		return RATE_ANSWER;
	}
	return ++b->over % r->slip == 0 ? RATE_BY_TCP : RATE_DROP;
}
