/* Records, zones; bodies and answers of every kind; pages, jobs. */
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

static const char xml_yaml[] = HEAD
    "answer: xml\nsuccess: reply.code == 300\nerror: reply.detail\n"
    "add: {request: GET /add, query: {rrvalue: '{value}', rrhost: '{sub}'}, capture: {id: reply.record_id}}\n"
    "find: {request: GET /list, items: reply.resource_record, capture: {id: record_id},\n"
    "  match: {type: TXT, host: '{name}', value: '{value}'}}\n"
    "delete: {request: 'GET /delete?rrid={id}'}\n";

TEST(xml_answers)
{
	static const struct exchange one[] = {
	    {"GET https://api.test/list", 200,
	     "<?xml version=\"1.0\"?><n:namesilo xmlns:n='x'><reply><code>300</code><resource_record>"
	     "<record_id>r1</record_id><type>TXT</type><host>_ACME-challenge.example.test.</host><value>" W
	     "</value></resource_record></reply></n:namesilo>"},
	    {0}};
	static const char yaml[] = HEAD
	    "answer: xml\nsuccess: namesilo.reply.code == 300\n"
	    "add: {request: GET /add, query: {rrvalue: '{value}'}, capture: {id: namesilo.reply.record_id}}\n"
	    "find: {request: GET /list, items: namesilo.reply.resource_record, capture: {id: record_id},\n"
	    "  match: {type: TXT, host: '{name}', value: '{value}'}}\n"
	    "delete: {request: 'GET /delete?rrid={id}'}\n";
	static const struct exchange none[] = {
	    {"GET https://api.test/list", 200, "<namesilo><reply><code>300</code></reply></namesilo>"},
	    {"GET https://api.test/add?rrvalue=" V, 200,
	     "<namesilo><reply><code>300</code><record_id>a&amp;b</record_id></reply></namesilo>"},
	    {0}};
	static const struct exchange gone[] = {{"GET https://api.test/list", 200,
	                                        "<namesilo><reply><code>300</code>"
	                                        "<resource_record><record_id>1</record_id><type>TXT</"
	                                        "type><host>_acme-challenge.example.test</host>"
	                                        "<value>" W "</value></resource_record>"
	                                        "<resource_record><record_id>2</record_id><type>TXT</"
	                                        "type><host>_acme-challenge.example.test</host>"
	                                        "<value>" V "</value></resource_record></reply></namesilo>"},
	                                       {"GET https://api.test/delete?rrid=2", 200,
	                                        "<namesilo><reply><code>300</code></reply></namesilo>"},
	                                       {0}};
	static const struct exchange bomb[] = {
	    {"GET https://api.test/list", 200,
	     "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><namesilo><reply><code>&a;</code></reply></namesilo>"},
	    {0}};
	struct world w;

	assert_string_equal(world_refusal(xml_yaml), "");
	open_and_script(&w, yaml, none);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	assert_string_equal(w.handle, "{\"id\":\"a&b\"}");
	world_script(one);
	assert_int_equal(world_list(&w), DNSPROOF_OK);
	assert_string_equal(w.values, W "\n");
	world_script(gone);
	assert_int_equal(world_del(&w, V, ""), DNSPROOF_OK);
	world_script(bomb);
	assert_int_equal(world_add(&w, V), DNSPROOF_TEMP);
	world_close(&w);
}

