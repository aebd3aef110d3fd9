/* All certificates as the engine's index holds them (engine/peers/job.h). */
#pragma once

#include <jansson.h>

#include "launcher/ca_account.h"
#include "launcher/certificates.h"

/* Another one as soon as a row is another. New. */
char *certificates_index_digest(const struct certificates *all, const struct ca_accounts *cas);

/* New array: rows from *at on, which is moved on; NULL after the last. */
json_t *certificates_index_rows(const struct certificates *all, const struct ca_accounts *cas, size_t *at);
