#include "identity.h"

#include <stdlib.h>
#include <string.h>

#include "shared/given.h"
#include "sign/jwt.h"

#define SCOPE_DNS "https://www.googleapis.com/auth/ndev.clouddns.readwrite"
#define SCOPE_IAM "https://www.googleapis.com/auth/iam"

enum { HOUR_S = 3600 };

static const char *account_text(const struct identity *identity, const char *member)
{
	return json_string_value(json_object_get(identity->account, member));
}

static int lacks(const struct identity *identity, const char *const *members)
{
	for (; *members; members++)
		if (!account_text(identity, *members))
			return 1;
	return 0;
}

static enum dnsproof_rc account_check(const struct dnsproof_call *call, struct identity *identity)
{
	static const char *const service[] = {"client_email", "private_key", NULL};
	static const char *const user[] = {"client_id", "client_secret", "refresh_token", NULL};
	const char *type = account_text(identity, "type"), *why;

	if (type && !strcmp(type, "authorized_user"))
		return lacks(identity, user)
		           ? call->host->fail(call, DNSPROOF_INVALID, "option key: is not complete")
		           : DNSPROOF_OK;
	if (!type || strcmp(type, "service_account") != 0 || lacks(identity, service))
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "option key: expected the JSON key file of a service account%s%.40s",
		                        type ? ", this is of type " : "", type ? type : "");
	call->host->secret(call, account_text(identity, "private_key"));
	identity->key = key_parse(account_text(identity, "private_key"), NULL, &why);
	if (!identity->key || !key_is_rsa(identity->key))
		return call->host->fail(call, DNSPROOF_INVALID, "option key: its private_key %s",
		                        identity->key ? "is no RSA key" : why);
	return DNSPROOF_OK;
}

enum dnsproof_rc identity_open(const struct dnsproof_call *call, struct identity *identity)
{
	const char *text = given_text(call, "key");
	enum dnsproof_rc rc;

	if (!text)
		return DNSPROOF_OK;
	identity->account = json_loads(text, 0, NULL);
	if (!json_is_object(identity->account))
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "option key: is no JSON; give the content of the key file");
	rc = account_check(call, identity);
	if (rc == DNSPROOF_OK && account_text(identity, "client_secret"))
		call->host->secret(call, account_text(identity, "client_secret"));
	if (rc == DNSPROOF_OK && account_text(identity, "refresh_token"))
		call->host->secret(call, account_text(identity, "refresh_token"));
	return rc;
}

void identity_close(struct identity *identity)
{
	oauth_free(&identity->source);
	oauth_free(&identity->token);
	json_decref(identity->account);
	key_free(identity->key);
	free(identity->project);
}

static enum dnsproof_rc ask_form(const struct dnsproof_call *call, const char *url, const char *body,
                                 struct oauth_token *token)
{
	struct dnsproof_http_request r = {.size = sizeof(r),
	                                  .method = "POST",
	                                  .url = url,
	                                  .content_type = "application/x-www-form-urlencoded",
	                                  .body = body,
	                                  .body_len = strlen(body)};

	return oauth_ask(call, &r, token);
}

static const char *token_url(const struct dnsproof_call *call, const struct identity *identity)
{
	const char *said = account_text(identity, "token_uri");

	return given_base(call, "token_endpoint", said ? said : "https://oauth2.googleapis.com/token");
}

/* https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests */
static enum dnsproof_rc ask_as_service(const struct dnsproof_call *call, struct identity *identity,
                                       const char *scope, struct oauth_token *token)
{
	const char *said = account_text(identity, "token_uri"),
	           *id = account_text(identity, "private_key_id");
	json_t *header = id ? json_pack("{s:s}", "kid", id) : NULL;
	const struct jwt_claims claims = {.issuer = account_text(identity, "client_email"),
	                                  .scope = scope,
	                                  .audience = said ? said : "https://oauth2.googleapis.com/token",
	                                  .now = call->host->time(call),
	                                  .seconds = HOUR_S};
	char *assertion = jwt_sign(identity->key, KEY_RS256, header, &claims);
	const char *body;

	json_decref(header);
	if (!assertion)
		abort();
	body = call->host->text(call, "grant_type=%s&assertion=%s",
	                        "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer", assertion);
	free(assertion);
	return ask_form(call, token_url(call, identity), body, token);
}

/* RFC 6749 section 6. */
static enum dnsproof_rc ask_as_user(const struct dnsproof_call *call, struct identity *identity,
                                    struct oauth_token *token)
{
	const char *body =
	    call->host->text(call, "grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s",
	                     given_form(call, account_text(identity, "client_id")),
	                     given_form(call, account_text(identity, "client_secret")),
	                     given_form(call, account_text(identity, "refresh_token")));

	return ask_form(call, token_url(call, identity), body, token);
}