TEST(pages_of_every_kind)
{
	static const char rest[] = "add: {request: POST /r, json: {v: '{value}'}}\n"
	                           "delete: {request: 'DELETE /r/{id}'}\n";
	static const char *const pages[] = {"{parameter: page, first: 0, step: 2, size: 2}",
	                                    "{cursor: next, parameter: after}", "{next: link}",
	                                    "{parameter: p, last: pages}"};
	static const struct exchange numbers[] = {
	    {"GET https://api.test/r?a=b&page=0", 200, "{\"d\":[{\"v\":1,\"i\":1},{\"v\":2,\"i\":2}]}"},
	    {"GET https://api.test/r?a=b&page=2", 200, "{\"d\":[{\"v\":\"" V "\",\"i\":3}]}"},
	    {"DELETE https://api.test/r/3", 204, ""},
	    {0}};
	static const struct exchange cursor[] = {
	    {"GET https://api.test/r?a=b", 200, "{\"next\":\"x&y\",\"d\":[]}"},
	    {"GET https://api.test/r?a=b&after=x%26y", 200,
	     "{\"next\":null,\"d\":[{\"v\":\"" V "\",\"i\":3}]}"},
	    {"DELETE https://api.test/r/3", 204, ""},
	    {0}};
	static const struct exchange linked[] = {
	    {"GET https://api.test/r?a=b", 200, "{\"d\":[]}",
	     "link: <https://api.test/r?c=1>; rel=\"prev\", <https://api.test/r?c=2>; rel=\"next\"\n"},
	    {"GET https://api.test/r?c=2", 200, "{\"d\":[{\"v\":\"" V "\",\"i\":3}]}"},
	    {"DELETE https://api.test/r/3", 404, ""},
	    {0}};
	static const struct exchange last[] = {
	    {"GET https://api.test/r?a=b&p=1", 200, "{\"pages\":2,\"d\":[{\"v\":\"x\",\"i\":1}]}"},
	    {"GET https://api.test/r?a=b&p=2", 200,
	     "{\"pages\":2,\"d\":[{\"v\":\"\\\"" V "\\\"\",\"i\":3}]}"},
	    {"DELETE https://api.test/r/3", 200, "{}"},
	    {0}};
	static const struct exchange *const scripts[] = {numbers, cursor, linked, last};
	struct world w;
	char yaml[1000];

	for (size_t i = 0; i < 4; i++) {
		snprintf(yaml, sizeof(yaml),
		         HEAD
		         "find: {request: GET /r?a=b, items: d, match: {v: '{value}'}, capture: {id: i},\n"
		         "  pages: %s}\n%s",
		         pages[i], rest);
		open_and_script(&w, yaml, scripts[i]);
		assert_int_equal(world_del(&w, V, "{\"id\":77}"), DNSPROOF_OK);
		world_close(&w);
	}
}

TEST(a_next_page_elsewhere_is_refused)
{
	static const char yaml[] = HEAD
	    "find: {request: GET /r, items: d, match: {v: '{value}'}, capture: {id: i}, pages: {next: n}}\n"
	    "add: {request: POST /r, json: {v: '{value}'}}\ndelete: {request: 'DELETE /r/{id}'}\n";
	static const struct exchange script[] = {
	    {"GET https://api.test/r", 200, "{\"d\":[],\"n\":\"https://api.test.evil.test/r\"}"}, {0}};
	struct world w;

	open_and_script(&w, yaml, script);
	assert_int_equal(world_del(&w, V, ""), DNSPROOF_TEMP);
	world_close(&w);
}

TEST(bodies_of_every_kind)
{
	static const struct {
		const char *body, *wanted;
	} kinds[] = {
	    {"form: {a: '{value}&', list: {x: [1, '{sub}']}, 'none?': '{opt}'}",
	     FORM "a=" V "%26&list=%7B%22x%22%3A%5B1%2C%22_acme-challenge%22%5D%7D"},
	    {"xml: '<r a=\"{value|quote}\">{evil}</r>'",
	     "\napplication/xml\n\n<r a=\"&quot;" V "&quot;\">&lt;/r&gt;&lt;x&gt;</r>"},
	    {"text: '{sub} IN TXT {value|quote}', content_type: text/dns",
	     "\ntext/dns\n\n_acme-challenge IN TXT \"" V "\""},
	    {"json: {'{sub}': {ttl: '{ttl}', s: '{ttl|string}', n: '{num|number}', 'o?': '{opt}'}, l: [true, "
	     "null]}",
	     JSON "{\"_acme-challenge\":{\"ttl\":60,\"s\":\"60\",\"n\":12},\"l\":[true,null]}"},
	    {"query: {q: 'a b&c', filters: {name: '{name}'}}, header: {X-A: '{value|md5|hex}'}",
	     "?q=a%20b%26c&filters=%7B%22name%22%3A%22_acme-challenge.example.test%22%7D"
	     "\nX-A: edf904408252d996f1db280709b56c68"},
	};
	struct world w;
	char yaml[1000], request[1000];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct exchange script[] = {{request, 200, ""}, {0}};

		snprintf(yaml, sizeof(yaml),
		         "name: X\nbase: https://api.test/v1/\n"
		         "credentials: {opt: {help: may lack, optional: true}, evil: {help: has marks}, num: "
		         "{help: a number}}\n"
		         "add: {request: POST /r, %s}\ndelete: {request: 'DELETE /r/{value}'}\n",
		         kinds[i].body);
		snprintf(request, sizeof(request), "POST https://api.test/v1/r%s", kinds[i].wanted);
		world_open(&w, yaml, "{\"evil\":\"</r><x>\",\"num\":\"12\"}");
		world_script(script);
		assert_int_equal(world_add(&w, V), DNSPROOF_OK);
		world_close(&w);
	}
}

