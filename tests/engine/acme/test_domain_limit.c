#include "unit.h"

#include "common/mem.h"
#include "engine/acme/domain_limit.h"

#define ACME  "urn:ietf:params:acme:error:"
#define NAMES "[\"www.example.com\",\"*.sub.example.org\"]"

static char *learned(int status, const char *type, const char *detail, const char *more)
{
	char *body =
	    xasprintf("{\"type\":\"" ACME "%s\",\"detail\":\"%s\"%s}", type, detail, more ? more : "");
	struct problem *p = problem_parse(status, "application/problem+json", body, strlen(body));
	char *domain = domain_limit(p, NAMES);

	problem_free(p);
	free(body);
	return domain;
}

static void is_domains(const char *detail, const char *more, const char *expected)
{
	char *domain = learned(429, "rateLimited", detail, more);

	if (!expected && domain)
		fail_msg("%s %s: is taken for %s", detail, more ? more : "", domain);
	if (expected)
		assert_string_equal(domain, expected);
	free(domain);
}

static void is_no_domains(int status, const char *type, const char *detail)
{
	assert_null(learned(status, type, detail, NULL));
}

#define SAYS(domain)                                                                                         \
	"too many certificates (50) already issued for \\\"" domain                                          \
	"\\\" in the last 168h0m0s, retry after 2026-11-29 10:00:00 UTC: see https://letsencrypt.org/docs/"

TEST(the_words_of_lets_encrypt)
{
	is_domains(SAYS("example.com"), NULL, "example.com");
	is_domains("Error creating new order :: " SAYS("example.org"), NULL, "example.org");
	is_domains(SAYS("sub.example.org"), NULL, "sub.example.org");
	is_no_domains(403, "rateLimited", SAYS("example.com"));
	is_no_domains(429, "unauthorized", SAYS("example.com"));
}

TEST(what_is_said_of_others)
{
	static const char *const details[] = {
	    "too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s",
	    "too many failed authorizations (5) for \\\"www.example.com\\\" in the last 1h0m0s",
	    "too many new orders (300) from this account in the last 3h0m0s",
	    SAYS("example.net"),          /* of another order */
	    SAYS("xample.com"),           /* ends like it */
	    SAYS("deep.www.example.com"), /* below it */
	    SAYS("com"),                  /* whole TLD */
	    SAYS(""),
	    SAYS("."),
	    SAYS("example.com."),
	    SAYS("EXAMPLE.com"),
	    SAYS("*.example.com"),
	    SAYS("example.com,example.org"),
	    SAYS("example.com' OR 1=1"),
	    SAYS("example.com") " " SAYS("example.org"), /* which? */
	    "too many certificates (many) already issued for \\\"example.com\\\" in the last 168h0m0s",
	    "too many certificates (50) already issued for \\\"example.com",
	    "too many certificates (",
	};

	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++)
		is_domains(details[i], NULL, NULL);
}

#define SUB(type, name)                                                                                      \
	"{\"type\":\"" ACME type "\",\"detail\":\"x\",\"identifier\":{\"type\":\"dns\",\"value\":\"" name    \
	"\"}}"

TEST(subproblems)
{
	is_domains("x", ",\"subproblems\":[" SUB("rateLimited", "example.com") "]", "example.com");
	is_domains(
	    "x",
	    ",\"subproblems\":[" SUB("rateLimited", "example.com") "," SUB("rateLimited", "example.com") "]",
	    "example.com");
	is_domains("x",
	           ",\"subproblems\":[" SUB("rateLimited", "example.com") "," SUB("rateLimited",
	                                                                          "sub.example.org") "]",
	           NULL);
	is_domains("x", ",\"subproblems\":[" SUB("caa", "example.com") "]", NULL);
	is_domains(SAYS("example.com"),
	           ",\"subproblems\":[{\"type\":\"" ACME "rateLimited\",\"detail\":\"x\"}]", NULL);
	is_domains("x", ",\"subproblems\":[" SUB("rateLimited", "example.net") "]", NULL);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
