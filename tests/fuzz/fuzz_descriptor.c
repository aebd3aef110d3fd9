/* A provider's description in YAML: read and checked as the provider host does. */
#include "config.h"

#include "unit.h"

#include "fuzz/fuzz.h"
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	char *yaml = fuzz_text(octets, n);

	if (!memchr(yaml, '\0', n))
		world_refusal(yaml);
	free(yaml);
	return 0;
}
