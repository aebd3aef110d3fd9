/* FNV-1a, 64 bits: short stable names for long texts; no protection against forgery. */
#pragma once

#include <stdint.h>

static inline uint64_t fnv64(const char *text)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3u;
	return h;
}
