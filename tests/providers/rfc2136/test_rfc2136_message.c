#include "message.h"

#include "unit.h"

#define NAME "_acme-challenge.example.com"

/* The answer to TXT _acme-challenge.example.com, id 7, aa: a CNAME of another owner, two TXT. */
static const uint8_t txt_reply[] = "\0\7\x84\0\0\1\0\3\0\0\0\0"
                                   "\17_acme-challenge\7example\3com\0\0\x10\0\1"
                                   "\xc0\x1c\0\5\0\1\0\0\0\5\0\2\xc0\x1c"
                                   "\xc0\x0c\0\x10\0\1\0\0\0\5\0\4\3abc"
                                   "\xc0\x0c\0\x10\0\1\0\0\0\5\0\6\1d\3efg";

static const uint8_t cname_reply[] = "\0\7\x84\0\0\1\0\2\0\0\0\0"
                                     "\17_acme-challenge\7example\3com\0\0\x10\0\1"
                                     "\xc0\x0c\0\5\0\1\0\0\0\5\0\4\1x\xc0\x1c"
                                     "\1X\xc0\x1c\0\x10\0\1\0\0\0\5\0\4\3abc";

struct seen {
	char text[64];
	size_t n;
};

static bool value_note(void *arg, const char *value, size_t length)
{
	struct seen *s = arg;

	assert_true(s->n + length + 1 < sizeof(s->text));
	memcpy(s->text + s->n, value, length);
	s->n += length;
	s->text[s->n++] = ' ';
	s->text[s->n] = '\0';
	return true;
}

static struct reply *parsed(const uint8_t *octets, size_t length)
{
	struct reply *r = reply_parse(octets, length);

	assert_non_null(r);
	return r;
}

TEST(test_update)
{
	struct update *u = update_new("example.com");
	struct message m;

	assert_true(update_demand(u, NAME, "a"));
	assert_true(update_add(u, NAME, "-b", 60));
	assert_true(update_del(u, NAME, "c"));
	assert_true(update_message(u, 0xbeef, 100, &m));
	static const uint8_t expected[] = "\xbe\xef\x28\0\0\1\0\1\0\2\0\0"
	                                  "\7example\3com\0\0\6\0\1"
	                                  "\17_acme-challenge\xc0\x0c\0\x10\0\1\0\0\0\0\0\2\1a"
	                                  "\xc0\x1d\0\x10\0\1\0\0\0\x3c\0\3\2-b"
	                                  "\xc0\x1d\0\x10\0\xfe\0\0\0\0\0\2\1c";
	assert_int_equal(m.length, sizeof(expected) - 1);
	assert_memory_equal(m.octets, expected, m.length);
	assert_int_equal(m.room, m.length + 100);
	message_clear(&m);
	update_free(u);
}

TEST(test_long_value)
{
	struct update *u = update_new("example.com");
	struct message m;
	char value[5001];

	memset(value, 'x', 300);
	value[300] = '\0';
	assert_true(update_add(u, NAME, value, 1));
	assert_true(update_message(u, 1, 0, &m));
	assert_int_equal(m.octets[m.length - 46], 45);
	message_clear(&m);
	memset(value, 'x', 5000);
	value[5000] = '\0';
	assert_false(update_add(u, NAME, value, 1));
	update_free(u);
}

TEST(test_bad_names)
{
	char name[400];
	struct message m;

	memset(name, 'a', 64);
	strcpy(name + 64, ".com");
	assert_null(update_new(name));
	assert_null(update_new("a..b"));
	for (size_t i = 0; i < 300; i++)
		name[i] = i % 50 == 49 ? '.' : 'a';
	strcpy(name + 300, "x");
	assert_null(update_new(name));
	assert_false(question_message(name, TYPE_TXT, 1, 0, &m));
	struct update *u = update_new("");
	assert_non_null(u);
	assert_false(update_add(u, name, "v", 1));
	update_free(u);
}

