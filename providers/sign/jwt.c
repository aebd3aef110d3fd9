#define _GNU_SOURCE
#include "jwt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"

static const char *const names[] = {
    [KEY_RS256] = "RS256", [KEY_RS512] = "RS512", [KEY_PS256] = "PS256", [KEY_ES256] = "ES256"};

static void text_set(json_t *object, const char *key, const char *text)
{
	if (text && json_object_set_new(object, key, json_string(text)) != 0)
		abort();
}

static json_t *claims_json(const struct jwt_claims *c)
{
	json_t *claims = json_object();

	text_set(claims, "iss", c->issuer);
	text_set(claims, "sub", c->subject);
	text_set(claims, "aud", c->audience);
	text_set(claims, "scope", c->scope);
	text_set(claims, "jti", c->id);
	json_object_set_new(claims, "iat", json_integer(c->now));
	if (c->not_before)
		json_object_set_new(claims, "nbf", json_integer(c->now));
	json_object_set_new(claims, "exp", json_integer(c->now + c->seconds));
	return claims;
}

static char *part(const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT), *encoded;

	if (!text)
		abort();
	encoded = base64_url(text, strlen(text));
	free(text);
	return encoded;
}

static char *joined(char *left, char *right)
{
	char *both;

	if (asprintf(&both, "%s.%s", left, right) < 0)
		abort();
	free(left);
	free(right);
	return both;
}

char *jwt_sign(const struct key *key, enum key_scheme scheme, const json_t *header,
               const struct jwt_claims *claims)
{
	json_t *head = json_object(), *body = claims_json(claims);
	unsigned char *signature;
	size_t length = 0;
	char *signed_text;

	text_set(head, "alg", names[scheme]);
	text_set(head, "typ", "JWT");
	if (header && json_object_update(head, (json_t *)(size_t)header) != 0)
		abort();
	signed_text = joined(part(head), part(body));
	json_decref(head);
	json_decref(body);
	signature = key_sign(key, scheme, signed_text, strlen(signed_text), &length);
	if (!signature) {
		free(signed_text);
		return NULL;
	}
	signed_text = joined(signed_text, base64_url(signature, length));
	free(signature);
	return signed_text;
}