TEST(zones_by_probe_keys_and_loops)
{
	static const char probe[] =
	    HEAD "zone: {request: 'GET /d/{candidate}', probe: true, capture: {id: id}}\n"
	         "add: {request: 'POST /d/{id}/{sub}', text: '{value}'}\n"
	         "delete: {request: 'DELETE /d/{id}/{value}'}\n";
	static const char keys[] =
	    HEAD "zone: {request: GET /d, items: 'z.*', name: '@key', capture: {id: n}}\n"
	         "prepare: {request: GET /me, capture: {me: id}}\n"
	         "lookup: {request: 'GET /s/{item}', each: services, match: {domain: '{zone}'},\n"
	         "  capture: {service: n}}\n"
	         "login: {request: POST /l, capture: {services: s}}\n"
	         "add: {request: 'POST /{me}/{id}/{service}', text: '{value}'}\n"
	         "delete: {request: 'DELETE /d/{id}/{value}'}\n";
	static const struct exchange probes[] = {
	    {"GET https://api.test/d/example.test", 404, "{}"},
	    {"GET https://api.test/d/_acme-challenge.www.example.test", 404, "{}"},
	    {"GET https://api.test/d/www.example.test", 200, "{\"id\":\"w\"}"},
	    {"POST https://api.test/d/w/_acme-challenge\ntext/plain; charset=utf-8\n\n" V, 200, ""},
	    {0}};
	static const struct exchange none[] = {
	    {"GET https://api.test/d/example.test", 404, "{\"m\":1}"},
	    {"GET https://api.test/d/_acme-challenge.example.test", 404, "{\"m\":1}"},
	    {0}};
	static const struct exchange loops[] = {
	    {"POST https://api.test/l", 200, "{\"s\":[1,2,3]}"},
	    {"GET https://api.test/me", 200, "{\"id\":\"m/e\"}"},
	    {"GET https://api.test/d", 200, "{\"z\":{\"a.test\":{\"n\":1},\"example.test\":{\"n\":2}}}"},
	    {"GET https://api.test/s/1", 200, "{\"domain\":\"a.test\",\"n\":10}"},
	    {"GET https://api.test/s/2", 200, "{\"domain\":\"example.test\",\"n\":20}"},
	    {"POST https://api.test/m%2Fe/2/20\ntext/plain; charset=utf-8\n\n" V, 200, ""},
	    {0}};
	struct world w;

	open_and_script(&w, probe, probes);
	assert_int_equal(world_add_at(&w, "example.test", "_acme-challenge.www.example.test", V),
	                 DNSPROOF_OK);
	assert_string_equal(w.handle, "{\"id\":\"w\",\"zone\":\"www.example.test\"}");
	world_script(none);
	assert_int_equal(world_check(&w), DNSPROOF_NOZONE);
	world_close(&w);
	open_and_script(&w, keys, loops);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_close(&w);
}

