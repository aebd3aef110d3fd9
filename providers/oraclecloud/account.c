#define _GNU_SOURCE
#include "account.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/endpoint.h"
#include "shared/given.h"
#include "sign/base64.h"
#include "sign/key.h"
#include "sign/message.h"

/* The value in the profile's section of an INI text
 * (https://docs.oracle.com/en-us/iaas/Content/API/Concepts/ sdkconfig.htm), a text of the host, or
 * NULL. */
static const char *config_value(const struct dnsproof_call *call, const char *key)
{
	const char *at = given_text(call, "config"), *profile = given_or(call, "profile", "DEFAULT");
	size_t n, k = strlen(key), p = strlen(profile);
	int inside = 0;

	for (; at && *at; at += n + (at[n] == '\n')) {
		n = strcspn(at, "\n");
		if (*at == '[') {
			inside = !strncmp(at + 1, profile, p) && at[1 + p] == ']';
		} else if (inside && !strncmp(at, key, k)) {
			const char *value = at + k + strspn(at + k, " \t");
			size_t length;

			if (*value++ != '=')
				continue;
			value += strspn(value, " \t");
			length = value < at + n ? (size_t)(at + n - value) : 0;
			while (length > 0 && isspace((unsigned char)value[length - 1]))
				length--;
			return length ? call->host->text(call, "%.*s", (int)length, value) : NULL;
		}
	}
	return NULL;
}

static const char *setting(const struct dnsproof_call *call, const char *key)
{
	const char *text = given_text(call, key);

	return text ? text : config_value(call, key);
}

static int is_plain(const char *text)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:");

	return n > 0 && !text[n];
}

/* MD5 of the public key in DER, as the console shows it. */
static const char *fingerprint(const struct dnsproof_call *call, const struct key *key)
{
	unsigned char *der, digest[64];
	char text[64] = "";
	size_t n;

	der = key_public(key, &n);
	n = call->host->digest("md5", der, n, digest);
	free(der);
	for (size_t i = 0; i < n; i++)
		snprintf(text + 3 * i, sizeof(text) - 3 * i, "%02x:", digest[i]);
	return call->host->text(call, "%.*s", n ? (int)(3 * n - 1) : 0, text);
}

static enum dnsproof_rc key_read(const struct dnsproof_call *call, struct account *account)
{
	const char *phrase = given_text(call, "key_password"), *why;

	account->key =
	    key_parse(given_text(call, "key"), phrase ? phrase : config_value(call, "pass_phrase"), &why);
	if (account->key && key_is_rsa(account->key))
		return DNSPROOF_OK;
	return call->host->fail(call, DNSPROOF_INVALID, "option key: %s",
	                        account->key ? "is no RSA key" : why);
}

static enum dnsproof_rc base_make(const struct dnsproof_call *call, struct account *account)
{
	const char *region = setting(call, "region"), *base = given_text(call, "endpoint");

	if (!base && (!region || !is_plain(region)))
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "option region: is needed, e.g. --set region=eu-frankfurt-1");
	if (!base)
		base = call->host->text(call, "https://dns.%s.oraclecloud.com", region);
	account->base = strdup(base);
	if (!account->base)
		abort();
	while (*account->base && account->base[strlen(account->base) - 1] == '/')
		account->base[strlen(account->base) - 1] = '\0';
	return DNSPROOF_OK;
}

enum dnsproof_rc account_open(const struct dnsproof_call *call, struct account *account)
{
	static const char *const names[] = {"tenancy", "user"};
	const char *text[2], *print;
	enum dnsproof_rc rc = key_read(call, account);

	if (rc != DNSPROOF_OK)
		return rc;
	for (size_t i = 0; i < 2; i++) {
		text[i] = setting(call, names[i]);
		if (!text[i] || !is_plain(text[i]))
			return call->host->fail(call, DNSPROOF_INVALID,
			                        "option %s: is needed; add --set %s=ocid1.%s.oc1..", names[i],
			                        names[i], names[i]);
	}
	print = setting(call, "fingerprint");
	if (!print)
		print = fingerprint(call, account->key);
	if (!is_plain(print))
		return call->host->fail(call, DNSPROOF_INVALID, "option fingerprint: is malformed");
	if (asprintf(&account->key_id, "%s/%s/%s", text[0], text[1], print) < 0)
		abort();
	return base_make(call, account);
}

void account_close(struct account *account)
{
	key_free(account->key);
	free(account->key_id);
	free(account->base);
}

static const char *body_digest(const struct dnsproof_call *call, const char *body)
{
	unsigned char digest[64];
	size_t n = call->host->digest("sha256", body, strlen(body), digest);

	return call->host->encode(call, "base64", digest, n);
}

static const char *lower(const struct dnsproof_call *call, const char *text)
{
	char *copy = call->host->text(call, "%s", text);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static const char *kept(const struct dnsproof_call *call, char *text)
{
	const char *copy = call->host->text(call, "%s", text ? text : "");

	free(text);
	return copy;
}

enum dnsproof_rc account_ask(const struct dnsproof_call *call, const struct account *account,
                             const char *method, const char *target, const json_t *json,
                             struct dnsproof_http_answer *answer)
{
	const struct dnsproof_host *host = call->host;
	struct endpoint end = endpoint_split(call, account->base);
	const char *body = json ? kept(call, json_dumps(json, JSON_COMPACT)) : NULL;
	char date[32];
	struct message_field field[] = {
	    {"date", date},
	    {"(request-target)", host->text(call, "%s %s%s", lower(call, method), end.prefix, target)},
	    {"host", end.host},
	    {"content-length", host->text(call, "%zu", body ? strlen(body) : 0)},
	    {"content-type", "application/json"},
	    {"x-content-sha256", body ? body_digest(call, body) : ""}};
	struct dnsproof_http_header header[] = {{"date", date},
	                                        {"authorization", NULL},
	                                        {"accept", "application/json"},
	                                        {"x-content-sha256", field[5].value}};
	struct dnsproof_http_request r = {.size = sizeof(r),
	                                  .method = method,
	                                  .url = host->text(call, "%s%s", account->base, target),
	                                  .header = header,
	                                  .headers = body ? 4 : 3,
	                                  .content_type = body ? "application/json" : NULL,
	                                  .body = body,
	                                  .body_len = body ? strlen(body) : 0,
	                                  .any_status = 1};

	message_date(date, host->time(call));
	header[1].value =
	    kept(call, message_authorization(account->key, account->key_id, field, body ? 6 : 3));
	*answer = (struct dnsproof_http_answer){.size = sizeof(*answer)};
	return host->http(call, &r, answer);
}
