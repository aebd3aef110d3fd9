#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "responder/rate.h"
#include "responder/tell.h"
#include "world.h"

static struct spot spot_of(const struct authority *a, const char *text)
{
	struct name n;
	struct spot s;

	assert_true(name_from_text(&n, text));
	table_find(a->table, &n, &s);
	return s;
}

TEST(test_names)
{
	static const char *const wrong[] = {"a..b", ".", "a..", ".a", "a b", "a\\032b", "\x80.b"};
	struct name n, zone;
	char text[NAME_MOST + 1];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(name_from_text(&n, wrong[i]), strcmp(wrong[i], ".") == 0);
	assert_true(name_from_text(&n, ""));
	assert_int_equal(n.length, 1);
	assert_true(name_from_text(&n, "A.bC."));
	name_to_text(&n, text);
	assert_string_equal(text, "a.bc");
	assert_true(name_from_text(&zone, "bc"));
	assert_true(name_within(&n, &zone));
	assert_false(name_within(&zone, &n));
	assert_true(name_from_text(&zone, "c"));
	assert_false(name_within(&n, &zone));
	assert_true(name_from_text(&zone, ""));
	assert_true(name_within(&n, &zone));
	assert_true(name_within(&zone, &zone));
	assert_false(name_from_wire(&n,
	                            (const uint8_t *)"\x40"
	                                             "x",
	                            3));
	assert_false(name_from_wire(&n, (const uint8_t *)"\x01", 1));
	assert_false(name_from_wire(&n, (const uint8_t *)"\x01x", 2));
}

TEST(test_add_and_del)
{
	char value[VALUE_LENGTH + 1];
	struct authority a;
	struct name n;

	world_make(&a, false);
	uint32_t serial = table_serial(a.table);
	assert_false(spot_of(&a, "x.y.sa.test").exists);
	world_put(&a, "x.y.sa.test", 1);
	world_put(&a, "x.y.sa.test", 1);
	world_put(&a, "x.y.sa.test", 2);
	assert_int_equal(spot_of(&a, "x.y.sa.test").values, 2);
	assert_true(spot_of(&a, "y.sa.test").exists);
	assert_true(table_serial(a.table) > serial);
	assert_true(name_from_text(&n, "x.y.sa.test"));
	for (unsigned i = 0; i < 3; i++) {
		snprintf(value, sizeof(value), "%043u", i);
		assert_int_equal(table_del(a.table, &n, value), TABLE_OK);
	}
	assert_false(spot_of(&a, "x.y.sa.test").exists);
	assert_false(spot_of(&a, "y.sa.test").exists);
	assert_true(spot_of(&a, "sa.test").exists);
	assert_true(spot_of(&a, "ns.sa.test").own);
	assert_true(name_from_text(&n, "x.other.test"));
	assert_int_equal(table_add(a.table, &n, value, 1), TABLE_NOT_SERVED);
	assert_false(spot_of(&a, "other.test").served);
	world_free(&a);
}

TEST(test_many)
{
	struct authority a;
	char text[64];

	world_make(&a, false);
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "_acme-challenge.n%u.sa.test", i);
		world_put(&a, text, i);
	}
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "_acme-challenge.n%u.sa.test", i);
		assert_int_equal(spot_of(&a, text).values, 1);
	}
	for (unsigned i = 0; i < VALUES_MOST; i++)
		world_put(&a, "full.sa.test", i);
	struct name n;
	assert_true(name_from_text(&n, "full.sa.test"));
	assert_int_equal(table_add(a.table, &n, "0123456789012345678901234567890123456789abc", 1),
	                 TABLE_FULL);
	assert_int_equal(spot_of(&a, "full.sa.test").values, VALUES_MOST);
	world_free(&a);
}

static void told(struct authority *a, const char *request, const char *rc)
{
	json_t *r = json_loads(request, 0, NULL), *answer;

	assert_non_null(r);
	answer = tell_answer(a, r);
	if (strcmp(json_string_value(json_object_get(answer, "rc")), rc) != 0)
		fail_msg("%s: %s", request, json_string_value(json_object_get(answer, "rc")));
	json_decref(answer);
	json_decref(r);
}

#define VALUE "0123456789012345678901234567890123456789_-x"

