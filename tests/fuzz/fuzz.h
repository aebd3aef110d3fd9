/* What every fuzz target includes: the function that libFuzzer or replay_main.c calls with each input, and what
 * a target does with octets. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

/* Ends the process when what must hold of every input does not. */
static inline void fuzz_must(bool holds)
{
	if (!holds)
		abort();
}

/* New NUL-terminated text of exactly so many octets, so that a read beyond it is seen. */
static inline char *fuzz_text(const uint8_t *octets, size_t n)
{
	char *text = malloc(n + 1);

	fuzz_must(text != NULL);
	if (n)
		memcpy(text, octets, n);
	text[n] = '\0';
	return text;
}

/* ldns forgets the first TSIG record of a message that has two (ldns_wire2pkt, 1.8.3): a leak that is not ours. */
static inline bool fuzz_has_two_tsigs(const uint8_t *octets, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i + 1 < n; i++)
		found += octets[i] == 0 && octets[i + 1] == 250;
	return found > 1;
}
