/* Built twice: with the real loop, and with FAKE_LOOP and a clock that jumps when nothing is ready.
 */
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "common/mem.h"
#include "engine/dns/ask.h"
#include "responder.h"
#ifdef FAKE_LOOP
#include "fake_loop.h"
#endif

#define NAME "_acme-challenge.www.some-name-with-letters.test"

struct bench {
	struct loop *loop;
	struct ask *ask;
	struct responder *peer;
	unsigned wanted, told;
	enum ask_result result;
	bool tcp, truncated;
	unsigned rcode;
	char text[32];
	uint64_t began, took;
	struct loop_timer *watchdog;
};

static void watchdog_bark(void *arg)
{
	fail_msg("no answer within 20 s");
}

static void bench_open(struct bench *b, enum habit habit)
{
	*b = (struct bench){.loop = loop_new()};
#ifdef FAKE_LOOP
	fake_loop_patience(b->loop, 20);
#endif
	b->ask = ask_new(b->loop);
	b->peer = responder_new(b->loop, habit);
	b->watchdog = loop_timer_new(b->loop, watchdog_bark, b);
	loop_timer_set(b->watchdog, 20000);
}

static void bench_close(struct bench *b)
{
	ask_free(b->ask);
	loop_timer_free(b->watchdog);
	responder_free(b->peer);
#ifdef FAKE_LOOP
	assert_int_equal(fake_loop_watchers(b->loop), 0);
#endif
	loop_free(b->loop);
}

static void told(void *arg, const struct ask_answer *answer)
{
	struct bench *b = arg;
	const struct dns_message *m = answer->message;

	b->result = answer->result;
	b->tcp = answer->tcp;
	assert_true((m != NULL) == (answer->result == ASK_ANSWER));
	if (m != NULL) {
		b->rcode = m->rcode;
		snprintf(b->text, sizeof(b->text), "%s", m->answer.n == 1 ? m->answer.at[0].text : "");
		if (m->qname != NULL)
			assert_string_equal(m->qname, NAME);
	}
	if (++b->told == b->wanted)
		loop_stop(b->loop);
}

static void bench_ask_at(struct bench *b, const struct sockaddr_storage *address)
{
	b->wanted++;
	b->began = loop_now(b->loop);
	ask_send(b->ask, address, NAME, DNS_TXT, told, b);
	assert_int_equal(b->told, b->wanted - 1);
	loop_run(b->loop);
	b->took = loop_now(b->loop) - b->began;
}

static void bench_ask(struct bench *b)
{
	bench_ask_at(b, responder_address(b->peer));
}

static void assert_hello(const struct bench *b, bool tcp)
{
	assert_int_equal(b->result, ASK_ANSWER);
	assert_int_equal(b->tcp, tcp);
	assert_int_equal(b->rcode, DNS_NOERROR);
	assert_string_equal(b->text, "hello");
}

TEST(test_plain)
{
	struct bench b;
	const uint8_t *q;
	unsigned upper = 0;

	bench_open(&b, HABIT_NONE);
	for (int i = 0; i < 4; i++)
		bench_ask(&b);
	assert_hello(&b, false);
	assert_int_equal(responder_udp(b.peer), 4);
	assert_int_equal(responder_tcp(b.peer), 0);
	q = responder_last(b.peer);
	assert_int_equal(q[2], 0); /* RD and all else unset */
	assert_int_equal(q[11], 1);
	for (size_t i = 12; q[i] != 0; i++)
		upper += q[i] >= 'A' && q[i] <= 'Z';
	assert_in_range(upper, 1, 40);
	bench_close(&b);
}

TEST(test_truncated)
{
	struct bench b;

	bench_open(&b, HABIT_TRUNCATE);
	bench_ask(&b);
	assert_hello(&b, true);
	assert_int_equal(responder_udp(b.peer), 1);
	assert_true(b.took < 900);
	bench_close(&b);
}

TEST(test_truncated_cut)
{
	struct bench b;

	bench_open(&b, HABIT_TRUNCATE_CUT);
	bench_ask(&b);
	assert_int_equal(b.result, ASK_CLOSED);
	assert_int_equal(responder_udp(b.peer), 2);
	assert_true(b.took >= 990 && b.took < 3000);
	bench_close(&b);
}

#ifdef FAKE_LOOP /* else it takes five seconds */
TEST(test_truncated_half)
{
	struct bench b;

	bench_open(&b, HABIT_TRUNCATE_HALF);
	bench_ask(&b);
	assert_int_equal(b.result, ASK_SILENT);
	assert_true(b.took >= 4990 && b.took < 7000);
	bench_close(&b);
}
#endif

TEST(test_wrong_first)
{
	struct bench b;

	bench_open(&b, HABIT_WRONG_FIRST);
	bench_ask(&b);
	assert_hello(&b, false);
	assert_int_equal(responder_udp(b.peer), 1);
	bench_close(&b);
}

#ifdef FAKE_LOOP /* else it takes five seconds */
TEST(test_wrong_id)
{
	struct bench b;

	bench_open(&b, HABIT_WRONG_ID);
	responder_close_tcp(b.peer);
	bench_ask(&b);
	assert_int_equal(b.result, ASK_GARBLED);
	assert_int_equal(responder_udp(b.peer), 2);
	assert_true(b.took >= 4990);
	bench_close(&b);
}
#endif

