#include "unit.h"

#include "engine/pool/protocol.h"

static enum pool_hello_kind hello(const char *text, struct pool_hello *h, struct err *e)
{
	json_t *line = json_loads(text, 0, NULL);
	enum pool_hello_kind kind;

	assert_non_null(line);
	kind = pool_hello_parse(line, h, e);
	json_decref(line);
	return kind;
}

TEST(test_hello)
{
	struct pool_hello h;
	struct err e;

	assert_int_equal(hello("{\"protocol\":1,\"replaces\":\"rrset\",\"cas\":true,\"ops\":[\"add\",\"del\","
	                       "\"live\",\"new\"],\"limits\":{\"least_ttl\":-5,\"settle_ms\":99999999,"
	                       "\"most_parallel\":1000,\"most_values\":\"x\",\"requests_per_minute\":240}}",
	                       &h, &e),
	                 POOL_HELLO_GOOD);
	assert_int_equal(h.replaces, POOL_RRSET);
	assert_true(h.compare_and_swap && h.can_live && !h.can_list && !h.can_batch && !h.can_check);
	assert_int_equal(h.least_ttl, 0);
	assert_int_equal(h.settle_ms, 600000);
	assert_int_equal(h.most_parallel, 16);
	assert_int_equal(h.most_values, 0);
	assert_int_equal(h.requests_per_minute, 240);
	assert_int_equal(hello("{\"protocol\":1,\"replaces\":\"zone\",\"ops\":[\"add\",\"del\"]}", &h, &e),
	                 POOL_HELLO_GOOD);
	assert_int_equal(h.most_parallel, 1);
}

TEST(test_bad_hello)
{
	static const char *const garbage[] = {
	    "{\"protocol\":1}",
	    "{\"protocol\":1,\"replaces\":\"zone\",\"ops\":[\"add\"]}",
	    "{\"protocol\":1,\"replaces\":\"zone\",\"ops\":[\"add\",\"del\",3]}",
	    "{\"protocol\":1,\"replaces\":3,\"ops\":[\"add\",\"del\"]}",
	    "{\"protocol\":1,\"replaces\":\"zone\",\"ops\":{\"add\":1}}",
	};
	struct pool_hello h;
	struct err e;

	for (size_t i = 0; i < sizeof(garbage) / sizeof(*garbage); i++)
		assert_int_equal(hello(garbage[i], &h, &e), POOL_HELLO_GARBAGE);
	assert_int_equal(hello("{}", &h, &e), POOL_HELLO_REFUSED);
	assert_int_equal(hello("{\"protocol\":1,\"error\":\"no\\nkey\"}", &h, &e), POOL_HELLO_REFUSED);
	assert_string_equal(e.text, "no?key");
}

static bool parse(const char *text, struct pool_reply *r)
{
	json_t *line = json_loads(text, 0, NULL);
	struct err e;
	bool good;

	assert_non_null(line);
	good = pool_reply_parse(line, r, &e);
	json_decref(line);
	return good;
}

TEST(test_reply)
{
	struct pool_reply r = {0};

	assert_true(parse("{\"rc\":\"rate\",\"after\":999999999,\"msg\":\"slow \\u202edown\"}", &r));
	assert_int_equal(r.rc, POOL_RATE);
	assert_int_equal(r.after_s, 86400);
	assert_string_equal(r.message, "slow ?down");
	assert_true(parse("{\"rc\":\"ok\",\"show\":\"create\\u001b this\"}", &r));
	assert_non_null(strstr(r.show, "create"));
	assert_null(strchr(r.show, '\033'));
	assert_true(parse("{\"rc\":\"ok\",\"msg\":\"\",\"handle\":\"\"}", &r));
	assert_null(r.show);
	assert_null(r.message);
	assert_null(r.handle);
	assert_false(r.has_values);
	assert_true(parse("{\"rc\":\"ok\",\"values\":[]}", &r));
	assert_true(r.has_values);
	assert_false(parse("{\"rc\":\"ok\",\"values\":[1]}", &r));
	assert_true(r.has_values); /* as it was */
	assert_false(parse("{\"rc\":\"ok\",\"values\":\"x\"}", &r));
	assert_false(parse("{\"rc\":\"OK\"}", &r));
	assert_false(parse("{\"rc\":0}", &r));
	assert_false(parse("{\"rc\":\"ok\",\"after\":-1}", &r));
	assert_false(parse("{\"rc\":\"ok\",\"after\":\"1\"}", &r));
	assert_false(parse("{\"rc\":\"ok\",\"msg\":[]}", &r));
	assert_false(parse("{\"rc\":\"ok\",\"handle\":7}", &r));
	assert_false(parse("{\"rc\":\"ok\",\"show\":[]}", &r));
	assert_false(parse("{}", &r));
	pool_reply_clear(&r);
}

static json_t *texts(size_t n, size_t length)
{
	json_t *list = json_array();
	char *text = calloc(1, length + 1);

	memset(text, 'x', length);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(text));
	free(text);
	return list;
}

