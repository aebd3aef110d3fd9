/* Values as YAML in one line, to be read back as they are. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Text, numbers, yes and no, lists and maps of these; words by blanks where `words` (names, that is how they are
 * written). New string. */
char *yaml_text(const json_t *v, bool words);
