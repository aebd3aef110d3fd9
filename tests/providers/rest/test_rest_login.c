/* Ways to authenticate: sessions, tokens, catalogs, signatures, cookies, credentials by name. */
#include "config.h"

#include "unit.h"

#include "world.h"

#define V "-kIt0First_aBcDeFgHiJkLmNoPqRsTuVwXyZ_01234"

#define BY_VALUE                                                                                             \
	"add: {request: POST /txt, form: {add: '{value}'}}\n"                                                \
	"delete: {request: POST /txt, form: {remove: '{value}'}}\n"                                          \
	"answer: text\n"

#define FORM "\napplication/x-www-form-urlencoded\n\n"

TEST(a_login_gives_a_session)
{
	static const char yaml[] =
	    "name: X\n"
	    "credentials:\n"
	    "  user: {help: the name of it}\n"
	    "  password: {help: its password, secret: true}\n"
	    "base: https://api.test\n"
	    "login: {request: POST /login, json: {u: '{user}', p: '{password}'}, answer: json,\n"
	    "  success: ok == true, capture: {session: data.sid}}\n"
	    "logout: {request: POST /logout}\n"
	    "authentication: {bearer: '{session}'}\n" BY_VALUE;
	static const struct exchange first[] = {
	    {"POST https://api.test/login\napplication/json\n\n{\"u\":\"me\",\"p\":\"pa\\\"ss\"}", 200,
	     "{\"ok\":true,\"data\":{\"sid\":\"s1\"}}"},
	    {"POST https://api.test/txt\nAuthorization: Bearer s1" FORM "add=" V, 200, "fine"},
	    {0}};
	/* The session ends: it is made again, once. */
	static const struct exchange second[] = {
	    {"POST https://api.test/txt\nAuthorization: Bearer s1" FORM "remove=" V, 401, "no"},
	    {"POST https://api.test/login\napplication/json\n\n{\"u\":\"me\",\"p\":\"pa\\\"ss\"}", 200,
	     "{\"ok\":true,\"data\":{\"sid\":\"s2\"}}"},
	    {"POST https://api.test/txt\nAuthorization: Bearer s2" FORM "remove=" V, 200, "fine"},
	    {0}};
	static const struct exchange end[] = {
	    {"POST https://api.test/logout\nAuthorization: Bearer s2", 200, ""}, {0}};
	struct world w;

	world_open(&w, yaml, "{\"user\":\"me\",\"password\":\"pa\\\"ss\"}");
	world_script(first);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_script(second);
	assert_int_equal(world_del(&w, V, ""), DNSPROOF_OK);
	world_script(end);
	world_close(&w);
}

TEST(a_refused_login_is_auth)
{
	static const char yaml[] =
	    "name: X\ncredentials: {user: {help: the name of it}}\nbase: https://api.test\n"
	    "login: {request: POST /login, form: {u: '{user}'}, answer: json,\n"
	    "  success: ok == true, error: why, capture: {session: sid}}\n"
	    "authentication: {query: {s: '{session}'}}\n" BY_VALUE;
	static const struct exchange script[] = {
	    {"POST https://api.test/login" FORM "u=me+you", 200, "{\"ok\":false,\"why\":\"go away\"}"}, {0}};
	struct world w;

	world_open(&w, yaml, "{\"user\":\"me you\"}");
	world_script(script);
	assert_int_equal(world_add(&w, V), DNSPROOF_AUTH);
	assert_non_null(strstr(w.said, "go away"));
	world_close(&w);
}

