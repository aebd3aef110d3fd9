#include "engine/limits/pause.h"

#include <stddef.h>

#define MINUTE_S 60u
#define DAY_S    86400u

unsigned pause_after(const struct failure_series *s, enum failure_class class)
{
	static const unsigned steps[] = {MINUTE_S, 10 * MINUTE_S, 100 * MINUTE_S};
	const size_t most = sizeof(steps) / sizeof(steps[0]);
	size_t step = s->failures < most ? s->failures : most;
	unsigned pause;

	step += s->second_try;
	pause = class == FAILURE_PERSON || step >= most ? DAY_S : steps[step];
	return pause > s->pause_s ? pause : s->pause_s;
}

bool pause_holds(int64_t until, unsigned pause_s, int64_t now)
{
	return now < until && until - now <= (int64_t)pause_s;
}