TEST(a_stale_zone_is_found_again)
{
	static const char yaml[] = HEAD "zone: {request: GET /d, items: ., name: n, capture: {id: i}}\n"
	                                "add: {request: 'POST /d/{id}', text: '{value}'}\n"
	                                "delete: {request: 'DELETE /d/{id}/{value}'}\n";
	static const struct exchange first[] = {
	    {"GET https://api.test/d", 200, "[{\"n\":\"example.test\",\"i\":1}]"},
	    {"POST https://api.test/d/1\ntext/plain; charset=utf-8\n\n" V, 200, ""},
	    {0}};
	static const struct exchange second[] = {
	    {"POST https://api.test/d/1\ntext/plain; charset=utf-8\n\n" W, 404, ""},
	    {"GET https://api.test/d", 200, "[{\"n\":\"example.test\",\"i\":5}]"},
	    {"POST https://api.test/d/5\ntext/plain; charset=utf-8\n\n" W, 200, ""},
	    {0}};
	struct world w;

	open_and_script(&w, yaml, first);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_script(second);
	assert_int_equal(world_add(&w, W), DNSPROOF_OK);
	world_close(&w);
}

TEST(meanings_and_words)
{
	static const char yaml[] =
	    HEAD "success: code in 1 2\nerror: [errors.*, msg]\n"
	         "means: {exists: code == 7, rate: 'msg ~ ^slow', auth: [401, 418], nozone: code == 9 && msg "
	         "== none || code == 10}\n"
	         "add: {request: POST /r, text: '{value}'}\ndelete: {request: 'DELETE /r/{value}'}\n";
	static const struct {
		int status;
		const char *body;
		enum dnsproof_rc rc;
		const char *words;
	} cases[] = {
	    {200, "{\"code\":1}", DNSPROOF_OK, ""},
	    {200, "{\"code\":\"2\"}", DNSPROOF_OK, ""},
	    {400, "{\"code\":7}", DNSPROOF_OK, ""},
	    {200, "{\"code\":3,\"msg\":\"slow down\"}", DNSPROOF_RATE, "slow down"},
	    {418, "{\"msg\":\"teapot\"}", DNSPROOF_AUTH, "HTTP 418: teapot"},
	    {200, "{\"code\":9,\"msg\":\"none\"}", DNSPROOF_NOZONE, "none"},
	    {200, "{\"code\":9,\"msg\":\"some\"}", DNSPROOF_INVALID, "some"},
	    {200, "{\"code\":10}", DNSPROOF_NOZONE, "zone example.test"},
	    {200, "{\"code\":3,\"errors\":{\"a\":\"bad token\"}}", DNSPROOF_AUTH, "bad token"},
	    {200, "{\"code\":3,\"msg\":\"internal error\"}", DNSPROOF_TEMP, "internal error"},
	    {500, "oops", DNSPROOF_TEMP, "HTTP 500"},
	    {302, "", DNSPROOF_TEMP, "HTTP 302"},
	};
	struct world w;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct exchange script[] = {{"POST https://api.test/r\ntext/plain; charset=utf-8\n\n" V,
		                                   cases[i].status, cases[i].body, "retry-after: 9\n"},
		                                  {0}};

		open_and_script(&w, yaml, script);
		assert_int_equal(world_add(&w, V), cases[i].rc);
		if (!strstr(w.said, cases[i].words))
			fail_msg("%s lacks %s", w.said, cases[i].words);
		assert_int_equal(w.after, cases[i].rc == DNSPROOF_RATE ? 9 : 0);
		world_close(&w);
	}
}

