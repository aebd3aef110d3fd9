#include "common/parking.h"

bool parking_holds(unsigned park_after, int64_t failing_since, int64_t until, int64_t now)
{
	int64_t from = failing_since > until ? failing_since : until;

	return park_after && failing_since && now - from >= park_after;
}
