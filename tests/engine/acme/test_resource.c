#include "unit.h"

#include "engine/acme/directory.h"
#include "engine/acme/resource.h"
#include "engine/acme/rfc3339.h"

#define AUTHZ_HEAD "\"identifier\":{\"type\":\"dns\",\"value\":\"example.com\"},"
#define TOKEN      "DGyRejmCefe7v4NfDGDKfA"

static json_t *parsed(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(json);
	return json;
}

static struct acme_order *order(const char *text, struct err *e)
{
	json_t *json = parsed(text);
	struct acme_order *o = acme_order_parse(json, e);

	json_decref(json);
	return o;
}

static struct acme_authz *authz(const char *text, struct err *e)
{
	json_t *json = parsed(text);
	struct acme_authz *a = acme_authz_parse(json, e);

	json_decref(json);
	return a;
}

TEST(test_dates)
{
	assert_int_equal(rfc3339_parse("1970-01-01T00:00:01Z"), 1);
	assert_int_equal(rfc3339_parse("1994-11-06T08:49:37Z"), 784111777);
	assert_int_equal(rfc3339_parse("1994-11-06t08:49:37.123456789z"), 784111777);
	assert_int_equal(rfc3339_parse("1994-11-06T09:49:37+01:00"), 784111777);
	assert_int_equal(rfc3339_parse("1994-11-06 05:19:37-03:30"), 784111777);
	assert_int_equal(rfc3339_parse("2024-02-29T00:00:00Z"), 1709164800);
	assert_int_equal(rfc3339_parse("2016-12-31T23:59:60Z"), 1483228800);
	assert_int_equal(rfc3339_parse("9999-12-31T23:59:59Z"), 253402300799);
	assert_int_equal(rfc3339_parse(NULL), 0);
	for (const char **p =
	         (const char *[]){"", "1994", "1994-11-06", "1994-11-06T08:49:37", "1994-11-06T08:49:37.Z",
	                          "1994-13-06T08:49:37Z", "1994-02-29T08:49:37Z", "1994-11-06T24:00:00Z",
	                          "1994-11-06T08:60:37Z", "1994-11-06T08:49:61Z", "1994-11-06T08:49:37+1:00",
	                          "1994-11-06T08:49:37+24:00", "1994-11-06T08:49:37Zx", "19941106T084937Z",
	                          "1994-11-06T08:49:37+0100", "-994-11-06T08:49:37Z", "1969-12-31T23:59:59Z",
	                          "1970-01-01T00:00:00+01:00", NULL};
	     *p; p++)
		assert_int_equal(rfc3339_parse(*p), 0);
}

static void payload_is(json_t *payload, const char *expected)
{
	char *text = json_dumps(payload, JSON_COMPACT | JSON_SORT_KEYS);

	assert_string_equal(text, expected);
	free(text);
	json_decref(payload);
}

TEST(test_payloads)
{
	struct strs names = {0};

	strs_add(&names, "example.com");
	strs_add(&names, "*.example.com");
	payload_is(new_account_payload("a@b.test", true, NULL),
	           "{\"contact\":[\"mailto:a@b.test\"],\"termsOfServiceAgreed\":true}");
	payload_is(new_account_payload(NULL, false, NULL), "{}");
	payload_is(find_account_payload(), "{\"onlyReturnExisting\":true}");
	payload_is(order_payload(&names, NULL, NULL),
	           "{\"identifiers\":[{\"type\":\"dns\",\"value\":\"example.com\"},"
	           "{\"type\":\"dns\",\"value\":\"*.example.com\"}]}");
	names.n = 1;
	payload_is(
	    order_payload(&names, "shortlived", "a.b"),
	    "{\"identifiers\":[{\"type\":\"dns\",\"value\":\"example.com\"}],\"profile\":\"shortlived\","
	    "\"replaces\":\"a.b\"}");
	names.n = 2;
	strs_free(&names);
}

