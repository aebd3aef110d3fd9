/* Zone files: "ZONE [word=value...]" a line. */
#pragma once

#include "launcher/configuration/scope.h"

/* Reads the file into d->line, sorted by zone. A wrong line is told and left out. */
void zone_file_read(const struct scope *s, struct config_dns *d, const char *path);

/* The line of the longest zone that the name lies in; NULL. */
struct zone_line *zone_file_find(const struct config_dns *d, const char *name);

/* `set` with the line's values in it; new. */
json_t *zone_file_set(const struct config_dns *d, const struct zone_line *line);
