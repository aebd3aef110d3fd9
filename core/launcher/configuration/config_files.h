/* The YAML files of a configuration: found, judged and parsed. */
#pragma once

#include "common/buf.h"
#include "common/yaml_tree.h"
#include "launcher/configuration/configuration.h"

struct config_file {
	unsigned file; /* index in the configuration's files */
	struct buf text;
	struct yaml_tree tree;
};

struct config_files {
	struct config_file *at;
	size_t n;
};

/* dnsproof.yaml first, then conf.d in the order of the names. A file that cannot be used is told. False with e when
 * there is no configuration. */
bool config_files_read(struct config_files *f, const char *path, struct configuration *c, struct troubles *t,
                       struct err *e);
void config_files_free(struct config_files *f);
