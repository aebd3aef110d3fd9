/* The section `lists`: files of one certificate a line. */
#pragma once

#include "launcher/configuration/scope.h"

/* One entry: reads its file. What is wrong with the entry breaks the configuration, what is wrong in the file costs the
 * line. */
void list_section_take(const struct scope *s, const struct yaml_node *v);
