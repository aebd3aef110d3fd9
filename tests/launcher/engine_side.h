/* What the engine makes of the launcher's lines, told in words both programs share: each has a `struct job` of its own. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct engine_side;

struct engine_side *engine_side_new(void);
void engine_side_free(struct engine_side *s);

/* Takes one line. False when it was the last; a bad one ends the program. */
bool engine_side_take(struct engine_side *s, const json_t *line);

size_t engine_side_certs(const struct engine_side *s);
const char *engine_side_id(const struct engine_side *s, size_t cert);
size_t engine_side_names(const struct engine_side *s, size_t cert);
/* Zones of a DNS account that may be written in. */
size_t engine_side_zones(const struct engine_side *s, const char *dns_account);
const char *engine_side_zone(const struct engine_side *s, const char *dns_account, size_t zone);
