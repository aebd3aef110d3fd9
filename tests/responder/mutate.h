/* Packets that are nearly questions, by a generator that gives the same ones each time. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static uint64_t mutate_seed = 0x5eed;

static unsigned dice(unsigned n)
{
	mutate_seed = mutate_seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(mutate_seed >> 33) % n;
}

static size_t mutate(uint8_t packet[1500], size_t n)
{
	switch (dice(6)) {
	case 0: /* an octet */
		packet[dice((unsigned)n)] = (uint8_t)dice(256);
		break;
	case 1: /* a bit */
		packet[dice((unsigned)n)] ^= (uint8_t)(1U << dice(8));
		break;
	case 2: /* cut */
		return dice((unsigned)n + 1);
	case 3: /* longer */
		for (unsigned i = dice(64); i > 0 && n < 1500; i--)
			packet[n++] = (uint8_t)dice(256);
		break;
	case 4: /* a count */
		packet[4 + dice(8)] = (uint8_t)dice(4);
		break;
	case 5: { /* a piece moved */
		size_t from = dice((unsigned)n), to = dice((unsigned)n), length = dice(16);
		if (from + length <= n && to + length <= n)
			memmove(packet + to, packet + from, length);
		break;
	}
	}
	return n;
}