TEST(test_too_long)
{
	struct update *u = update_new("example.com");
	char value[4001];
	struct message m;

	memset(value, 'x', 4000);
	value[4000] = '\0';
	for (int i = 0; i < 20; i++)
		assert_true(update_add(u, NAME, value, 1));
	assert_false(update_message(u, 1, 0, &m));
	update_free(u);
}

TEST(test_values)
{
	struct reply *r = parsed(txt_reply, sizeof(txt_reply) - 1);
	struct seen seen = {0};
	char target[32];

	reply_values(r, NAME, value_note, &seen);
	assert_string_equal(seen.text, "abc defg ");
	assert_true(reply_has_value(r, "_ACME-challenge.Example.com", "defg"));
	assert_false(reply_has_value(r, NAME, "efg"));
	assert_false(reply_has_value(r, "example.com", "abc"));
	assert_false(reply_alias(r, NAME, target, sizeof(target)));
	assert_true(reply_authoritative(r));
	assert_false(reply_has_zone(r, "example.com"));
	reply_free(r);
}

TEST(test_alias)
{
	struct reply *r = parsed(cname_reply, sizeof(cname_reply) - 1);
	char target[32];

	assert_true(reply_alias(r, NAME, target, sizeof(target)));
	assert_string_equal(target, "x.example.com");
	assert_false(reply_has_value(r, NAME, "abc"));
	assert_true(reply_has_value(r, "x.example.com", "abc"));
	reply_free(r);
}

static bool belongs(const uint8_t *octets, size_t length, const struct message *m, size_t at, uint8_t octet)
{
	uint8_t copy[256];

	memcpy(copy, octets, length);
	copy[at] = octet;
	struct reply *r = parsed(copy, length);
	bool answers = reply_answers(r, m);
	reply_free(r);
	return answers;
}

TEST(test_answers)
{
	const size_t n = sizeof(txt_reply) - 1;
	struct message m;

	assert_true(question_message(NAME, TYPE_TXT, 7, 0, &m));
	assert_true(belongs(txt_reply, n, &m, 1, 7));
	assert_false(belongs(txt_reply, n, &m, 1, 8));       /* id */
	assert_false(belongs(txt_reply, n, &m, 2, 0x04));    /* a question */
	assert_false(belongs(txt_reply, n, &m, 2, 0xac));    /* an update */
	assert_false(belongs(txt_reply, n, &m, 2, 0x86));    /* cut short */
	assert_false(belongs(txt_reply, n, &m, 13, 'x'));    /* another name */
	assert_true(belongs(txt_reply, n, &m, 14, 'A'));     /* another case */
	assert_false(belongs(txt_reply, n, &m, 42, 16 + 1)); /* another type */
	message_clear(&m);
	assert_true(question_message(NAME, TYPE_SOA, 7, 0, &m));
	assert_false(belongs(txt_reply, n, &m, 1, 7));
	message_clear(&m);
}

/* Cut or changed anywhere: no crash, nothing read beside it. */
TEST(test_hostile)
{
	const size_t n = sizeof(txt_reply) - 1;
	char target[64];

	for (size_t cut = 0; cut <= n; cut++) {
		uint8_t *copy = malloc(cut ? cut : 1);
		for (unsigned with = 0; with < 256 && cut == n; with++) {
			for (size_t i = 0; i < n; i++) {
				memcpy(copy, txt_reply, n);
				copy[i] = (uint8_t)with;
				struct reply *r = reply_parse(copy, n);
				if (r) {
					reply_has_value(r, NAME, "abc");
					reply_alias(r, NAME, target, sizeof(target));
				}
				reply_free(r);
			}
		}
		memcpy(copy, txt_reply, cut);
		struct reply *r = reply_parse(copy, cut);
		assert_int_equal(r != NULL, cut == n);
		reply_free(r);
		free(copy);
	}
}

TEST(test_rcode_names)
{
	assert_string_equal(rcode_name(RCODE_REFUSED), "REFUSED");
	assert_string_equal(rcode_name(RCODE_NOTZONE), "NOTZONE");
	assert_string_equal(rcode_name(15), "rcode 15");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
