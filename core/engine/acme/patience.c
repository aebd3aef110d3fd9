#include "engine/acme/patience.h"

#define PAUSE_FIRST_MS 250
#define PAUSE_MOST_MS  30000

bool patience_pause(struct patience *p, uint64_t now, uint64_t retry_after_ms, uint64_t *pause_ms)
{
	uint64_t pause = PAUSE_FIRST_MS;

	for (unsigned i = 0; i < p->tries && pause < PAUSE_MOST_MS; i++)
		pause *= 2;
	if (pause > PAUSE_MOST_MS)
		pause = PAUSE_MOST_MS;
	if (pause < retry_after_ms)
		pause = retry_after_ms;
	p->tries++;
	*pause_ms = pause;
	return now + pause <= p->since + PATIENCE_MS;
}
