/* Who we are for Azure: tokens of Microsoft Entra ID for its resource manager. */
#pragma once

#include "provider.h"
#include "shared/oauth.h"

/* Secret, certificate, workload identity, or, when none of them is given, managed identity. */
struct identity {
	struct oauth_token token;
	struct key *key;  /* of the client certificate, or NULL */
	char *thumbprint; /* SHA-256 of the certificate, base64url */
};

/* Reads the options; other failures than INVALID do not occur. Zeroed before. */
enum dnsproof_rc identity_open(const struct dnsproof_call *call, struct identity *identity);
/* The value of the Authorization header, a text of the host. A token is asked for when the last one
 * is gone or about to expire. */
enum dnsproof_rc identity_bearer(const struct dnsproof_call *call, struct identity *identity,
                                 const char **bearer);
void identity_close(struct identity *identity);
/* The resource manager's base URL. */
const char *identity_manager(const struct dnsproof_call *call);
