/* What a provider host makes of the launcher's setup document, in words of its own (both programs have a
 * `struct options`). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host_side;

/* Reads the document and closes fd; one that is refused ends the program. */
struct host_side *host_side_read(int fd);
void host_side_free(struct host_side *s);

const char *host_side_provider(const struct host_side *s);
size_t host_side_zones(const struct host_side *s);
bool host_side_allows(const struct host_side *s, const char *zone, const char *owner);
