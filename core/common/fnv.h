/* FNV-1a, 64 bits: short stable names for long texts, buckets; no protection against forgery. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FNV_START 0xcbf29ce484222325u

/* The hash of what has the hash h, followed by one octet. */
static inline uint64_t fnv_octet(uint64_t h, unsigned char octet)
{
	return (h ^ octet) * 0x100000001b3u;
}

/* Followed by a text and an end, so that "ab","c" is another hash than "a","bc"; NULL is as "". */
static inline uint64_t fnv_text(uint64_t h, const char *text)
{
	for (; text && *text; text++)
		h = fnv_octet(h, (unsigned char)*text);
	return fnv_octet(h, 0);
}

static inline uint64_t fnv64(const char *text)
{
	uint64_t h = FNV_START;

	for (; *text; text++)
		h = fnv_octet(h, (unsigned char)*text);
	return h;
}

/* Every bit of the result depends on every bit of h, as FNV's do not. */
static inline uint64_t fnv_mixed(uint64_t h)
{
	h ^= h >> 31;
	h *= 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}