static void check_caps(size_t handle, size_t msg, size_t values, size_t length, bool good)
{
	json_t *h = texts(1, handle), *m = texts(1, msg);
	json_t *line = json_pack("{s:s, s:O, s:O, s:o}", "rc", "ok", "handle", json_array_get(h, 0), "msg",
	                         json_array_get(m, 0), "values", texts(values, length));
	struct pool_reply r = {0};
	struct err e;

	assert_int_equal(pool_reply_parse(line, &r, &e), good);
	if (good)
		assert_true(strlen(r.message) <= POOL_WORDS_MOST);
	pool_reply_clear(&r);
	json_decref(line);
	json_decref(h);
	json_decref(m);
}

TEST(test_caps)
{
	check_caps(511, 50000, 10000, 43, true);
	check_caps(512, 1, 1, 43, false);
	check_caps(511, 1, 10001, 43, false);
	check_caps(511, 1, 1, 65535, true);
	check_caps(511, 1, 1, 65536, false);
}

TEST(test_batch)
{
	static const char *const bad[] = {
	    "{\"rc\":\"ok\"}",
	    "{\"rc\":\"ok\",\"results\":[{\"rc\":\"ok\"}]}",
	    "{\"rc\":\"ok\",\"results\":[{\"rc\":\"ok\",\"handle\":\"h\"},{\"rc\":\"?\"}]}",
	    "{\"rc\":\"ok\",\"results\":[{\"rc\":\"ok\"},{\"rc\":\"ok\"},{\"rc\":\"ok\"}]}",
	    "{\"rc\":\"ok\",\"results\":[1,2]}",
	    "{\"rc\":\"ok\",\"results\":{}}",
	    "{}",
	};
	struct pool_reply r[2] = {{0}, {0}};
	struct err e;
	json_t *line;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		line = json_loads(bad[i], 0, NULL);
		assert_false(pool_batch_parse(line, r, 2, &e));
		assert_true(!r[0].message && !r[0].handle && !r[0].has_values && r[0].rc == 0);
		json_decref(line);
	}
	line = json_pack("{s:s, s:[{s:s}, {s:s, s:s}]}", "rc", "ok", "results", "rc", "ok", "rc", "auth",
	                 "msg", "no");
	assert_true(pool_batch_parse(line, r, 2, &e));
	assert_int_equal(r[0].rc, POOL_OK);
	assert_int_equal(r[1].rc, POOL_AUTH);
	json_decref(line);
	pool_reply_clear(&r[0]);
	pool_reply_clear(&r[1]);
}

TEST(test_request)
{
	char zone[] = "test", owner[] = "a.test", value[] = "v", handle[] = "h", bad[] = "\xff";
	struct pool_ask del = {POOL_DEL, zone, owner, value, handle, 60, 1000}, check = del, hostile = del;
	const struct pool_ask *both[] = {&del, &hostile};
	json_t *line = pool_request(&del);
	char *text = json_dumps(line, JSON_COMPACT | JSON_SORT_KEYS);

	assert_string_equal(text, "{\"handle\":\"h\",\"name\":\"a.test\",\"op\":\"del\",\"ttl\":60,"
	                          "\"value\":\"v\",\"zone\":\"test\"}");
	free(text);
	json_decref(line);
	check.op = POOL_CHECK;
	line = pool_request(&check);
	text = json_dumps(line, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(text, "{\"name\":\"a.test\",\"op\":\"check\",\"zone\":\"test\"}");
	free(text);
	json_decref(line);
	hostile.owner = bad;
	assert_null(pool_request(&hostile));
	assert_null(pool_batch_request(both, 2));
}

TEST(test_requests_of_an_answer)
{
	static const struct {
		const char *answer;
		unsigned n;
	} table[] = {
	    {"{\"rc\":\"ok\"}", 1},      {"{\"requests\":0}", 0},
	    {"{\"requests\":3}", 3},     {"{\"requests\":-3}", 0},
	    {"{\"requests\":\"3\"}", 1}, {"{\"requests\":9000000000000000000}", 1000000},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		json_t *answer = json_loads(table[i].answer, 0, NULL);

		assert_int_equal(pool_requests_parse(answer), table[i].n);
		json_decref(answer);
	}
}

/* Whether a failed call may have changed anything; what is unknown counts as maybe. */
TEST(test_written)
{
	static const struct {
		const char *text;
		enum pool_written written;
	} cases[] = {
	    {"{\"rc\":\"rate\"}", POOL_WRITTEN_UNSAID},
	    {"{\"rc\":\"rate\",\"written\":\"maybe\"}", POOL_WRITTEN_MAYBE},
	    {"{\"rc\":\"temp\",\"written\":\"no\"}", POOL_WRITTEN_NO},
	    {"{\"rc\":\"temp\",\"written\":\"yes\"}", POOL_WRITTEN_MAYBE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *answer = json_loads(cases[i].text, 0, NULL);
		struct pool_reply r = {0};
		struct err e;

		assert_true(pool_reply_parse(answer, &r, &e));
		assert_int_equal(r.written, cases[i].written);
		pool_reply_clear(&r);
		json_decref(answer);
	}
}

int main(void)
{
	return unit_run(NULL, NULL);
}
