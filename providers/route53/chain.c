#include "chain.h"

#include <string.h>

#include "ini.h"
#include "metadata.h"
#include "sts.h"

#define SOON       300 /* seconds before they expire */
#define ROLES_MOST 4   /* source profiles of source profiles */

static enum dnsproof_rc wrong(const struct dnsproof_call *call, const char *profile, const char *what)
{
	return call->host->fail(call, DNSPROOF_AUTH, "option profile_file: profile %.60s %s", profile, what);
}

/* In ~/.aws/config sections are called [profile NAME]. */
static const char *profile_key(const struct dnsproof_call *call, const char *profile, const char *key)
{
	const char *file = option_text(call, "profile_file");
	const char *value = ini_get(call, file, profile, key);

	return value ? value : ini_get(call, file, call->host->text(call, "profile %s", profile), key);
}

/* The roles of source profiles, the innermost last. */
static enum dnsproof_rc from_profile(const struct dnsproof_call *call, struct keys *keys)
{
	const char *role[ROLES_MOST], *external[ROLES_MOST], *profile = option_text(call, "profile");
	enum dnsproof_rc rc = DNSPROOF_OK;
	const char *id, *secret;
	size_t n = 0;

	while (n < ROLES_MOST && (role[n] = profile_key(call, profile, "role_arn"))) {
		external[n++] = profile_key(call, profile, "external_id");
		if (!profile_key(call, profile, "source_profile"))
			return wrong(call, profile, "has role_arn without source_profile");
		profile = profile_key(call, profile, "source_profile");
	}
	id = profile_key(call, profile, "aws_access_key_id");
	secret = profile_key(call, profile, "aws_secret_access_key");
	if (!id || !secret)
		return wrong(call, profile, "has no aws_access_key_id and aws_secret_access_key");
	keys_set(call, keys, id, secret, profile_key(call, profile, "aws_session_token"), NULL);
	while (rc == DNSPROOF_OK && n > 0) {
		n--;
		rc = sts_assume(call, role[n], external[n], keys);
	}
	return rc;
}

static enum dnsproof_rc first(const struct dnsproof_call *call, struct keys *keys)
{
	const char *id = option_text(call, "access_key"), *web = option_text(call, "web_identity_token");

	if (id) {
		keys_set(call, keys, id, option_text(call, "secret_key"), option_text(call, "session_token"),
		         NULL);
		return DNSPROOF_OK;
	}
	if (option_text(call, "profile_file"))
		return from_profile(call, keys);
	if (web)
		return sts_web_identity(call, option_text(call, "role_arn"), web, keys);
	if (option_text(call, "container_uri") || option_text(call, "container_path"))
		return metadata_container(call, keys);
	return metadata_instance(call, keys);
}

enum dnsproof_rc chain_get(const struct dnsproof_call *call, struct keys *keys)
{
	const char *role = option_text(call, "assume_role");
	enum dnsproof_rc rc;

	if (keys->id && (!keys->expires || keys->expires - SOON > call->host->time(call)))
		return DNSPROOF_OK;
	rc = first(call, keys);
	if (rc == DNSPROOF_OK && role)
		rc = sts_assume(call, role, option_text(call, "external_id"), keys);
	if (rc != DNSPROOF_OK)
		keys_clear(keys);
	return rc;
}

enum dnsproof_rc chain_check(const struct dnsproof_call *call)
{
	if (!option_text(call, "access_key") != !option_text(call, "secret_key"))
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "access_key and secret_key belong together; set both or none");
	if (option_text(call, "web_identity_token") && !option_text(call, "role_arn"))
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "web_identity_token needs role_arn; add --set role_arn=ARN");
	return DNSPROOF_OK;
}
