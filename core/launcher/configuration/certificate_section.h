/* The sections `defaults` and `certificates`. */
#pragma once

#include "launcher/configuration/scope.h"

/* A key of `defaults`; v->key is its name. A key that another file gave is told. */
void defaults_take(const struct scope *s, const struct yaml_node *v);

/* One certificate; v->key is its ID. */
void certificate_take(const struct scope *s, const struct yaml_node *v);