TEST(test_order)
{
	struct err e;
	struct acme_order *o = order(
	    "{\"status\":\"pending\",\"expires\":\"2016-01-05T14:09:07.99Z\",\"identifiers\":[{\"type\":"
	    "\"dns\","
	    "\"value\":\"*.Example.com\"},{\"type\":\"dns\",\"value\":\"example.com\"}],\"authorizations\":["
	    "\"https://ca/a/1\",\"https://ca/a/2\"],\"finalize\":\"https://ca/f\",\"extra\":[1],"
	    "\"error\":{\"type\":\"urn:ietf:params:acme:error:caa\"}}",
	    &e);

	assert_non_null(o);
	assert_int_equal(o->status, ACME_PENDING);
	assert_int_equal(o->authorizations.n, 2);
	assert_string_equal(o->finalize, "https://ca/f");
	assert_null(o->certificate);
	assert_int_equal(o->expires, 1452002947);
	assert_int_equal(o->error->class, PROBLEM_NAME);
	acme_order_free(o);
	acme_order_free(NULL);
}

#define ORDER(status, value, authz, finalize, rest)                                                          \
	"{\"status\":" status ",\"identifiers\":[{\"type\":\"dns\",\"value\":" value                         \
	"}],\"authorizations\":[" authz "],\"finalize\":" finalize rest "}"

TEST(test_hostile_orders)
{
	static const char *const bad[] = {
	    "{}",
	    ORDER("\"done\"", "\"a.b\"", "\"https://ca/1\"", "\"https://ca/f\"", ""),
	    ORDER("7", "\"a.b\"", "\"https://ca/1\"", "\"https://ca/f\"", ""),
	    ORDER("\"ready\"", "\"a.b\"", "\"http://ca/1\"", "\"https://ca/f\"", ""),
	    ORDER("\"ready\"", "\"a.b\"", "\"file:///etc/passwd\"", "\"https://ca/f\"", ""),
	    ORDER("\"ready\"", "\"a.b\"", "{}", "\"https://ca/f\"", ""),
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = {{0}};

		assert_null(order(bad[i], &e));
		assert_true(*e.text);
	}
	assert_null(acme_order_parse(NULL, NULL));
}

/* What is odd counts as absent: it is missed where it is needed, if ever. */
TEST(test_odd_orders)
{
	static const char *const odd[] = {
	    "{\"status\":\"ready\"}",
	    ORDER("\"ready\"", "\"../a\"", "", "\"https://u@ca/f\"", ""),
	    ORDER("\"ready\"", "null", "", "null", ",\"expires\":7"),
	    ORDER("\"ready\"", "\"a.b\"", "", "\"http://ca/f\"", ",\"expires\":\"\",\"certificate\":\"\""),
	    ORDER("\"valid\"", "7", "", "7",
	          ",\"expires\":\"2030-01-01T00:00:00+0000\",\"certificate\":\"x\""),
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct acme_order *o = order(odd[i], NULL);

		assert_non_null(o);
		assert_int_equal(o->authorizations.n, 0);
		assert_null(o->finalize);
		assert_null(o->certificate);
		assert_int_equal(o->expires, 0);
		acme_order_free(o);
	}
}

TEST(test_too_many)
{
	json_t *json = parsed(ORDER("\"ready\"", "\"a.b\"", "\"https://ca/1\"", "\"https://ca/f\"", ""));
	json_t *list = json_object_get(json, "authorizations");
	struct acme_order *o;

	while (json_array_size(list) < 1000)
		json_array_append_new(list, json_string("https://ca/1"));
	o = acme_order_parse(json, NULL);
	assert_non_null(o);
	acme_order_free(o);
	json_array_append_new(list, json_string("https://ca/1"));
	assert_null(acme_order_parse(json, NULL));
	json_decref(json);
}

