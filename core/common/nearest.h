/* "Did you mean": words by the number of edits between them. */
#pragma once

#include <stddef.h>

/* Edits that make b of a (Levenshtein); words longer than 64 count as far away (SIZE_MAX). */
size_t nearest_distance(const char *a, const char *b);

/* The one of n words that is nearest, or NULL if none is near. */
const char *nearest_word(const char *word, const char *const *words, size_t n);

/* The same where a wrong guess is worse than none: a third of the letters at most is other. */
const char *nearest_close(const char *word, const char *const *words, size_t n);