TEST(keystone)
{
	static const char yaml[] =
	    "name: X\ncredentials: {user: {help: the name of it}, region: {help: where it is, kind: label}}\n"
	    "login:\n"
	    "  request: POST https://iam.{region}.cloud.test/v3/auth/tokens\n"
	    "  json: {auth: {identity: {methods: [password], user: '{user}'}}}\n"
	    "  capture:\n"
	    "    session: header:X-Subject-Token\n"
	    "    dns: token.catalog[type=dns].endpoints[interface=public].url\n"
	    "hosts: ['*.cloud.test']\n"
	    "authentication: {header: {X-Auth-Token: '{session}'}}\n"
	    "zone: {request: 'GET {dns}/v2/zones?name={zone|dot}', items: zones, name: name, capture: "
	    "{zone_id: id}}\n"
	    "add: {request: 'POST {dns}/v2/zones/{zone_id}', json: {v: '{value}'}}\n"
	    "delete: {request: 'DELETE {dns}/v2/zones/{zone_id}/{value}'}\n";
	static const struct exchange script[] = {
	    {"POST https://iam.eu-1.cloud.test/v3/auth/tokens\napplication/json\n\n"
	     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"user\":\"me\"}}}",
	     201,
	     "{\"token\":{\"catalog\":[{\"type\":\"vm\",\"endpoints\":[]},{\"type\":\"dns\",\"endpoints\":["
	     "{\"interface\":\"internal\",\"url\":\"https://10.0.0.1\"},"
	     "{\"interface\":\"public\",\"url\":\"https://dns.cloud.test/\"}]}]}}",
	     "x-subject-token: tok-1234\n"},
	    {"GET https://dns.cloud.test/v2/zones?name=example.test.\nX-Auth-Token: tok-1234", 200,
	     "{\"zones\":[{\"id\":\"a\",\"name\":\"test.\"},{\"id\":\"b\",\"name\":\"Example.TEST.\"}]}"},
	    {"POST https://dns.cloud.test/v2/zones/b\nX-Auth-Token: tok-1234\napplication/json\n\n{\"v\":\"" V
	     "\"}",
	     200, "{}"},
	    {0}};
	static const struct exchange elsewhere[] = {
	    {"POST https://iam.eu-1.cloud.test/v3/auth/tokens\napplication/json\n\n"
	     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"user\":\"me\"}}}",
	     201,
	     "{\"token\":{\"catalog\":[{\"type\":\"dns\",\"endpoints\":["
	     "{\"interface\":\"public\",\"url\":\"https://dns.cloud.test.evil.test\"}]}]}}",
	     "x-subject-token: tok-1234\n"},
	    {0}};
	struct world w;

	world_open(&w, yaml, "{\"user\":\"me\",\"region\":\"eu-1\"}");
	world_script(script);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	assert_string_equal(w.handle, "{\"zone_id\":\"b\",\"zone\":\"example.test\"}");
	assert_string_equal(w.secrets, "tok-1234\n");
	world_close(&w);
	world_open(&w, yaml, "{\"user\":\"me\",\"region\":\"eu-1\"}");
	world_script(elsewhere);
	assert_int_equal(world_add(&w, V), DNSPROOF_INVALID);
	assert_non_null(strstr(w.said, "does not allow"));
	world_close(&w);
}

