/* OAuth 2.0 access tokens (RFC 6749 section 5), kept for the life of the process. */
#pragma once

#include "provider.h"

/* Zeroed at first. */
struct oauth_token {
	char *text;        /* NULL: none yet */
	long long expires; /* seconds since 1970 */
};

/* Still good for a minute? */
int oauth_is_fresh(const struct oauth_token *token, long long now);
/* Asks for a token: an answer with access_token and expires_in (number or text). 400 is AUTH, 404
 * INVALID, other failures by their status; with words recorded. */
enum dnsproof_rc oauth_ask(const struct dnsproof_call *call, const struct dnsproof_http_request *request,
                           struct oauth_token *token);
/* Takes a token that came otherwise; borrowed text. */
void oauth_take(const struct dnsproof_call *call, struct oauth_token *token, const char *text,
                long long seconds);
/* "Bearer ...", a text of the host. */
const char *oauth_bearer(const struct dnsproof_call *call, const struct oauth_token *token);
void oauth_free(struct oauth_token *token);
