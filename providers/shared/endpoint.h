/* The URL of an API, taken apart as a signature wants it. */
#pragma once

#include "provider.h"

struct endpoint {
	const char *scheme;
	const char *host;   /* with the port, unless it is the scheme's: as it is in the header Host */
	const char *prefix; /* of paths, without a final '/', "" if there is none */
};

/* Of an option of kind URL. The texts live until the call ends. */
struct endpoint endpoint_split(const struct dnsproof_call *call, const char *url);
