/* Record sets and whole zones: what others have in them stays. */
#include "config.h"

#include "unit.h"

#include "world.h"

#define V    "-kIt0First_aBcDeFgHiJkLmNoPqRsTuVwXyZ_01234"
#define W    "Second_0123456789012345678901234567890123456"
#define HEAD "name: X\ncredentials: {}\nbase: https://api.test\n"
#define JSON "\napplication/json\n\n"
#define FORM "\napplication/x-www-form-urlencoded\n\n"

static void open_and_script(struct world *w, const char *yaml, const struct exchange *script)
{
	world_open(w, yaml, "{}");
	world_script(script);
}

static const char set_yaml[] =
    HEAD "rrset:\n"
         "  get: {request: 'GET /z/{zone}/{relative}'}\n"
         "  values: v\n  ttl: t\n  item: '{value|quote}'\n"
         "  create: {request: 'POST /z/{zone}', json: {n: '{relative}', t: '{ttl}', v: '{items}'}}\n"
         "  replace: {request: 'PUT /z/{zone}/{relative}', json: {t: '{ttl}', v: '{items}'}}\n"
         "  delete: {request: 'DELETE /z/{zone}/{relative}'}\n";

#define SET "https://api.test/z/example.test/_acme-challenge"

TEST(a_set_is_made_and_ended)
{
	static const struct exchange add[] = {{"GET " SET, 404, "{}"},
	                                      {"POST https://api.test/z/example.test" JSON
	                                       "{\"n\":\"_acme-challenge\",\"t\":60,\"v\":[\"\\\"" V
	                                       "\\\"\"]}",
	                                       201, "{}"},
	                                      {"GET " SET, 200, "{\"t\":60,\"v\":[\"\\\"" V "\\\"\"]}"},
	                                      {0}};
	static const struct exchange there[] = {{"GET " SET, 200, "{\"t\":60,\"v\":[\"" V "\"]}"}, {0}};
	static const struct exchange end[] = {{"GET " SET, 200, "{\"t\":60,\"v\":[\"" V "\"]}"},
	                                      {"DELETE " SET, 204, ""},
	                                      {"GET " SET, 404, "{}"},
	                                      {0}};
	static const struct exchange absent[] = {{"GET " SET, 200, "{\"t\":60,\"v\":[]}"}, {0}};
	struct world w;

	open_and_script(&w, set_yaml, add);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_script(there);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_script(end);
	assert_int_equal(world_del(&w, V, ""), DNSPROOF_OK);
	world_script(absent);
	assert_int_equal(world_del(&w, V, ""), DNSPROOF_OK);
	world_close(&w);
}

TEST(others_in_a_set_stay_as_they_are)
{
	static const struct exchange add[] = {
	    {"GET " SET, 200, "{\"t\":3600,\"v\":[\"\\\"a\\\\\\\"b\\\" \\\"c\\\"\",\"" W "\"]}"},
	    {"PUT " SET JSON "{\"t\":3600,\"v\":[\"\\\"a\\\\\\\"b\\\" \\\"c\\\"\",\"" W "\",\"\\\"" V
	     "\\\"\"]}",
	     200, "{}"},
	    {"GET " SET, 200, "{\"t\":3600,\"v\":[\"" W "\",\"" V "\",\"\\\"a\\\\\\\"bc\\\"\"]}"},
	    {0}};
	static const struct exchange vanished[] = {{"GET " SET, 200, "{\"t\":3600,\"v\":[\"x\",\"" V "\"]}"},
	                                           {"PUT " SET JSON "{\"t\":3600,\"v\":[\"x\"]}", 200, "{}"},
	                                           {"GET " SET, 404, "{}"},
	                                           {0}};
	static const struct exchange batch[] = {
	    {"GET " SET, 200, "{\"t\":60,\"v\":[\"" W "\"]}"},
	    {"PUT " SET JSON "{\"t\":60,\"v\":[\"\\\"" V "\\\"\"]}", 200, "{}"},
	    {"GET " SET, 200, "{\"t\":60,\"v\":[\"" V "\"]}"},
	    {0}};
	static const struct exchange list[] = {
	    {"GET " SET, 200, "{\"t\":1,\"v\":[\"\\\"a\\\" \\\"b\\\"\",\"c\"]}"}, {0}};
	struct world w;

	open_and_script(&w, set_yaml, add);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_script(vanished);
	assert_int_equal(world_del(&w, V, ""), DNSPROOF_CONFLICT);
	world_script(batch);
	assert_int_equal(world_batch(&w, V, W), DNSPROOF_OK);
	world_script(list);
	assert_int_equal(world_list(&w), DNSPROOF_OK);
	assert_string_equal(w.values, "ab\nc\n");
	world_close(&w);
}

