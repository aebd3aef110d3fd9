/* Where a value is read from, and who is told what is wrong with it. */
#pragma once

#include "common/yaml_tree.h"
#include "launcher/configuration/configuration.h"

struct scope {
	struct configuration *c;
	struct troubles *t;
	unsigned file;                /* index in c->files */
	const struct yaml_tree *tree; /* NULL: a list or zone file */
};

static inline struct origin scope_origin(const struct scope *s, unsigned line)
{
	return (struct origin){s->file, line};
}