TEST(test_authz)
{
	struct err e;
	struct acme_authz *a = authz(
	    "{\"status\":\"pending\",\"wildcard\":true,\"expires\":\"1994-11-06T08:49:37Z\"," AUTHZ_HEAD
	    "\"challenges\":[{\"type\":\"dns-persist-01\",\"status\":\"pending\",\"url\":\"https://ca/"
	    "p\"},7,{},"
	    "{\"type\":\"http-01\",\"url\":\"https://ca/h\",\"status\":\"pending\",\"token\":\"../x\"},"
	    "{\"type\":\"dns-01\",\"url\":\"https://ca/c\",\"status\":\"pending\",\"token\":\"" TOKEN "\","
	    "\"error\":{\"type\":\"urn:ietf:params:acme:error:dns\",\"detail\":\"first try\"}},"
	    "{\"type\":\"dns-01\",\"url\":\"https://ca/2\",\"status\":\"pending\",\"token\":\"x\"}]}",
	    &e);

	assert_non_null(a);
	assert_int_equal(a->status, ACME_PENDING);
	assert_string_equal(a->name, "example.com");
	assert_true(a->wildcard);
	assert_true(a->has_dns01);
	assert_int_equal(a->expires, 784111777);
	assert_string_equal(a->dns01.url, "https://ca/c");
	assert_string_equal(a->dns01.token, TOKEN);
	assert_int_equal(a->dns01.status, ACME_PENDING);
	assert_string_equal(a->dns01.error->detail, "first try");
	assert_string_equal(a->error->detail, "first try");
	acme_authz_free(a);
	acme_authz_free(NULL);
}

TEST(test_authz_decided)
{
	struct err e;
	struct acme_authz *a =
	    authz("{\"status\":\"valid\"," AUTHZ_HEAD "\"challenges\":[{\"type\":\"dns-01\"}]}", &e);

	assert_non_null(a);
	assert_false(a->has_dns01);
	acme_authz_free(a);
	a = authz("{\"status\":\"pending\"," AUTHZ_HEAD "\"challenges\":[]}", &e);
	assert_non_null(a);
	assert_false(a->has_dns01);
	acme_authz_free(a);
	a = authz("{\"status\":\"invalid\"," AUTHZ_HEAD
	          "\"challenges\":[{\"type\":\"http-01\",\"error\":{\"type\":"
	          "\"urn:ietf:params:acme:error:connection\"}}]}",
	          &e);
	assert_string_equal(a->error->type, "connection");
	acme_authz_free(a);
}

TEST(test_odd_authz)
{
	struct acme_authz *a = authz("{\"status\":\"pending\",\"expires\":\"soon\",\"identifier\":{\"type\":"
	                             "\"dns\",\"value\":\"*.Example.com\"},\"challenges\":[]}",
	                             NULL);

	assert_non_null(a);
	assert_true(a->wildcard);
	assert_string_equal(a->name, "example.com");
	assert_int_equal(a->expires, 0);
	assert_false(a->subdomains);
	acme_authz_free(a);
	a = authz("{\"status\":\"valid\",\"subdomainAuthAllowed\":true}", NULL);
	assert_non_null(a);
	assert_true(a->subdomains);
	acme_authz_free(a);
}

static void token_refused(const char *token)
{
	struct err e = {{0}};
	json_t *json = json_pack("{s:s, s:{s:s, s:s}, s:[{s:s, s:s, s:s, s:s}]}", "status", "pending",
	                         "identifier", "type", "dns", "value", "example.com", "challenges", "type",
	                         "dns-01", "url", "https://ca/c", "status", "pending", "token", token);

	assert_non_null(json);
	assert_null(acme_authz_parse(json, &e));
	assert_non_null(strstr(e.text, "example.com: dns-01 challenge has a token"));
	json_decref(json);
}

