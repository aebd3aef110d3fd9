/* `dnsproof config schema`: the JSON Schema of dnsproof.yaml, from the table of keys; for editors. */
#pragma once

#include <jansson.h>

json_t *config_schema(void); /* new */
