/* The provider's options as a case has them. */
#pragma once

#include <jansson.h>

#include "common/err.h"
#include "common/str.h"
#include "case.h"

/* key -> text: "${word}" replaced by what the fake says (about), file: and env: read; proxy and ca_bundle of the fake
 * added unless an option has its URL. New, to be ended by options_free(); NULL with e. */
json_t *conform_options(const struct conform_case *c, const json_t *about, struct err *e);

/* The values of secret options, which nothing may show. described: --describe --json of the provider. */
void conform_options_secrets(const json_t *options, const json_t *described, struct strs *secrets);

/* The same with wrong credentials. New, to be ended by options_free(). */
json_t *conform_options_bad(const struct conform_case *c, const json_t *options, const json_t *described,
                            const json_t *about);