TEST(test_hostile_authz)
{
	char long_token[130];
	static const char *const bad[] = {
	    "{}",
	    "{\"status\":\"pending\",\"identifier\":\"example.com\"}",
	    "{\"status\":\"pending\",\"identifier\":{\"type\":\"dns\",\"value\":\"*.*.example.com\"}}",
	    "{\"status\":\"pending\",\"identifier\":{\"type\":\"dns\",\"value\":\"a/b\"}}",
	    "{\"identifier\":{\"type\":\"dns\",\"value\":\"a.b\"}}",
	    "{\"status\":\"pending\"," AUTHZ_HEAD
	    "\"challenges\":[{\"type\":\"dns-01\",\"status\":\"pending\",\"token\":\"" TOKEN "\"}]}",
	    "{\"status\":\"pending\"," AUTHZ_HEAD
	    "\"challenges\":[{\"type\":\"dns-01\",\"url\":\"http://ca/\",\"status\":"
	    "\"pending\",\"token\":\"" TOKEN "\"}]}",
	    "{\"status\":\"pending\"," AUTHZ_HEAD
	    "\"challenges\":[{\"type\":\"dns-01\",\"url\":\"https://ca/\",\"token\":\"" TOKEN "\"}]}",
	    "{\"status\":\"pending\"," AUTHZ_HEAD
	    "\"challenges\":[{\"type\":\"dns-01\",\"url\":\"https://ca/\",\"status\":"
	    "\"pending\",\"token\":7}]}",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = {{0}};

		assert_null(authz(bad[i], &e));
		assert_true(*e.text);
	}
	for (const char **t = (const char *[]){"", "short", "../../../../etc/passwd_____",
	                                       "DGyRejmCefe7v4NfDGDKf=", "DGyRejmCefe7v4NfDGDK/A",
	                                       "DGyRejmCefe7v4NfDGDK A", "`id`aaaaaaaaaaaaaaaaaaaaaa",
	                                       "DGyRejmCefe7v4NfDGDKf\n", NULL};
	     *t; t++)
		token_refused(*t);
	memset(long_token, 'a', 129);
	long_token[129] = '\0';
	token_refused(long_token);
}

TEST(test_directory)
{
	struct err e;
	json_t *json = parsed(
	    "{\"newNonce\":\"https://ca/n\",\"newAccount\":\"https://CA:443/a\",\"newOrder\":\"https:/"
	    "/ca/o\","
	    "\"renewalInfo\":\"https://other/r\",\"keyChange\":7,\"k3x\":\"random\",\"meta\":{"
	    "\"termsOfService\":\"https://ca/terms\\u0007\",\"externalAccountRequired\":true,"
	    "\"caaIdentities\":[\"ca.example\",\"bad id\",7],\"profiles\":{\"classic\":\"what \\u0007\",\"a "
	    "b\":\"\"}}}");
	struct acme_directory *d = directory_parse(json, "https://ca/dir", &e);

	assert_non_null(d);
	assert_string_equal(d->new_account, "https://CA:443/a");
	assert_string_equal(d->renewal_info, "https://other/r");
	assert_null(d->key_change);
	assert_null(d->revoke_cert);
	assert_string_equal(d->terms_of_service, "https://ca/terms?");
	assert_true(d->external_account_required);
	assert_int_equal(d->caa_identities.n, 1);
	char *profiles = directory_profiles_text(d);
	assert_int_equal(d->profiles.n, 1);
	assert_string_equal(profiles, "\n  classic: what \?");
	free(profiles);
	directory_free(d);
	assert_null(directory_parse(json, "https://elsewhere/dir", &e));
	assert_string_equal(
	    e.text, "https://elsewhere/dir: newNonce is on another host, ca:443; only elsewhere:443 is used");
	json_object_del(json, "newOrder");
	assert_null(directory_parse(json, "https://ca/dir", &e));
	assert_non_null(strstr(e.text, "no ACME directory"));
	assert_null(directory_parse(NULL, "https://ca/dir", &e));
	json_decref(json);
}

TEST(test_status_text)
{
	assert_string_equal(acme_status_text(ACME_PROCESSING), "processing");
	assert_string_equal(acme_status_text(ACME_REVOKED), "revoked");
}

TEST(test_what_is_no_json_is_told_as_that)
{
	struct err e;

	assert_null(acme_order_parse(NULL, &e));
	assert_string_equal(e.text, "the answer is no JSON object, so no order");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
