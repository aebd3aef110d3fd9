/* Preloaded into a program, it moves its clock by SKEW seconds: time(2) alone, which TSIG asks. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <time.h>

time_t time(time_t *to)
{
	const char *skew = getenv("SKEW");
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	time_t t = now.tv_sec + (skew ? atol(skew) : 0);
	if (to)
		*to = t;
	return t;
}
