/* Credentials of the machine: of its container, or of its instance (IMDSv2). */
#pragma once

#include "keys.h"

/* https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
enum dnsproof_rc metadata_container(const struct dnsproof_call *call, struct keys *keys);
/* https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
enum dnsproof_rc metadata_instance(const struct dnsproof_call *call, struct keys *keys);
