#include "unit.h"

#include "engine/acme/problem.h"

#define ACME "urn:ietf:params:acme:error:"

static struct problem *from(int status, const char *type, const char *body)
{
	return problem_parse(status, type, body, strlen(body));
}

static void class_of(int status, const char *type, const char *detail, enum problem_class expected)
{
	char body[500];
	struct problem *p;

	snprintf(body, sizeof(body), "{\"type\":\"" ACME "%s\",\"detail\":\"%s\"}", type, detail);
	p = from(status, "application/problem+json", body);
	assert_string_equal(p->type, type);
	assert_int_equal(p->class, expected);
	problem_free(p);
}

TEST(test_classes)
{
	for (const char **t = (const char *[]){"caa", "dns", "connection", "unauthorized",
	                                       "incorrectResponse", "tls", NULL};
	     *t; t++)
		class_of(403, *t, "x", PROBLEM_NAME);
	for (const char **t =
	         (const char *[]){"rejectedIdentifier", "unsupportedIdentifier", "externalAccountRequired",
	                          "userActionRequired", "agreementRequired", "accountDoesNotExist",
	                          "invalidContact", "unsupportedContact", "badPublicKey", "invalidProfile",
	                          "malformed", NULL};
	     *t; t++)
		class_of(400, *t, "x", PROBLEM_PERSON);
	class_of(400, "badNonce", "x", PROBLEM_BAD_NONCE);
	class_of(429, "rateLimited", "too many; see https://ca/limits", PROBLEM_LATER);
	class_of(429, "rateLimited", "paused. Please visit: https://ca/unpause?jwt=x", PROBLEM_PERSON);
	class_of(500, "serverInternal", "x", PROBLEM_LATER);
	class_of(503, "neverHeardOf", "x", PROBLEM_LATER);
	class_of(400, "neverHeardOf", "x", PROBLEM_PERSON);
}

TEST(test_text)
{
	struct problem *p =
	    from(403, "application/problem+json",
	         "{\"type\":\"" ACME "unauthorized\",\"detail\":\"No TXT record found\",\"status\":403,"
	         "\"instance\":\"https://ca/why\",\"subproblems\":[{\"type\":\"" ACME "dns\",\"detail\":"
	         "\"NXDOMAIN\",\"identifier\":{\"type\":\"dns\",\"value\":\"www.example.com\"}},"
	         "{\"type\":\"" ACME "caa\"},17,null]}");
	struct problem *copy = problem_copy(p);
	char *text = problem_text(p), *other = problem_text(copy);

	assert_string_equal(text,
	                    "unauthorized: No TXT record found (see https://ca/why); www.example.com: dns: "
	                    "NXDOMAIN; caa");
	assert_string_equal(text, other);
	assert_int_equal(p->subs, 2);
	assert_int_equal(copy->status, 403);
	free(text);
	free(other);
	problem_free(p);
	problem_free(copy);
	assert_null(problem_copy(NULL));
	problem_free(NULL);
}

static void only_status(int status, const char *type, const char *body, size_t n, const char *expected)
{
	struct problem *p = problem_parse(status, type, body, n);
	char *text = problem_text(p);

	assert_string_equal(text, expected);
	assert_int_equal(p->status, status);
	free(text);
	problem_free(p);
}

TEST(test_no_json)
{
	static const char html[] = "<html>\0\xff<h1>503</h1>";

	only_status(503, "text/html", html, sizeof(html), "HTTP 503 (text/html)");
	only_status(502, "text/html; charset=utf-8", html, sizeof(html), "HTTP 502 (text/html)");
	only_status(504, NULL, html, sizeof(html), "HTTP 504");
	only_status(500, NULL, NULL, 0, "HTTP 500");
	only_status(500, "application/json", "", 0, "HTTP 500 (application/json)");
	only_status(400, "application/problem+json", "{", 1, "HTTP 400 (application/problem+json)");
	only_status(400, "application/problem+json", "[]", 2, "HTTP 400 (application/problem+json)");
	only_status(400, "application/problem+json", "{}", 2, "HTTP 400 (application/problem+json)");
	only_status(301, "text/html", "", 0, "HTTP 301 (text/html): redirects are not followed");
	only_status(400, "a\x1b[31m", "", 0, "HTTP 400 (a?[31m)");
}

