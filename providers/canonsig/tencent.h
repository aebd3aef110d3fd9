/* Calls of Tencent Cloud's API 3.0: https://www.tencentcloud.com/document/product/1278/46695 */
#pragma once

#include "records.h"

struct tencent {
	const char *service, *version;
	const char *endpoint; /* where the option endpoint is not set */
};

/* Steals body. A good answer's object "Response" is in *response (borrowed until the next request).
 * An error whose code fits `fine` (may be NULL) is OK too, with *response NULL. */
enum dnsproof_rc tencent_call(const struct place *p, const struct tencent *t, const char *action,
                              json_t *body, const char *fine, const json_t **response);
