/* libFuzzer: the responder's answer to any packet. See tests/fuzz/run. */
#include "responder/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *packet, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *packet, size_t n)
{
	static struct authority a;

	if (!a.table)
		world_make(&a, true);
	world_check(&a, packet, n);
	return 0;
}