TEST(test_wrong_kinds)
{
	for (const char **body =
	         (const char *[]){"{\"type\":7}", "{\"type\":null,\"detail\":[]}", "{\"type\":{\"a\":1}}",
	                          "{\"subproblems\":{}}", "{\"subproblems\":[[]]}",
	                          "{\"detail\":\"\\u0000\"}", "{\"detail\":\"\xff\"}", "{\"status\":\"x\"}",
	                          "{\"instance\":7}", NULL};
	     *body; body++)
		only_status(400, "application/problem+json", *body, strlen(*body),
		            "HTTP 400 (application/problem+json)");
}

TEST(test_printable)
{
	struct problem *p = from(400, "application/problem+json",
	                         "{\"type\":\"" ACME "dns\",\"detail\":\"a\\u001b[2Jb\\nc\\u0007\","
	                         "\"instance\":\"javascript:alert(1)\"}");
	char *text = problem_text(p);

	assert_string_equal(text, "dns: a?[2Jb?c?");
	assert_null(p->instance);
	free(text);
	problem_free(p);
}

TEST(test_long)
{
	enum { N = 100000 };
	char *body = malloc(N + 100), *text;
	struct problem *p;

	memset(body, 'x', N);
	memcpy(body, "{\"detail\":\"", 11);
	memcpy(body + N, "\"}", 3);
	p = from(400, "application/json", body);
	text = problem_text(p);
	assert_in_range(strlen(text), 300, 1600);
	free(text);
	problem_free(p);
	free(body);
}

static void bomb(const char *start, char fill, size_t n)
{
	char *body = malloc(n + 1);

	memset(body, fill, n);
	memcpy(body, start, strlen(start));
	body[n] = '\0';
	assert_null(problem_body_json(body, n));
	free(body);
}

TEST(test_bombs)
{
	bomb("[", '[', 2000000);
	bomb("[", '[', 1000000);
	bomb("{\"a\":", '[', 40);
	bomb("{\"a\":[", ',', 900000);
	bomb("{\"a\":\"", '\\', 900000);
	assert_null(problem_body_json("{}x", 3));
	assert_null(problem_body_json("", 0));
	assert_null(problem_body_json(NULL, 0));
}

TEST(test_within_bounds)
{
	json_t *json =
	    problem_body_json("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[\"}", 56);

	assert_non_null(json);
	json_decref(json);
	json = problem_body_json("{\"a\":1,\"a\":2}", 13);
	assert_int_equal(json_integer_value(json_object_get(json, "a")), 2);
	json_decref(json);
}

TEST(test_from_json)
{
	json_t *json = json_pack("{s:s, s:i}", "type", ACME "caa", "status", 403);
	struct problem *p = problem_from_json(json, 0);
	json_t *null = json_null();

	assert_int_equal(p->status, 403);
	assert_int_equal(p->class, PROBLEM_NAME);
	problem_free(p);
	json_decref(json);
	assert_null(problem_from_json(NULL, 0));
	assert_null(problem_from_json(null, 0));
}

TEST(test_compound)
{
	struct problem *p = from(403, NULL,
	                         "{\"type\":\"" ACME "compound\",\"detail\":\"several\",\"subproblems\":["
	                         "{\"type\":\"" ACME "dns\"},{\"type\":\"" ACME "caa\"}]}");

	assert_int_equal(p->class, PROBLEM_NAME);
	problem_free(p);
}

TEST(test_own)
{
	struct problem *p = problem_new(PROBLEM_NONSENSE, 0, "", "%s: %d", "a\nb", 7);
	char *text = problem_text(p);

	assert_string_equal(text, "a?b: 7");
	free(text);
	problem_free(p);
}

static bool a_person_must_mend(enum problem_class class, const char *type)
{
	struct problem *p = problem_new(class, 400, type, "x");
	bool must = problem_is_persons(p);

	problem_free(p);
	return must;
}

TEST(test_persons)
{
	assert_true(a_person_must_mend(PROBLEM_UNTRUSTED, ""));
	assert_true(a_person_must_mend(PROBLEM_PERSON, "rejectedIdentifier"));
	assert_true(a_person_must_mend(PROBLEM_PERSON, "externalAccountRequired"));
	assert_false(a_person_must_mend(PROBLEM_PERSON, "malformed"));
	assert_false(a_person_must_mend(PROBLEM_PERSON, ""));
	assert_false(a_person_must_mend(PROBLEM_NONSENSE, ""));
	assert_false(a_person_must_mend(PROBLEM_LATER, "rateLimited"));
	assert_false(a_person_must_mend(PROBLEM_NAME, "dns"));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
