#include "config.h"

#include "common/mem.h"
#include "launcher/configuration/configuration.h"

char *configuration_where(const struct configuration *c, struct origin at)
{
	return xasprintf("%s:%u", c->files.at[at.file], (unsigned)at.line);
}
