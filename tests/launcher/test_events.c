#include "config.h"

#include "unit.h"
#include <unistd.h>

#include "common/mem.h"
#include "launcher/events.h"

static char path[2][32] = {"/tmp/dnsproof-out.XXXXXX", "/tmp/dnsproof-err.XXXXXX"};
static char text[2][100000];
static int kept[2];

static void capture(const json_t *event)
{
	for (int i = 0; i < 2; i++) {
		FILE *f = fopen(path[i], "w");
		fflush(NULL);
		kept[i] = dup(i + 1);
		dup2(fileno(f), i + 1);
		fclose(f);
	}
	events_show(event);
	fflush(NULL);
	for (int i = 0; i < 2; i++) {
		dup2(kept[i], i + 1);
		close(kept[i]);
		FILE *f = fopen(path[i], "r");
		size_t n = fread(text[i], 1, sizeof text[i] - 1, f);
		text[i][n] = '\0';
		fclose(f);
	}
}

static void show(bool json, unsigned verbose, const char *event)
{
	json_t *line = json_loads(event, 0, NULL);
	assert_non_null(line);
	events_open(json ? EVENTS_JSON : EVENTS_PLAIN, verbose);
	capture(line);
	json_decref(line);
}

TEST(levels_have_their_place)
{
	show(false, 0, "{\"event\":\"x\",\"level\":\"info\",\"message\":\"hello\"}");
	assert_string_equal(text[0], "hello\n");
	assert_string_equal(text[1], "");
	show(false, 0, "{\"event\":\"x\",\"level\":\"warn\",\"message\":\"hello\"}");
	assert_string_equal(text[0], "");
	assert_string_equal(text[1], "warning: hello\n");
	show(false, 0, "{\"event\":\"x\",\"level\":\"error\",\"message\":\"hello\"}");
	assert_string_equal(text[1], "error: hello\n");
	show(false, 0, "{\"event\":\"x\",\"level\":\"debug\",\"message\":\"hello\"}");
	assert_string_equal(text[0], "");
	show(false, 1, "{\"event\":\"x\",\"level\":\"debug\",\"message\":\"hello\"}");
	assert_string_equal(text[0], "debug: hello\n");
	show(false, 0, "{\"event\":\"x\",\"level\":7,\"message\":[]}");
	assert_string_equal(text[0], "");
}

TEST(hostile_text_is_tamed)
{
	show(false, 0, "{\"event\":\"x\",\"message\":\"a\\u001b]0;x\\u0007b\\rc\\u009bd\\u0085\"}");
	for (const char *c = text[0]; *c != '\n'; c++)
		assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
	assert_null(strstr(text[0], "\xc2\x9b"));
	show(false, 0, "{\"event\":\"x\",\"message\":\"fine\\nerror: forged\\n\"}");
	assert_string_equal(text[0], "fine\n  error: forged\n");
}

TEST(json_is_one_line)
{
	show(true, 0,
	     "{\"owner\":\"x\",\"event\":\"e\\n\",\"level\":\"error\",\"message\":\"a\\nb\\u001b\\u2028\"}");
	assert_string_equal(text[1], "");
	assert_ptr_equal(strchr(text[0], '\n'), text[0] + strlen(text[0]) - 1);
	for (const char *c = text[0]; *c != '\n'; c++)
		assert_true(*c >= 0x20 && *c < 0x7f);
	json_t *line = json_loads(text[0], 0, NULL);
	assert_string_equal(json_string_value(json_object_get(line, "message")), "a\nb\x1b\xe2\x80\xa8");
	assert_string_equal(json_string_value(json_object_get(line, "level")), "error");
	assert_string_equal(json_string_value(json_object_get(line, "owner")), "x");
	assert_int_equal(strlen(json_string_value(json_object_get(line, "time"))), 24);
	json_decref(line);
}

TEST(the_matrix_is_a_table)
{
	const char *event =
	    "{\"event\":\"matrix\",\"level\":\"debug\",\"message\":\"m\",\"matrix\":["
	    "{\"server\":\"ns1.test\",\"address\":\"192.0.2.1\",\"rcode\":\"NOERROR\",\"seen\":2,\"serial\":"
	    "7,"
	    "\"rtt_ms\":3,\"state\":\"good\"},"
	    "{\"server\":\"n\\u001b2\",\"address\":\"2001:db8::1\",\"seen\":true,\"state\":{}},\"junk\"]}";
	show(false, 0, event);
	assert_string_equal(text[0], "");
	show(false, 1, event);
	assert_string_equal(text[0], "debug: m\n"
	                             "  server    address      answer   seen  serial  ms  state\n"
	                             "  ns1.test  192.0.2.1    NOERROR  2     7       3   good\n"
	                             "  n?2       2001:db8::1  -        yes   -       -   -\n"
	                             "  -         -            -        -     -       -   -\n");
}

TEST(long_text_is_cut)
{
	char *large = xcalloc(1, 200001);
	memset(large, 'x', 200000);
	json_t *line = json_pack("{s:s, s:s}", "event", "x", "message", large);
	events_open(EVENTS_PLAIN, 0);
	capture(line);
	assert_true(strlen(text[0]) < 40000);
	json_decref(line);
	free(large);
}

static int set_up(void **unused)
{
	for (int i = 0; i < 2; i++)
		close(mkstemp(path[i]));
	return 0;
}

static int tear_down(void **unused)
{
	unlink(path[0]);
	unlink(path[1]);
	return 0;
}

int main(void)
{
	return unit_run(set_up, tear_down);
}
