/* One signed request and its answer, over the host's HTTP. */
#pragma once

#include "provider.h"
#include "signature.h"

struct exchange {
	enum sign_profile profile;
	struct sign_key key;
	const char *region, *service;
	const char *endpoint; /* https://HOST[:PORT][/PREFIX] */
	const char *method;
	const char *path;         /* encoded, begins with '/' */
	const char *query;        /* encoded, or NULL */
	const char *content_type; /* NULL: no body */
	const char *body;
	const struct dnsproof_http_header *header; /* besides, signed where the profile signs others */
	size_t headers;
	const struct dnsproof_http_header *plain; /* besides, not signed */
	size_t plains;
};

/* Every status is OK here: the caller judges it. Anything else is recorded and can be returned. */
enum dnsproof_rc exchange_run(const struct dnsproof_call *call, const struct exchange *exchange,
                              struct dnsproof_http_answer *answer);
/* The text of a JSON value; steals the reference. Lives until the call ends. */
const char *exchange_json(const struct dnsproof_call *call, json_t *value);
/* The option as text, or NULL. */
const char *option_text(const struct dnsproof_call *call, const char *key);