TEST(test_lower_case)
{
	struct bench b;
	const enum habit habits[] = {HABIT_LOWER_CASE, HABIT_OTHER_CASE};

	for (size_t i = 0; i < 2; i++) {
		bench_open(&b, habits[i]);
		bench_ask(&b);
		assert_hello(&b, true);
		assert_int_equal(responder_udp(b.peer), 1);
		assert_true(b.took < 900);
		bench_close(&b);
	}
}

TEST(test_without_edns)
{
	struct bench b;
	const enum habit habits[] = {HABIT_NO_EDNS, HABIT_NOTIMP_EDNS};

	for (size_t i = 0; i < 2; i++) {
		bench_open(&b, habits[i]);
		bench_ask(&b);
		assert_hello(&b, false);
		assert_int_equal(responder_udp(b.peer), 2);
		assert_int_equal(responder_last(b.peer)[11], 0);
		assert_true(b.took < 900);
		bench_close(&b);
	}
}

TEST(test_formerr_always)
{
	struct bench b;

	bench_open(&b, HABIT_NEVER_EDNS);
	bench_ask(&b);
	assert_int_equal(b.result, ASK_ANSWER);
	assert_int_equal(b.rcode, DNS_FORMERR);
	assert_int_equal(responder_udp(b.peer), 2);
	bench_close(&b);
}

TEST(test_silent)
{
	struct bench b;

	bench_open(&b, HABIT_SILENT);
	bench_ask(&b);
	assert_int_equal(b.result, ASK_SILENT);
	assert_int_equal(responder_udp(b.peer), 2);
	assert_int_equal(responder_tcp(b.peer), 1);
	assert_true(b.took >= 4990 && b.took < 7000);
	bench_close(&b);
}

TEST(test_silent_udp)
{
	struct bench b;

	bench_open(&b, HABIT_SILENT_UDP);
	bench_ask(&b);
	assert_hello(&b, true);
	assert_true(b.took >= 990 && b.took < 3000);
	bench_close(&b);
}

TEST(test_first_lost)
{
	struct bench b;

	bench_open(&b, HABIT_LOSE_FIRST);
	responder_close_tcp(b.peer);
	bench_ask(&b);
	assert_hello(&b, false);
	assert_int_equal(responder_udp(b.peer), 2);
	assert_true(b.took >= 990 && b.took < 3000);
	bench_close(&b);
}

TEST(test_closed)
{
	struct bench b;
	struct sockaddr_storage gone;
	struct responder *other;

	bench_open(&b, HABIT_NONE);
	other = responder_new(b.loop, HABIT_NONE);
	gone = *responder_address(other);
	responder_free(other);
	bench_ask_at(&b, &gone);
	assert_int_equal(b.result, ASK_CLOSED);
	assert_true(b.took >= 990 && b.took < 3000);
	bench_close(&b);
}

TEST(test_no_route)
{
	struct bench b;
	struct sockaddr_storage nowhere = {0};
	struct sockaddr_in *in = (struct sockaddr_in *)&nowhere;

	bench_open(&b, HABIT_NONE);
	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(INADDR_BROADCAST); /* refused by the kernel, on every machine */
	bench_ask_at(&b, &nowhere);
	assert_int_equal(b.result, ASK_NO_ROUTE);
	assert_true(b.took < 900);
	bench_close(&b);
}

TEST(test_three_hundred)
{
	struct bench b;

	bench_open(&b, HABIT_HOLD);
	b.wanted = 700;
	for (unsigned i = 0; i < b.wanted; i++)
		ask_send(b.ask, responder_address(b.peer), NAME, DNS_TXT, told, &b);
#ifdef FAKE_LOOP
	while (fake_loop_turn(b.loop))
		;
	assert_int_equal(responder_udp(b.peer), 300);
#endif
	responder_release(b.peer);
	loop_run(b.loop);
	assert_int_equal(b.told, 700);
	assert_hello(&b, false);
	bench_close(&b);
}

static void never(void *arg, const struct ask_answer *answer)
{
	fail_msg("a cancelled question was answered");
}

TEST(test_cancel)
{
	struct bench b;
	struct ask_query *q[310];

	bench_open(&b, HABIT_NONE);
	for (size_t i = 0; i < 310; i++)
		q[i] = ask_send(b.ask, responder_address(b.peer), NAME, DNS_TXT, never, NULL);
	for (size_t i = 310; i-- > 0;)
		ask_cancel(q[i]);
	bench_ask(&b);
	assert_hello(&b, false);
	ask_send(b.ask, responder_address(b.peer), NAME, DNS_TXT, never, NULL);
	bench_close(&b);
}

TEST(test_texts)
{
	struct sockaddr_storage address = {0};
	struct sockaddr_in *in = (struct sockaddr_in *)&address;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address;
	char text[64];

	in->sin_family = AF_INET;
	inet_pton(AF_INET, "192.0.2.1", &in->sin_addr);
	assert_string_equal(ask_server_text(&address, text), "192.0.2.1");
	in->sin_port = htons(53);
	assert_string_equal(ask_server_text(&address, text), "192.0.2.1");
	in->sin_port = htons(5353);
	assert_string_equal(ask_server_text(&address, text), "192.0.2.1#5353");
	memset(&address, 0, sizeof(address));
	in6->sin6_family = AF_INET6;
	inet_pton(AF_INET6, "2001:db8::1", &in6->sin6_addr);
	in6->sin6_port = htons(53);
	assert_string_equal(ask_server_text(&address, text), "2001:db8::1");
	assert_string_equal(ask_result_text(ASK_SILENT), "timed out");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
