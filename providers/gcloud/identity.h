/* Who we are for Google Cloud: access tokens, and the project. */
#pragma once

#include "provider.h"
#include "shared/oauth.h"

/* Service-account key, a user's own credentials, or, without a key, the metadata server; each
 * possibly acting as another service account. */
struct identity {
	struct oauth_token source; /* what impersonation is asked with */
	struct oauth_token token;
	json_t *account; /* the key file, or NULL */
	struct key *key; /* its private key, or NULL */
	char *project;   /* once known */
};

/* Reads the options. Zeroed before. */
enum dnsproof_rc identity_open(const struct dnsproof_call *call, struct identity *identity);
/* The value of the Authorization header, a text of the host. */
enum dnsproof_rc identity_bearer(const struct dnsproof_call *call, struct identity *identity,
                                 const char **bearer);
/* The project's id: the option, the key file's, or the metadata server's; lives as long as
 * identity. */
enum dnsproof_rc identity_project(const struct dnsproof_call *call, struct identity *identity,
                                  const char **project);
void identity_close(struct identity *identity);
