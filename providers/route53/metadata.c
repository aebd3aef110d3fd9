#include "metadata.h"

#include <string.h>

#include "verdict.h"

#define CONTAINER "http://169.254.170.2"
#define INSTANCE  "http://169.254.169.254"
#define ROLES     "/latest/meta-data/iam/security-credentials/"

static enum dnsproof_rc fetch(const struct dnsproof_call *call, const char *method, const char *url,
                              const char *header, const char *value, struct dnsproof_http_answer *answer)
{
	struct dnsproof_http_header one = {header, value};

	answer->size = sizeof(*answer);
	return call->host->http(call,
	                        &(struct dnsproof_http_request){.size = sizeof(struct dnsproof_http_request),
	                                                        .method = method,
	                                                        .url = url,
	                                                        .header = &one,
	                                                        .headers = value ? 1 : 0,
	                                                        .any_status = 1},
	                        answer);
}

static enum dnsproof_rc take(const struct dnsproof_call *call, const struct dnsproof_http_answer *answer,
                             const char *who, struct keys *keys)
{
	const char *id = verdict_text(answer->json, "AccessKeyId");
	const char *secret = verdict_text(answer->json, "SecretAccessKey");
	const char *token = verdict_text(answer->json, "Token");
	const char *expires = verdict_text(answer->json, "Expiration");

	if (answer->status != 200 || !id || !secret || !token || !expires)
		return call->host->fail(call, answer->status >= 500 ? DNSPROOF_TEMP : DNSPROOF_AUTH,
		                        "%s gives no credentials (HTTP %d)", who, answer->status);
	keys_set(call, keys, id, secret, token, expires);
	return DNSPROOF_OK;
}

enum dnsproof_rc metadata_container(const struct dnsproof_call *call, struct keys *keys)
{
	const char *uri = option_text(call, "container_uri"), *path = option_text(call, "container_path");
	const char *url = uri ? uri : call->host->text(call, CONTAINER "%s", path);
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc =
	    fetch(call, "GET", url, "Authorization", option_text(call, "container_token"), &answer);

	return rc == DNSPROOF_OK ? take(call, &answer, "the container's credential service", keys) : rc;
}

/* The first line of a text answer. */
static const char *line_of(const struct dnsproof_call *call, const struct dnsproof_http_answer *answer)
{
	size_t n = strcspn(answer->body, "\r\n");

	return answer->status == 200 && n > 0 && n < 1024
	           ? call->host->text(call, "%.*s", (int)n, answer->body)
	           : NULL;
}

static enum dnsproof_rc none(const struct dnsproof_call *call, const char *what)
{
	return call->host->fail(
	    call, DNSPROOF_AUTH,
	    "there are no credentials: neither access_key, profile_file nor a container's "
	    "were given, and the instance's metadata service %s",
	    what);
}

static enum dnsproof_rc instance_role(const struct dnsproof_call *call, const char *base, const char *token,
                                      struct keys *keys)
{
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = fetch(call, "GET", call->host->text(call, "%s" ROLES, base),
	                            "X-aws-ec2-metadata-token", token, &answer);
	const char *role = rc == DNSPROOF_OK ? line_of(call, &answer) : NULL;

	if (rc != DNSPROOF_OK)
		return rc;
	if (!role)
		return none(call, "knows no role of this instance");
	role = call->host->encode(call, "path", role, strlen(role));
	rc = fetch(call, "GET", call->host->text(call, "%s" ROLES "%s", base, role),
	           "X-aws-ec2-metadata-token", token, &answer);
	return rc == DNSPROOF_OK ? take(call, &answer, "the instance's metadata service", keys) : rc;
}

enum dnsproof_rc metadata_instance(const struct dnsproof_call *call, struct keys *keys)
{
	const char *given = option_text(call, "metadata_endpoint");
	const char *base = given ? given : INSTANCE, *token;
	struct dnsproof_http_answer answer;

	if (fetch(call, "PUT", call->host->text(call, "%s/latest/api/token", base),
	          "X-aws-ec2-metadata-token-ttl-seconds", "21600", &answer) != DNSPROOF_OK)
		return none(call, "does not answer");
	token = line_of(call, &answer);
	if (!token)
		return none(call, "refuses a session (IMDSv2)");
	call->host->secret(call, token);
	return instance_role(call, base, token, keys);
}