TEST(jobs_and_live)
{
	static const char yaml[] = HEAD
	    "add: {request: POST /r, text: '{value}', capture: {job: id}}\ndelete: {request: 'DELETE "
	    "/r/{value}'}\n"
	    "wait: {request: 'GET /j/{job}', until: s == done, failed: s == bad, every_ms: 100, most: 3}\n"
	    "live: {request: GET /live, until: all == true}\n";
	static const struct exchange good[] = {
	    {"POST https://api.test/r\ntext/plain; charset=utf-8\n\n" V, 200, "{\"id\":5}"},
	    {"GET https://api.test/j/5", 200, "{\"s\":\"runs\"}"},
	    {"GET https://api.test/j/5", 200, "{\"s\":\"done\"}"},
	    {0}};
	static const struct exchange bad[] = {
	    {"POST https://api.test/r\ntext/plain; charset=utf-8\n\n" V, 200, "{\"id\":5}"},
	    {"GET https://api.test/j/5", 200, "{\"s\":\"bad\"}"},
	    {0}};
	static const struct exchange never[] = {
	    {"POST https://api.test/r\ntext/plain; charset=utf-8\n\n" V, 200, "{\"id\":5}"},
	    {"GET https://api.test/j/5", 200, "{}"},
	    {"GET https://api.test/j/5", 200, "{}"},
	    {"GET https://api.test/j/5", 200, "{}"},
	    {0}};
	static const struct exchange live[] = {{"GET https://api.test/live", 200, "{\"all\":true}"}, {0}};
	static const struct exchange changed[] = {
	    {"POST https://api.test/r\ntext/plain; charset=utf-8\n\n" V, 200, "{\"ID\":5}"}, {0}};
	struct world w;

	open_and_script(&w, yaml, good);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_script(bad);
	assert_int_equal(world_add(&w, V), DNSPROOF_TEMP);
	world_script(never);
	assert_int_equal(world_add(&w, V), DNSPROOF_TEMP);
	world_script(live);
	assert_int_equal(world_live(&w, V), DNSPROOF_OK);
	assert_true(w.live);
	world_script(changed);
	assert_int_equal(world_add(&w, V), DNSPROOF_TEMP);
	assert_non_null(strstr(w.said, "has no id"));
	world_close(&w);
}

TEST(only_the_exact_value_is_deleted)
{
	static const char yaml[] =
	    HEAD "add: {request: POST /r, text: '{value}', capture: {id: id}}\n"
	         "find: {request: GET /r, items: ., match: {n: '{name}', v: '{value}'}, capture: {id: id}}\n"
	         "delete: {request: 'DELETE /r/{id}'}\nids: permanent\n";
#define R(id, name, v) "{\"id\":" id ",\"n\":\"" name "\",\"v\":\"" v "\"}"
	static const struct exchange two[] = {
	    {"GET https://api.test/r", 200,
	     "[" R("1", "_acme-challenge.example.test", W) "," R("2", "other.test", V) "," R(
	         "3", "_ACME-Challenge.Example.Test.",
	         "\\\"" V "\\\"") "," R("4", "_acme-challenge.example.test",
	                                V) "," R("5", "_acme-challenge.example.test",
	                                         "-KIT0FIRST_ABCDEFGHIJKLMNOPQRSTUVWXYZ_01234") "]"},
	    {"DELETE https://api.test/r/3", 200, "{}"},
	    {"DELETE https://api.test/r/4", 200, "{}"},
	    {0}};
	static const struct exchange late[] = {
	    {"GET https://api.test/r", 200, "[]"}, {"DELETE https://api.test/r/99", 404, "{}"}, {0}};
	static const struct exchange gone[] = {{"GET https://api.test/r", 200, "[]"}, {0}};
	struct world w;

	open_and_script(&w, yaml, two);
	assert_int_equal(world_del(&w, V, ""), DNSPROOF_OK);
	world_script(late);
	assert_int_equal(world_del(&w, V, "{\"id\":99}"), DNSPROOF_OK);
	world_script(gone);
	assert_int_equal(world_del(&w, V, "[]"), DNSPROOF_OK);
	world_script(gone);
	assert_int_equal(world_del(&w, V, "{bad"), DNSPROOF_OK);
	world_close(&w);
}

