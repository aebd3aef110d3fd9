#include "identity.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "shared/given.h"
#include "sign/base64.h"
#include "sign/jwt.h"

enum { ASSERTION_S = 600, BACKDATE_S = 60 };

struct cloud {
	const char *name, *manager, *login, *resource;
};

/* https://learn.microsoft.com/en-us/entra/identity-platform/authentication-national-cloud */
static const struct cloud clouds[] = {
    {"public", "https://management.azure.com", "https://login.microsoftonline.com",
     "https://management.azure.com"},
    {"usgovernment", "https://management.usgovcloudapi.net", "https://login.microsoftonline.us",
     "https://management.usgovcloudapi.net"},
    {"china", "https://management.chinacloudapi.cn", "https://login.partner.microsoftonline.cn",
     "https://management.chinacloudapi.cn"},
};

static const struct cloud *cloud_of(const struct dnsproof_call *call)
{
	const char *name = given_or(call, "cloud", "public");

	for (size_t i = 0; i < sizeof(clouds) / sizeof(clouds[0]); i++)
		if (!strcasecmp(name, clouds[i].name))
			return &clouds[i];
	return NULL;
}

const char *identity_manager(const struct dnsproof_call *call)
{
	return given_base(call, "endpoint", cloud_of(call)->manager);
}

static enum dnsproof_rc certificate_read(const struct dnsproof_call *call, struct identity *identity,
                                         const char *pem)
{
	unsigned char *der, digest[64];
	const char *why;
	size_t n;

	identity->key = key_parse(pem, given_text(call, "certificate_password"), &why);
	if (!identity->key)
		return call->host->fail(call, DNSPROOF_INVALID, "option certificate: %s", why);
	der = key_certificate(identity->key, pem, &n);
	if (!der || !key_is_rsa(identity->key)) {
		free(der);
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "option certificate: needs an RSA key and the certificate of that "
		                        "key, both in PEM");
	}
	n = call->host->digest("sha256", der, n, digest);
	identity->thumbprint = base64_url(digest, n);
	free(der);
	return DNSPROOF_OK;
}

enum dnsproof_rc identity_open(const struct dnsproof_call *call, struct identity *identity)
{
	const char *secret = given_text(call, "client_secret"), *pem = given_text(call, "certificate");
	const char *federated = given_text(call, "federated_token");

	if (!cloud_of(call))
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "option cloud: expected public, usgovernment or china");
	if ((secret || pem || federated) && (!given_text(call, "tenant") || !given_text(call, "client_id")))
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "the options tenant and client_id are needed besides the secret");
	return pem && !secret ? certificate_read(call, identity, pem) : DNSPROOF_OK;
}

void identity_close(struct identity *identity)
{
	oauth_free(&identity->token);
	key_free(identity->key);
	free(identity->thumbprint);
}

/* https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials */
static const char *assertion_make(const struct dnsproof_call *call, const struct identity *identity,
                                  const char *url)
{
	const char *client = given_text(call, "client_id");
	json_t *header = json_pack("{s:s}", "x5t#S256", identity->thumbprint);
	unsigned char random[16];
	struct jwt_claims claims = {.issuer = client,
	                            .subject = client,
	                            .audience = url,
	                            .now = call->host->time(call) - BACKDATE_S,
	                            .seconds = ASSERTION_S,
	                            .not_before = 1};
	const char *kept;
	char *token;

	if (getentropy(random, sizeof(random)) != 0)
		abort();
	claims.id = call->host->encode(call, "hex", random, sizeof(random));
	token = jwt_sign(identity->key, KEY_PS256, header, &claims);
	json_decref(header);
	if (!token)
		abort();
	kept = call->host->text(call, "%s", token);
	free(token);
	return kept;
}

static const char *credential_form(const struct dnsproof_call *call, const struct identity *identity,
                                   const char *url)
{
	const char *secret = given_text(call, "client_secret"), *assertion;

	if (secret)
		return call->host->text(call, "client_secret=%s", given_form(call, secret));
	assertion = identity->key ? assertion_make(call, identity, url) : given_text(call, "federated_token");
	return call->host->text(call, "client_assertion_type=%s&client_assertion=%s",
	                        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
	                        given_form(call, assertion));
}

/* https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
static enum dnsproof_rc login(const struct dnsproof_call *call, struct identity *identity)
{
	const struct dnsproof_host *host = call->host;
	const struct cloud *cloud = cloud_of(call);
	const char *url =
	    host->text(call, "%s/%s/oauth2/v2.0/token", given_base(call, "login_endpoint", cloud->login),
	               given_path(call, given_text(call, "tenant")));
	const char *body = host->text(call, "grant_type=client_credentials&client_id=%s&scope=%s&%s",
	                              given_form(call, given_text(call, "client_id")),
	                              given_form(call, host->text(call, "%s/.default", cloud->resource)),
	                              credential_form(call, identity, url));
	struct dnsproof_http_request r = {.size = sizeof(r),
	                                  .method = "POST",
	                                  .url = url,
	                                  .content_type = "application/x-www-form-urlencoded",
	                                  .body = body,
	                                  .body_len = strlen(body)};

	return oauth_ask(call, &r, &identity->token);
}

/* https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
static enum dnsproof_rc ask_machine(const struct dnsproof_call *call, struct identity *identity)
{
	const struct dnsproof_host *host = call->host;
	const char *client = given_text(call, "client_id");
	struct dnsproof_http_header header = {"Metadata", "true"};
	struct dnsproof_http_request r = {
	    .size = sizeof(r), .method = "GET", .header = &header, .headers = 1};

	r.url = host->text(call, "%s/metadata/identity/oauth2/token?api-version=2018-02-01&resource=%s%s%s",
	                   given_base(call, "metadata_endpoint", "http://169.254.169.254"),
	                   given_path(call, host->text(call, "%s/", cloud_of(call)->resource)),
	                   client ? "&client_id=" : "", client ? given_path(call, client) : "");
	return oauth_ask(call, &r, &identity->token);
}

static int has_secret(const struct dnsproof_call *call)
{
	return given_text(call, "client_secret") || given_text(call, "certificate") ||
	       given_text(call, "federated_token");
}

enum dnsproof_rc identity_bearer(const struct dnsproof_call *call, struct identity *identity,
                                 const char **bearer)
{
	enum dnsproof_rc rc = DNSPROOF_OK;

	if (!oauth_is_fresh(&identity->token, call->host->time(call)))
		rc = has_secret(call) ? login(call, identity) : ask_machine(call, identity);
	if (rc == DNSPROOF_OK)
		*bearer = oauth_bearer(call, &identity->token);
	return rc;
}
