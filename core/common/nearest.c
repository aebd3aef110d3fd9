#include "config.h"

#include "common/nearest.h"

#include <stdint.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t nearest_distance(const char *a, const char *b)
{
	size_t row[65], na = strlen(a), nb = strlen(b);

	if (na > 64 || nb > 64)
		return SIZE_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[nb];
}

static const char *nearest_within(const char *word, const char *const *words, size_t n, size_t best)
{
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = nearest_distance(word, words[i]);

		if (d <= best) {
			best = d;
			found = words[i];
		}
	}
	return found;
}

const char *nearest_word(const char *word, const char *const *words, size_t n)
{
	return nearest_within(word, words, n, strlen(word) / 2 + 1);
}

const char *nearest_close(const char *word, const char *const *words, size_t n)
{
	return nearest_within(word, words, n, (strlen(word) + 2) / 3);
}
