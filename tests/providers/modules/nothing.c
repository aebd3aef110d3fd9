/* A shared object that is no provider: the symbol is a function. Its constructor must never run. */
#include <stdlib.h>

int dnsproof_provider(void);
void nothing_start(void) __attribute__((constructor));

void nothing_start(void)
{
	abort();
}

__attribute__((visibility("default"))) int dnsproof_provider(void)
{
	return 0;
}