TEST(test_tell)
{
	struct authority a;

	world_make(&a, false);
	told(&a,
	     "{\"op\":\"add\",\"zone\":\"sa.test\",\"name\":\"a.sa.test\",\"value\":\"" VALUE "\",\"ttl\":9}",
	     "ok");
	assert_int_equal(spot_of(&a, "a.sa.test").value->ttl, 9);
	told(&a, "{\"op\":\"list\",\"zone\":\"sa.test\",\"name\":\"a.sa.test\"}", "ok");
	told(&a, "{\"op\":\"list\",\"zone\":\"other.test\",\"name\":\"a.other.test\"}", "nozone");
	told(&a, "{\"op\":\"add\",\"zone\":\"test\",\"name\":\"a.sa.test\",\"value\":\"" VALUE "\"}",
	     "nozone");
	told(&a, "{\"op\":\"add\",\"zone\":\"sa.test\",\"name\":\"a.other.test\",\"value\":\"" VALUE "\"}",
	     "invalid");
	told(&a, "{\"op\":\"add\",\"zone\":\"sa.test\",\"name\":\"a.sa.test\",\"value\":\"short\"}",
	     "invalid");
	told(&a, "{\"op\":\"add\",\"zone\":\"sa.test\",\"name\":\"a.sa.test\",\"value\":7}", "invalid");
	told(&a, "{\"op\":\"del\",\"zone\":\"other.test\",\"name\":\"a.other.test\",\"value\":\"" VALUE "\"}",
	     "ok");
	told(&a, "{\"op\":\"del\",\"zone\":\"sa.test\",\"name\":\"a.sa.test\",\"value\":\"" VALUE "\"}",
	     "ok");
	told(&a, "{\"op\":\"destroy\"}", "invalid");
	told(&a, "{}", "invalid");
	assert_false(spot_of(&a, "a.sa.test").exists);
	world_free(&a);
}

static struct sockaddr_storage from(const char *address)
{
	struct sockaddr_storage a = {0};

	if (inet_pton(AF_INET, address, &((struct sockaddr_in *)&a)->sin_addr) == 1)
		a.ss_family = AF_INET;
	else if (inet_pton(AF_INET6, address, &((struct sockaddr_in6 *)&a)->sin6_addr) == 1)
		a.ss_family = AF_INET6;
	else
		fail();
	return a;
}

TEST(test_networks)
{
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
	    {"192.0.2.1", "192.0.2.254", true},
	    {"192.0.2.1", "192.0.3.1", false},
	    {"192.0.2.1", "::ffff:192.0.2.9", true},
	    {"2001:db8:0:100::1", "2001:db8:0:1ff::2", true},
	    {"2001:db8:0:100::1", "2001:db8:0:200::1", false},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct sockaddr_storage a = from(pairs[i].a), b = from(pairs[i].b);
		assert_int_equal(rate_network(&a) == rate_network(&b), pairs[i].same);
	}
}

TEST(test_rate)
{
	struct sockaddr_storage a = from("192.0.2.1"), b = from("198.51.100.1");
	struct rate *r = rate_new(10, 1), *slipping = rate_new(1, 2), *none = rate_new(0, 1);

	for (int i = 0; i < 10; i++)
		assert_int_equal(rate_take(r, &a, 5000), RATE_ANSWER);
	assert_int_equal(rate_take(r, &a, 5000), RATE_BY_TCP); /* never dropped */
	assert_int_equal(rate_take(r, &a, 5099), RATE_BY_TCP);
	assert_int_equal(rate_take(r, &b, 5099), RATE_ANSWER);
	assert_int_equal(rate_take(r, &a, 5100), RATE_ANSWER);
	assert_int_equal(rate_take(r, &a, 5100), RATE_BY_TCP);
	for (int i = 0; i < 10; i++)
		assert_int_equal(rate_take(r, &a, 100000), RATE_ANSWER);
	assert_int_equal(rate_take(r, &a, 100000), RATE_BY_TCP);
	assert_int_equal(rate_take(slipping, &a, 0), RATE_ANSWER);
	assert_int_equal(rate_take(slipping, &a, 0), RATE_DROP);
	assert_int_equal(rate_take(slipping, &a, 0), RATE_BY_TCP);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(rate_take(none, &a, 0), RATE_ANSWER);
	rate_free(r);
	rate_free(slipping);
	rate_free(none);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