TEST(signature_with_digest_and_commit)
{
	static const char yaml[] =
	    "name: X\n"
	    "credentials:\n"
	    "  endpoint: {help: which company, default: ovh-eu, choices: {ovh-eu: "
	    "'https://eu.api.ovh.com/1.0'}}\n"
	    "  ak: {help: application key}\n"
	    "  as: {help: application secret}\n"
	    "  ck: {help: consumer key}\n"
	    "base: '{endpoint}'\n"
	    "clock: {request: GET /auth/time, time: ., authenticated: false}\n"
	    "sign:\n"
	    "  text: '{as}+{ck}+{method}+{url}+{body}+{unix}'\n"
	    "  sig: '$1${text|sha1|hex}'\n"
	    "authentication: {header: {X-T: '{unix}', X-S: '{sig}'}}\n"
	    "add: {request: 'POST /domain/zone/{zone}/record', capture: {id: id},\n"
	    "  json: {fieldType: TXT, subDomain: '{sub}', target: '{value}', ttl: '{ttl}'}}\n"
	    "find: {request: 'GET /f', items: ., match: {v: '{value}'}, capture: {id: id}}\n"
	    "delete: {request: 'DELETE /domain/zone/{zone}/record/{id}'}\n"
	    "commit: {request: 'POST /domain/zone/{zone}/refresh'}\n";
	static const struct exchange script[] = {
	    {"GET https://eu.api.ovh.com/1.0/auth/time", 200, "1795255200"},
	    {"GET https://eu.api.ovh.com/1.0/f\nX-T: 1795255200\nX-S: "
	     "$1$990639eeb1bb8e5dc4d8f2d23b381785c0a58ec5",
	     200, "[]"},
	    {"POST https://eu.api.ovh.com/1.0/domain/zone/example.test/record\nX-T: 1795255200\n"
	     "X-S: $1$ad26e1472526cda3383e034a88d6f6f65f6f620e\napplication/json\n\n"
	     "{\"fieldType\":\"TXT\",\"subDomain\":\"_acme-challenge\",\"target\":\"V\",\"ttl\":60}",
	     200, "{\"id\":7}"},
	    {"POST https://eu.api.ovh.com/1.0/domain/zone/example.test/refresh\nX-T: 1795255200\n"
	     "X-S: $1$1fbfeefd50c3bb7b3e162a26d3f6b8f1719d5b59",
	     200, ""},
	    {0}};
	struct world w;

	world_open(&w, yaml, "{\"endpoint\":\"ovh-eu\",\"ak\":\"ak\",\"as\":\"as\",\"ck\":\"ck\"}");
	world_script(script);
	assert_int_equal(world_add(&w, "V"), DNSPROOF_OK);
	assert_string_equal(w.handle, "{\"id\":7}");
	world_close(&w);
}

/* Alibaba's RPC signature, version 1: the sorted parameters, the signature among them last. */
TEST(signature_over_sorted_query)
{
	static const char yaml[] =
	    "name: X\ncredentials: {id: {help: access key id}, secret: {help: its secret, secret: true}}\n"
	    "base: https://ecs.aliyuncs.com/\n"
	    "always: {query: {AccessKeyId: '{id}', Format: XML, SignatureMethod: HMAC-SHA1, Version: "
	    "'2014-05-26',\n"
	    "  SignatureVersion: '1.0', SignatureNonce: 3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf,\n"
	    "  Timestamp: '2016-02-23T12:46:24Z'}}\n"
	    "sign:\n"
	    "  key: '{secret}&'\n"
	    "  text: '{method}&%2F&{sorted_query|path}'\n"
	    "  signature: '{text|hmac_sha1:key|base64}'\n"
	    "authentication: {query: {Signature: '{signature}'}}\n"
	    "add: {request: 'GET ?Action=DescribeRegions'}\n"
	    "delete: {request: 'GET ?x={value}'}\n";
	static const struct exchange script[] = {
	    {"GET "
	     "https://ecs.aliyuncs.com/"
	     "?AccessKeyId=testid&Format=XML&SignatureMethod=HMAC-SHA1&Version=2014-05-26"
	     "&SignatureVersion=1.0&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"
	     "&Timestamp=2016-02-23T12%3A46%3A24Z&Action=DescribeRegions"
	     "&Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D",
	     200, "{}"},
	    {0}};
	struct world w;

	world_open(&w, yaml, "{\"id\":\"testid\",\"secret\":\"testsecret\"}");
	world_script(script);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_close(&w);
}

/* WEDOS: SHA-1 of user, SHA-1 of password, hour in Prague, inside JSON text inside a form. */
TEST(a_digest_in_the_body)
{
	static const char yaml[] =
	    "name: X\ncredentials: {user: {help: the name of it}, password: {help: the word, secret: true}}\n"
	    "base: https://api.test\n"
	    "make:\n  inner: '{password|sha1|hex}'\n  hour: '{unix|cet:%H}'\n  auth: '{user}{inner}{hour}'\n"
	    "add: {request: POST /, form: {request: {request: {auth: '{auth|sha1|hex}', v: '{value}'}}}}\n"
	    "delete: {request: POST /, form: {v: '{value}'}}\n";
	static const struct exchange script[] = {
	    {"POST https://api.test/" FORM
	     "request=%7B%22request%22%3A%7B%22auth%22%3A%222d5ef903062ce2e150f865422af70a5e9d60ec53%22%2C%"
	     "22v%22%3A%22x%22%7D%7D",
	     200, "{}"},
	    {0}};
	struct world w;

	world_open(&w, yaml, "{\"user\":\"me\",\"password\":\"secret\"}");
	world_script(script);
	assert_int_equal(world_add(&w, "x"), DNSPROOF_OK);
	world_close(&w);
}

