/* Credentials of a role: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
#pragma once

#include "keys.h"

/* Replaces *keys, with which the request is signed, by the role's. external_id may be NULL. */
enum dnsproof_rc sts_assume(const struct dnsproof_call *call, const char *role, const char *external_id,
                            struct keys *keys);
/* By a web identity token (Kubernetes service accounts). */
enum dnsproof_rc sts_web_identity(const struct dnsproof_call *call, const char *role, const char *token,
                                  struct keys *keys);