static const char *metadata_url(const struct dnsproof_call *call, const char *path)
{
	return call->host->text(call, "%s/computeMetadata/v1/%s",
	                        given_base(call, "metadata_endpoint", "http://169.254.169.254"), path);
}

/* https://cloud.google.com/compute/docs/access/authenticate-workloads */
static enum dnsproof_rc ask_machine(const struct dnsproof_call *call, struct oauth_token *token)
{
	struct dnsproof_http_header header = {"Metadata-Flavor", "Google"};
	struct dnsproof_http_request r = {
	    .size = sizeof(r), .method = "GET", .header = &header, .headers = 1};

	r.url = metadata_url(call, "instance/service-accounts/default/token");
	return oauth_ask(call, &r, token);
}

static enum dnsproof_rc source_ask(const struct dnsproof_call *call, struct identity *identity,
                                   const char *scope, struct oauth_token *token)
{
	if (identity->key)
		return ask_as_service(call, identity, scope, token);
	return identity->account ? ask_as_user(call, identity, token) : ask_machine(call, token);
}

/* https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
static enum dnsproof_rc impersonate(const struct dnsproof_call *call, struct identity *identity,
                                    const char *whom)
{
	struct dnsproof_http_answer a = {.size = sizeof(a)};
	struct dnsproof_http_header header = {"Authorization", NULL};
	struct dnsproof_http_request r = {
	    .size = sizeof(r), .method = "POST", .header = &header, .headers = 1};
	enum dnsproof_rc rc = DNSPROOF_OK;
	const char *text;
	json_t *body;

	if (!oauth_is_fresh(&identity->source, call->host->time(call)))
		rc = source_ask(call, identity, SCOPE_IAM, &identity->source);
	if (rc != DNSPROOF_OK)
		return rc;
	header.value = oauth_bearer(call, &identity->source);
	r.url = call->host->text(call, "%s/v1/projects/-/serviceAccounts/%s:generateAccessToken",
	                         given_base(call, "iam_endpoint", "https://iamcredentials.googleapis.com"),
	                         given_path(call, whom));
	body = json_pack("{s:[s],s:s}", "scope", SCOPE_DNS, "lifetime", "3600s");
	r.json = body;
	rc = call->host->http(call, &r, &a);
	json_decref(body);
	if (rc != DNSPROOF_OK)
		return rc == DNSPROOF_NOZONE ? DNSPROOF_INVALID : rc;
	text = json_string_value(json_object_get(a.json, "accessToken"));
	if (!text || !*text)
		return call->host->fail(call, DNSPROOF_TEMP, "%s: Google gave no access token for it", whom);
	oauth_take(call, &identity->token, text, HOUR_S);
	return DNSPROOF_OK;
}

enum dnsproof_rc identity_bearer(const struct dnsproof_call *call, struct identity *identity,
                                 const char **bearer)
{
	const char *whom = given_text(call, "impersonate");
	enum dnsproof_rc rc = DNSPROOF_OK;

	if (!oauth_is_fresh(&identity->token, call->host->time(call)))
		rc = whom ? impersonate(call, identity, whom)
		          : source_ask(call, identity, SCOPE_DNS, &identity->token);
	if (rc == DNSPROOF_OK)
		*bearer = oauth_bearer(call, &identity->token);
	return rc;
}

static enum dnsproof_rc project_ask(const struct dnsproof_call *call, const char **project)
{
	struct dnsproof_http_answer a = {.size = sizeof(a)};
	struct dnsproof_http_header header = {"Metadata-Flavor", "Google"};
	struct dnsproof_http_request r = {.size = sizeof(r),
	                                  .method = "GET",
	                                  .url = metadata_url(call, "project/project-id"),
	                                  .header = &header,
	                                  .headers = 1};
	enum dnsproof_rc rc = call->host->http(call, &r, &a);

	if (rc != DNSPROOF_OK)
		return rc;
	if (!a.body_len || strspn(a.body, "abcdefghijklmnopqrstuvwxyz0123456789-:.") != a.body_len)
		return call->host->fail(call, DNSPROOF_TEMP, "the metadata server gave no project id");
	*project = a.body;
	return DNSPROOF_OK;
}

enum dnsproof_rc identity_project(const struct dnsproof_call *call, struct identity *identity,
                                  const char **project)
{
	const char *id = given_text(call, "project");
	enum dnsproof_rc rc = DNSPROOF_OK;

	if (!id)
		id = account_text(identity, "project_id");
	if (!id && !identity->project && identity->account)
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "the key file names no project; add --set project=ID");
	if (!id && !identity->project)
		rc = project_ask(call, &id);
	if (rc != DNSPROOF_OK)
		return rc;
	if (!identity->project && !(identity->project = strdup(id)))
		abort();
	*project = identity->project;
	return DNSPROOF_OK;
}
