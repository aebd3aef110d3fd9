/* RPC calls of Alibaba Cloud:
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature */
#pragma once

#include "records.h"

struct alibaba {
	const char *version;
	const char *endpoint; /* where the option endpoint is not set */
};

/* query: encoded parameters. An error whose code fits `fine` (may be NULL) is OK too, with *json
 * NULL. */
enum dnsproof_rc alibaba_call(const struct place *p, const struct alibaba *a, const char *method,
                              const char *action, const char *query, const char *fine, const json_t **json);
