/* The host services that need no network, by OpenSSL alone: an independent second opinion. */
#pragma once

#include "provider.h"

extern const struct dnsproof_call fake_call;
void fake_call_end(void); /* frees the texts */