/* Names in either of two forms, values in base64. */
TEST(forms_of_names_and_values)
{
	static const char yaml[] = HEAD "add: {request: POST /r, text: '{value}'}\n"
	                                "find: {request: GET /r, items: ., match: {n: ['{name}', '{sub}'], "
	                                "v: '{value|base64}'}, capture: {id: id}}\n"
	                                "delete: {request: 'DELETE /r/{id}'}\n";
	static const struct exchange list[] = {
	    {"GET https://api.test/r", 200,
	     "[" R("1", "_acme-challenge", "b25l") "," R("2", "other", "dHdv") "," R(
	         "3", "_acme-challenge.example.test.", "dGhyZWU=") "]"},
	    {0}};
	struct world w;

	open_and_script(&w, yaml, list);
	assert_int_equal(world_list(&w), DNSPROOF_OK);
	assert_string_equal(w.values, "one\nthree\n");
	world_close(&w);
}

/* An earlier call ended before its commit. */
TEST(what_is_there_is_committed)
{
	static const char yaml[] =
	    HEAD "add: {request: POST /r, text: '{value}'}\n"
	         "find: {request: GET /r, items: ., match: {n: '{name}', v: '{value}'}, capture: {id: id}}\n"
	         "delete: {request: 'DELETE /r/{id}'}\n"
	         "commit: [{request: POST /commit}, {request: POST /notify, optional: true}]\n";
	static const struct exchange there[] = {
	    {"GET https://api.test/r", 200, "[" R("1", "_acme-challenge.example.test", V) "]"},
	    {"POST https://api.test/commit", 200, "{}"},
	    {"POST https://api.test/notify", 500, "{}"},
	    {0}};
	struct world w;

	open_and_script(&w, yaml, there);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_close(&w);
}

TEST(a_list_of_ids)
{
	static const char yaml[] = HEAD "lookup: {request: GET /r, capture: {ids: .}}\n"
	                                "add: {request: POST /r, text: '{value}'}\n"
	                                "find: {request: 'GET /r/{item}', each: ids, match: {n: '{name}', v: "
	                                "'{value}'}, capture: {id: id}}\n"
	                                "delete: {request: 'DELETE /r/{id}'}\n";
	static const struct exchange two[] = {
	    {"GET https://api.test/r", 200, "[1,2,3]"},
	    {"GET https://api.test/r/1", 200, R("1", "_acme-challenge.example.test", V)},
	    {"GET https://api.test/r/2", 404, "{}"},
	    {"GET https://api.test/r/3", 200, R("3", "_acme-challenge.example.test", W)},
	    {"DELETE https://api.test/r/1", 204, ""},
	    {0}};
	static const struct exchange none[] = {
	    {"GET https://api.test/r", 200, "[]"},
	    {"POST https://api.test/r\ntext/plain; charset=utf-8\n\n" V, 200, ""},
	    {0}};
	struct world w;

	open_and_script(&w, yaml, two);
	assert_int_equal(world_del(&w, V, ""), DNSPROOF_OK);
	world_script(none);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_close(&w);
}

TEST(numbered_parameters)
{
	static const char yaml[] = HEAD "rrset:\n"
	                                "  get: {request: GET /g}\n"
	                                "  values: v\n  read_back: false\n"
	                                "  replace: {request: GET /set, query: {a: b, $each: items, as: "
	                                "{'v[{item_index|plus:1}]': '{item}'}}}\n";
	static const struct exchange script[] = {
	    {"GET https://api.test/g", 200, "{\"v\":[\"x y\"]}"},
	    {"GET https://api.test/set?a=b&v%5B1%5D=x%20y&v%5B2%5D=" V, 200, "{}"},
	    {0}};
	struct world w;

	open_and_script(&w, yaml, script);
	assert_int_equal(world_add(&w, V), DNSPROOF_OK);
	world_close(&w);
}

TEST(an_unexpected_exists)
{
	static const char yaml[] =
	    HEAD "means: {exists: code == 7}\nadd: {request: POST /r, text: '{value}'}\n"
	         "find: {request: GET /r, items: d, match: {v: '{value}'}, capture: {id: i}}\n"
	         "delete: {request: 'DELETE /r/{id}'}\n";
	static const struct exchange script[] = {{"GET https://api.test/r", 200, "{\"code\":7}"}, {0}};
	struct world w;

	open_and_script(&w, yaml, script);
	assert_int_equal(world_add(&w, V), DNSPROOF_CONFLICT);
	world_close(&w);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
