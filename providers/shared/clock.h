/* The clock of provider modules, which share nothing with the core: its part is common/clock.h. */
#pragma once

#include <stdint.h>
#include <time.h>

/* Milliseconds since any fixed start. */
static inline int64_t module_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
