#include "sts.h"

#include "aws.h"
#include "canonical.h"
#include "verdict.h"

#define FORM "application/x-www-form-urlencoded"

static const char *endpoint_of(const struct dnsproof_call *call)
{
	const char *given = option_text(call, "sts_endpoint");

	return given ? given
	             : call->host->text(call, "https://sts.%s.%s", option_text(call, "region"),
	                                aws_place(call)->sts_suffix);
}

static enum dnsproof_rc take(const struct dnsproof_call *call, const json_t *credentials, const char *role,
                             struct keys *keys)
{
	const char *id = verdict_text(credentials, "AccessKeyId");
	const char *secret = verdict_text(credentials, "SecretAccessKey");
	const char *token = verdict_text(credentials, "SessionToken");
	const char *expires = verdict_text(credentials, "Expiration");

	if (!id || !secret || !token || !expires)
		return aws_odd(call, role);
	keys_set(call, keys, id, secret, token, expires);
	return DNSPROOF_OK;
}

static enum dnsproof_rc ask(const struct dnsproof_call *call, const struct sign_key *key, const char *role,
                            const char *body, const char *path, struct keys *keys)
{
	json_t *xml;
	enum dnsproof_rc rc = aws_ask(call,
	                              &(struct aws_request){.key = key,
	                                                    .service = "sts",
	                                                    .region = option_text(call, "region"),
	                                                    .endpoint = endpoint_of(call),
	                                                    .method = "POST",
	                                                    .path = "/",
	                                                    .content_type = FORM,
	                                                    .body = body,
	                                                    .where = role},
	                              &xml);

	if (rc == DNSPROOF_OK)
		rc = take(call, verdict_at(xml, path), role, keys);
	json_decref(xml);
	return rc;
}

enum dnsproof_rc sts_assume(const struct dnsproof_call *call, const char *role, const char *external_id,
                            struct keys *keys)
{
	const char *body =
	    canonical_pairs(call, "Action", "AssumeRole", "Version", "2011-06-15", "RoleArn", role,
	                    "RoleSessionName", "dnsproof", "ExternalId", external_id, NULL);
	struct sign_key key = keys_sign(keys);

	return ask(call, &key, role, body, "AssumeRoleResult.Credentials", keys);
}

enum dnsproof_rc sts_web_identity(const struct dnsproof_call *call, const char *role, const char *token,
                                  struct keys *keys)
{
	const char *body =
	    canonical_pairs(call, "Action", "AssumeRoleWithWebIdentity", "Version", "2011-06-15", "RoleArn",
	                    role, "RoleSessionName", "dnsproof", "WebIdentityToken", token, NULL);

	return ask(call, NULL, role, body, "AssumeRoleWithWebIdentityResult.Credentials", keys);
}
