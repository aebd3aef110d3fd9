/* Wrong descriptors are told with file and line; the manual's example is right. */
#include "config.h"

#include "unit.h"

#include "world.h"

#define HEAD                                                                                                 \
	"name: X\ncredentials: {u: {help: a url of it, kind: url}, l: {help: a label, kind: label}, t: "     \
	"{help: a text}}\n"
#define BASE "base: https://api.test\n"
#define GOOD "add: {request: POST /r, text: '{value}'}\ndelete: {request: 'DELETE /r/{value}'}\n"

#define TEN     "xxxxxxxxxx"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

TEST(right_ones)
{
	static const char *const all[] = {
	    HEAD BASE GOOD,
	    HEAD BASE GOOD "success: a ~ ^[a-z0-9+/]+={0,2}$\n",
	    HEAD "base: '{u}/v1'\n" GOOD,
	    HEAD "base: https://{l}.api.test/v1\n" GOOD,
	    HEAD BASE "add: {request: POST /r}\ndelete: none\n",
	    HEAD BASE
	    "limits: {most_values: 1}\nadd: {request: POST /r}\ndelete: {request: 'DELETE /r/{sub}'}\n",
	    HEAD BASE "rrset: {get: {request: GET /r}, replace: {request: PUT /r, json: '{items}'}}\n",
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_string_equal(world_refusal(all[i]), "");
}

TEST(wrong_ones)
{
	static const struct {
		const char *yaml, *line, *words;
	} all[] = {
	    {"", "x.yaml", "map"},
	    {"- a\n", "x.yaml:1", "map"},
	    {"name: X\n" BASE GOOD "credentails: {}\n", "x.yaml:5", "did you mean credentials"},
	    {BASE GOOD, "x.yaml:1", "lacks name"},
	    {HEAD BASE "ad: 1\n", "x.yaml:4", "did you mean add"},
	    {HEAD BASE GOOD "limits:\n  least_ttl: soon\n", "x.yaml:7", "expected a number"},
	    {HEAD BASE GOOD "answer: yaml\n", "x.yaml:6", "expected one of: json text"},
	    {HEAD "base: http://api.test\n" GOOD, "x.yaml:3", "expected https"},
	    {HEAD "base: '{t}/v1'\n" GOOD, "x.yaml:3", "kind url"},
	    {HEAD "base: https://{t}.test\n" GOOD, "x.yaml:3", "name of the host"},
	    {HEAD "base: https://{t}\n" GOOD, "x.yaml:3", "name of the host"},
	    {HEAD GOOD, "x.yaml:3", "no base"},
	    {HEAD BASE "add: {request: 'POST https://{t}/r'}\ndelete: none\n", "x.yaml:4",
	     "name of the host"},
	    {HEAD BASE "add: {request: 'POST http://api.test/r'}\ndelete: none\n", "x.yaml:4",
	     "expected https"},
	    {HEAD BASE "add: {request: 'POST file:///etc/passwd'}\ndelete: none\n", "x.yaml:4",
	     "expected /path"},
	    {HEAD BASE "add: {request: 'POST {t}/r'}\ndelete: none\n", "x.yaml:4", "kind url"},
	    {HEAD BASE "add: {request: TRACE /r}\ndelete: none\n", "x.yaml:4", "expected GET"},
	    {HEAD BASE "add: {request: 'POST /{zoen}'}\ndelete: none\n", "x.yaml:4", "did you mean zone"},
	    {HEAD BASE "add:\n  request: POST /r\n  json:\n    a: ['{value|quot}']\ndelete: none\n",
	     "x.yaml:7", "no such filter"},
	    {HEAD BASE "add: {request: 'POST /{value|or}'}\ndelete: none\n", "x.yaml:4",
	     "expected an argument"},
	    {HEAD BASE "add: {request: 'POST /{value|hmac_sha1:nokey|hex}'}\ndelete: none\n", "x.yaml:4",
	     "{nokey}"},
	    {HEAD BASE "add: {request: 'POST /{value'}\ndelete: none\n", "x.yaml:4", "not closed"},
	    {HEAD BASE "add: {request: 'POST /a}'}\ndelete: none\n", "x.yaml:4", "not closed"},
	    {HEAD BASE GOOD "success: a=b\n", "x.yaml:6", "spaces around"},
	    {HEAD BASE GOOD "success: a ~ (\n", "x.yaml:6", "regular expression"},
	    {HEAD BASE GOOD "success: a ~ x++++++++++++++++++++++++++++\n", "x.yaml:6", "too many repeats"},
	    {HEAD BASE GOOD "success: a ~ x{2,200}{200}\n", "x.yaml:6", "too many repeats"},
	    {HEAD BASE GOOD "success: a ~ " HUNDRED HUNDRED "x\n", "x.yaml:6", "more than 200 characters"},
	    {HEAD BASE GOOD "error: 'a[0'\n", "x.yaml:6", "not closed"},
	    {HEAD BASE "add: {request: POST /r}\n", "x.yaml:4", "without delete"},
	    {HEAD BASE "add: {request: POST /r}\ndelete: {request: 'DELETE /r/{sub}'}\n", "x.yaml:5",
	     "by name"},
	    {HEAD BASE "add: {request: POST /r, capture: {id: i}}\ndelete: {request: 'DELETE /r/{id}'}\n",
	     "x.yaml:5", "expected a find"},
	    {HEAD BASE "add: {request: POST /r}\nfind: {request: GET /r, items: ., match: {n: '{name}'}}\n"
	               "delete: {request: 'DELETE /r'}\n",
	     "x.yaml:5", "{value}"},
	    {HEAD BASE "add: {request: POST /r}\nfind: {request: GET /r, items: ., match: {n: '{value}'},\n"
	               "  capture: {id: i}}\ndelete: {request: DELETE /r}\n",
	     "x.yaml:7", "by name"},
	    {HEAD BASE "add: {request: POST /r, look_first: false}\ndelete: none\n", "x.yaml:4", "exists"},
	    {HEAD BASE "rrset: {get: {request: GET /r}, replace: {request: PUT /r, json: '{value}'}}\n",
	     "x.yaml:4", "{items}"},
	    {HEAD BASE "whole_zone: {get: {request: GET /r}, replace: {request: PUT /r, json: '{items}'}}\n",
	     "x.yaml:4", "where"},
	    {HEAD BASE GOOD "rrset: {get: {request: GET /r}, replace: {request: PUT /r, json: '{items}'}}\n",
	     "x.yaml", "only one of"},
	    {"name: X\ncredentials: {Token: {help: a token}}\n" BASE GOOD, "x.yaml:2", "lower-case"},
	    {"name: X\ncredentials: {zone: {help: a zone}}\n" BASE GOOD, "x.yaml:2", "reserved"},
	    {"name: X\ncredentials: {t: {secret: true}}\n" BASE GOOD, "x.yaml:2", "lacks help"},
	    {"name: X\ncredentials: {t: {help: *a}}\n" BASE GOOD, "x.yaml:2", ""},
	    {HEAD BASE GOOD "name: Y\n", "x.yaml:6", "twice"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const char *said = world_refusal(all[i].yaml);

		if (strncmp(said, all[i].line, strlen(all[i].line)) != 0 || !strstr(said, all[i].words))
			fail_msg("%zu: said '%s', wanted %s ... %s", i, said, all[i].line, all[i].words);
	}
}

/* The first literal block after the mark in the manual. */
TEST(the_manual)
{
	static char page[128 * 1024], yaml[8000];
	FILE *f = fopen(MAN_FOLDER "/dnsproof-descriptor.5", "r");
	size_t n = 0;
	char *at, *end;

	assert_non_null(f);
	page[fread(page, 1, sizeof(page) - 1, f)] = '\0';
	fclose(f);
	at = strstr(page, ".\\\" test: descriptor");
	assert_non_null(at);
	at = strstr(at, ".Bd -literal\n") + strlen(".Bd -literal\n");
	end = strstr(at, ".Ed");
	for (; at < end && n < sizeof(yaml) - 1; at++)
		yaml[n++] = *at;
	assert_string_equal(world_refusal(yaml), "");
	assert_non_null(strstr(yaml, "record_id"));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
