#define _GNU_SOURCE
#include "oauth.h"

#include <stdlib.h>
#include <string.h>

enum { MARGIN_S = 60, TOKEN_MOST = 16384, USUAL_S = 3600, DAY_S = 86400 };

int oauth_is_fresh(const struct oauth_token *token, long long now)
{
	return token->text && token->expires - MARGIN_S > now;
}

void oauth_free(struct oauth_token *token)
{
	if (token->text)
		explicit_bzero(token->text, strlen(token->text));
	free(token->text);
	*token = (struct oauth_token){0};
}

void oauth_take(const struct dnsproof_call *call, struct oauth_token *token, const char *text,
                long long seconds)
{
	oauth_free(token);
	token->text = strdup(text);
	if (!token->text)
		abort();
	token->expires = call->host->time(call) + seconds;
	call->host->secret(call, text);
}

static long long seconds_of(const json_t *value)
{
	long long n = json_is_string(value) ? strtoll(json_string_value(value), NULL, 10)
	                                    : (long long)json_integer_value(value);

	return n <= 0 ? USUAL_S : n > DAY_S ? DAY_S : n;
}

static int is_token(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	for (size_t i = 0; i < n; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return 0;
	return n > 0 && n <= TOKEN_MOST;
}

enum dnsproof_rc oauth_ask(const struct dnsproof_call *call, const struct dnsproof_http_request *request,
                           struct oauth_token *token)
{
	struct dnsproof_http_request r = *request;
	struct dnsproof_http_answer a = {.size = sizeof(a)};
	enum dnsproof_rc rc;
	const char *text;

	r.any_status = 1;
	rc = call->host->http(call, &r, &a);
	if (rc != DNSPROOF_OK)
		return rc;
	if (a.status != 200) {
		rc = call->host->http_fail(call, &a);
		if (rc == DNSPROOF_NOZONE)
			return DNSPROOF_INVALID;
		return a.status == 400 ? DNSPROOF_AUTH : rc;
	}
	text = json_string_value(json_object_get(a.json, "access_token"));
	if (!is_token(text))
		return call->host->fail(call, DNSPROOF_TEMP, "%.200s: its answer holds no access token",
		                        r.url);
	oauth_take(call, token, text, seconds_of(json_object_get(a.json, "expires_in")));
	return DNSPROOF_OK;
}

const char *oauth_bearer(const struct dnsproof_call *call, const struct oauth_token *token)
{
	return call->host->text(call, "Bearer %s", token->text);
}
