/* What `dnsproof issue` remembered, as configuration. */
#pragma once

#include "common/err.h"

/* YAML with the certificate ID of the state folder and its accounts; new, NULL with e. */
char *export_yaml(const char *state, const char *id, struct err *e);