TEST(cookies_come_back)
{
	static const char yaml[] =
	    "name: X\ncredentials: {user: {help: the name of it}}\nbase: https://api.test\n"
	    "cookies: true\nlogin: {request: 'POST /login', form: {u: '{user}'},\n"
	    "  success: http_status in 200 302}\n" BY_VALUE;
	static const struct exchange script[] = {
	    {"POST https://api.test/login" FORM "u=me", 302, "ok",
	     "set-cookie: sid=42; Path=/\nset-cookie: b=c=d\n"},
	    {"POST https://api.test/txt\nCookie: sid=42; b=c=d" FORM "add=" V, 200, "ok"},
	    {0}};
	struct world w;

	world_open(&w, yaml, "{\"user\":\"me\"}");
	world_script(script);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_close(&w);
}

TEST(the_first_complete_authentication)
{
	static const char yaml[] = "name: X\ncredentials: {token: {help: a token of it}, user: {help: the "
	                           "name of it}, key: {help: the key of it}}\n"
	                           "base: https://api.test\nauthentication:\n  - bearer: '{token}'\n  - "
	                           "basic: ['{user}', '{key}']\n" BY_VALUE;
	static const struct exchange basic[] = {
	    {"POST https://api.test/txt\nAuthorization: Basic bWU6azpl" FORM "add=" V, 200, "ok"}, {0}};
	static const struct exchange none[] = {{0}};
	struct world w;

	world_open(&w, yaml, "{\"user\":\"me\",\"key\":\"k:e\"}");
	world_script(basic);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_close(&w);
	world_open(&w, yaml, "{\"user\":\"me\"}");
	world_script(none);
	assert_int_equal(world_add(&w, V), DNSPROOF_AUTH);
	assert_non_null(strstr(w.said, "token, key"));
	world_close(&w);
}

TEST(a_credential_for_each_name)
{
	static const char yaml[] =
	    "name: X\ncredentials: {keys: {help: lines NAME KEY, secret: true, per_name: true}}\n"
	    "base: https://api.test\nauthentication: {form: {password: '{keys}'}}\n"
	    "limits: {most_values: 1}\n" BY_VALUE;
	static const struct exchange script[] = {
	    {"POST https://api.test/txt" FORM "add=" V "&password=in+ner", 200, "ok"}, {0}};
	static const struct exchange none[] = {{0}};
	struct world w;

	world_open(&w, yaml,
	           "{\"keys\":\"test outer\\n_acme-challenge.example.test: in ner\\r\\nother.test x\\n\"}");
	world_script(script);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_close(&w);
	world_open(&w, yaml, "{\"keys\":\"other.test x\"}");
	world_script(none);
	assert_int_equal(world_add(&w, V), DNSPROOF_AUTH);
	world_close(&w);
}

TEST(hostile_credentials)
{
	static const char yaml[] =
	    "name: X\ncredentials: {token: {help: a token of it}}\nbase: https://api.test\n"
	    "authentication: {header: {X: '{token}'}}\n" BY_VALUE;
	static const struct exchange none[] = {{0}};
	struct world w;

	world_open(&w, yaml, "{\"token\":\"a\\r\\nHost: evil.test\"}");
	world_script(none);
	assert_int_equal(world_add(&w, V), DNSPROOF_INVALID);
	assert_non_null(strstr(w.said, "line break"));
	world_close(&w);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