TEST(a_changed_api_is_not_an_empty_set)
{
	static const char *const bodies[] = {
	    "{}", "{\"v\":\"x\"}", "{\"v\":{\"0\":\"x\"}}", "{\"v\":[{}]}", "[]", "7", "<html>", ""};
	struct world w;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		const struct exchange script[] = {{"GET " SET, 200, bodies[i]}, {0}};

		open_and_script(&w, set_yaml, script);
		assert_int_equal(world_add(&w, V), DNSPROOF_TEMP);
		world_script(script);
		assert_int_equal(world_del(&w, V, ""), DNSPROOF_TEMP);
		world_close(&w);
	}
}

TEST(etag)
{
	static const char yaml[] =
	    HEAD "compare_and_swap: true\n"
	         "rrset:\n"
	         "  get: {request: GET /s, capture: {etag: header:ETag}}\n"
	         "  values: v\n  value: value[0]\n  item: {value: ['{value}']}\n"
	         "  create: {request: PUT /s, header: {If-None-Match: '*'}, json: {v: '{items}'}}\n"
	         "  replace: {request: PUT /s, header: {If-Match: '{etag}'}, json: {v: '{items}'}}\n";
	static const struct exchange make[] = {
	    {"GET https://api.test/s", 404, "{}"},
	    {"PUT https://api.test/s\nIf-None-Match: *" JSON "{\"v\":[{\"value\":[\"" V "\"]}]}", 412, "{}"},
	    {0}};
	static const struct exchange replace[] = {
	    {"GET https://api.test/s", 200, "{\"v\":[{\"value\":[\"x\"],\"k\":1}]}", "etag: \"e1\"\n"},
	    {"PUT https://api.test/s\nIf-Match: \"e1\"" JSON
	     "{\"v\":[{\"value\":[\"x\"],\"k\":1},{\"value\":[\"" V "\"]}]}",
	     200, "{}"},
	    {0}};
	static const struct exchange without[] = {{"GET https://api.test/s", 200, "{\"v\":[]}"}, {0}};
	struct world w;

	open_and_script(&w, yaml, make);
	assert_int_equal(world_add(&w, V), DNSPROOF_CONFLICT);
	world_script(replace);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_script(without);
	assert_int_equal(world_add(&w, V), DNSPROOF_TEMP);
	world_close(&w);
}

TEST(whole_zone)
{
	static const char yaml[] =
	    HEAD "zone: {request: GET /zones, items: ., name: domain, capture: {id: id}}\n"
	         "whole_zone:\n"
	         "  get: {request: 'GET /z/{id}'}\n"
	         "  values: records.other\n  where: {host: '{relative}', type: TXT}\n  value: value\n"
	         "  item: {host: '{relative}', type: TXT, value: '{value}', ttl: '{ttl}'}\n"
	         "  replace: {request: 'PUT /z/{id}', json: {$copy: answer, records: {$copy: answer.records, "
	         "other: '{items}'}}}\n";
#define SOA(n)     "{\"host\":\"@\",\"type\":\"SOA\",\"value\":\"" n "\"}"
#define MX         "{\"host\":\"@\",\"type\":\"MX\",\"value\":\"mx\",\"prio\":10}"
#define OURS       "{\"host\":\"_acme-challenge\",\"type\":\"TXT\",\"value\":\"" V "\",\"ttl\":60}"
#define ZONE_OF(r) "{\"dkim\":true,\"records\":{\"soa\":{\"x\":1},\"other\":[" r "]}}"
	static const struct exchange add[] = {
	    {"GET https://api.test/zones", 200,
	     "[{\"domain\":\"le.test\",\"id\":1},{\"domain\":\"example.test\",\"id\":2}]"},
	    {"GET https://api.test/z/2", 200, ZONE_OF(SOA("1") "," MX)},
	    {"PUT https://api.test/z/2" JSON ZONE_OF(SOA("1") "," MX "," OURS), 200, "{}"},
	    {"GET https://api.test/z/2", 200, ZONE_OF(OURS "," SOA("2") "," MX)},
	    {0}};
	static const struct exchange lost[] = {
	    {"GET https://api.test/z/2", 200, ZONE_OF(SOA("2") "," MX "," OURS)},
	    {"PUT https://api.test/z/2" JSON ZONE_OF(SOA("2") "," MX), 200, "{}"},
	    {"GET https://api.test/z/2", 200, ZONE_OF(SOA("3"))},
	    {0}};
	static const struct exchange gone[] = {
	    {"GET https://api.test/z/2", 404, "{}"},
	    {"GET https://api.test/zones", 200, "[{\"domain\":\"example.test\",\"id\":2}]"},
	    {"GET https://api.test/z/2", 404, "{}"},
	    {0}};
	struct world w;

	open_and_script(&w, yaml, add);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_script(lost);
	assert_int_equal(world_del(&w, V, ""), DNSPROOF_CONFLICT);
	world_script(gone);
	assert_int_equal(world_add(&w, V), DNSPROOF_NOZONE);
	world_close(&w);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
