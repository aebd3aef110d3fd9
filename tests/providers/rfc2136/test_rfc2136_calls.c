/* The calls of the module against a server of ours that misbehaves in a chosen way. */
#include <provider.h>

#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ZONE  "example.com"
#define NAME  "_acme-challenge.example.com"
#define VALUE "VIhlObU14SszuGiJjYEkSCWza9-X-UFUuzGh1QsiYcU"
#define KEY   "k:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

enum mode {
	WELL,           /* the value is there when asked */
	MISSING,        /* takes the update, shows nothing */
	ALIAS,          /* takes it, shows a CNAME */
	NO_AUTHORITY,   /* takes it, answers without AA */
	CLOSES_AFTER,   /* closes the connection after every answer to a question */
	CLOSES_AT_ONCE, /* closes every connection without an answer */
	SILENT,
	HALF, /* announces 65535 octets and sends 10 */
	OTHER_ID,
	NO_REPLY_BIT,
	SHORT,   /* a message of 3 octets */
	ECHOES,  /* our own message with the reply bit: our MAC, not an answer's */
	REFUSES, /* everything */
	SERVER_FAILS,
	NOT_IMPLEMENTED,
	BACKWARDS,    /* collects three messages and answers the last first */
	PREREQUISITE, /* NXRRSET to updates */
	STRANGER,     /* as WELL, beside a value of others with TTL 5: takes no other TTL */
	ALONE,        /* as WELL: takes no TTL but 60 */
};

struct server {
	pid_t pid;
	unsigned port;
};

static char told[2048];

static bool read_all(int fd, uint8_t *to, size_t n)
{
	while (n > 0) {
		ssize_t got = read(fd, to, n);
		if (got <= 0)
			return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

static size_t message_read(int fd, uint8_t *m)
{
	uint8_t prefix[2];

	if (!read_all(fd, prefix, 2))
		return 0;
	size_t n = (size_t)(prefix[0] << 8 | prefix[1]);
	return read_all(fd, m, n) ? n : 0;
}

static void message_write(int fd, const uint8_t *m, size_t n, size_t announced)
{
	uint8_t all[2048] = {(uint8_t)(announced >> 8), (uint8_t)announced};

	memcpy(all + 2, m, n);
	if (send(fd, all, n + 2, MSG_NOSIGNAL) < 0)
		_exit(0);
}

static size_t question_end(const uint8_t *m)
{
	size_t at = 12;

	while (m[at] != 0)
		at += m[at] + 1u;
	return at + 5;
}

static size_t append(uint8_t *m, size_t n, const char *octets, size_t length)
{
	memcpy(m + n, octets, length);
	m[7]++;
	return n + length;
}

/* Makes the answer of `m` in place. */
static size_t answer(enum mode mode, uint8_t *m)
{
	static const char txt[] = "\xc0\x0c\0\x10\0\1\0\0\0\5\0\x2c\x2b" VALUE;
	static const char other[] = "\xc0\x0c\0\x10\0\1\0\0\0\5\0\5\4else";
	static const char cname[] = "\xc0\x0c\0\5\0\1\0\0\0\5\0\2\xc0\x1c";
	static const char soa[] = "\xc0\x0c\0\6\0\1\0\0\0\5\0\x18\xc0\x0c\xc0\x0c"
	                          "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1";
	bool update = (m[2] & 0x78) == 0x28;
	size_t n = question_end(m);
	bool zone = m[n - 3] == 6;

	m[2] |= 0x80;
	m[3] = 0;
	if (mode == OTHER_ID)
		m[1]++;
	if (mode == NO_REPLY_BIT)
		m[2] &= 0x7f;
	if (mode == REFUSES || (mode == NOT_IMPLEMENTED && update) || mode == SERVER_FAILS)
		m[3] = mode == REFUSES ? 5 : mode == SERVER_FAILS ? 2 : 4;
	if (update && (mode == PREREQUISITE || mode == BACKWARDS))
		m[3] = 8;
	memset(m + 6, 0, 6);
	if (update)
		return n;
	if (mode != NO_AUTHORITY)
		m[2] |= 4;
	if (mode == STRANGER)
		n = append(m, n, other, sizeof(other) - 1);
	if (zone)
		return append(m, n, soa, sizeof(soa) - 1);
	if (mode == WELL || mode == CLOSES_AFTER || mode == STRANGER || mode == ALONE)
		return append(m, n, txt, sizeof(txt) - 1);
	return mode == ALIAS && m[13] == '_' ? append(m, n, cname, sizeof(cname) - 1)
	                                     : n; /* not made by a wildcard */
}

static void backwards(int fd)
{
	uint8_t m[3][2048];

	for (int i = 0; i < 3; i++)
		if (message_read(fd, m[i]) == 0)
			return;
	for (int i = 2; i >= 0; i--) {
		size_t n = answer(BACKWARDS, m[i]);
		message_write(fd, m[i], n, n);
	}
}

/* The last record of an update is the added value: 43 octets after TTL and three lengths. */
static bool ttl_is_right(enum mode mode, const uint8_t *m, size_t n)
{
	static const uint8_t five[] = {0, 0, 0, 5}, sixty[] = {0, 0, 0, 60};

	return memcmp(m + n - 50, mode == ALONE ? sixty : five, 4) == 0;
}

static void serve(enum mode mode, int fd)
{
	uint8_t m[4096];
	size_t n;

	if (mode == BACKWARDS)
		backwards(fd);
	while (mode != CLOSES_AT_ONCE && (n = message_read(fd, m)) > 0) {
		bool update = (m[2] & 0x78) == 0x28;
		if (mode == SILENT)
			continue;
		if (mode == ECHOES)
			m[2] |= 0x80;
		else if (update && (mode == STRANGER || mode == ALONE) && !ttl_is_right(mode, m, n))
			n = answer(SERVER_FAILS, m);
		else
			n = answer(mode, m);
		if (mode == SHORT)
			n = 3;
		message_write(fd, m, mode == HALF ? 10 : n, mode == HALF ? 65535 : n);
		if (mode == CLOSES_AFTER && !update)
			break;
	}
	shutdown(fd, SHUT_WR);
	while (read(fd, m, sizeof(m)) > 0)
		;
}

static const char *only_from; /* the server serves no other address; NULL: all */

static bool is_served(const struct sockaddr_in *from)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &from->sin_addr, text, sizeof(text));
	return !only_from || strcmp(text, only_from) == 0;
}

static struct server server_start(enum mode mode)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(a);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&a, &length), 0);
	struct server s = {.pid = fork(), .port = ntohs(a.sin_port)};
	assert_true(s.pid >= 0);
	if (s.pid == 0) {
		alarm(30); /* also if the test dies */
		for (;;) {
			struct sockaddr_in from = {.sin_family = AF_INET};
			socklen_t room = sizeof(from);
			int fd = accept(listener, (struct sockaddr *)&from, &room);
			if (is_served(&from))
				serve(mode, fd);
			close(fd);
		}
	}
	close(listener);
	return s;
}

static void server_stop(struct server *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
}

static enum dnsproof_rc note(const struct dnsproof_call *call, enum dnsproof_rc rc, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(told, sizeof(told), format, arguments);
	va_end(arguments);
	return rc;
}

static const struct dnsproof_host host = {.size = sizeof(host), .fail = note};

static struct dnsproof_call call_make(size_t size, json_t *options, void *self, unsigned ms)
{
	told[0] = '\0';
	return (struct dnsproof_call){
	    .size = size, .host = &host, .options = options, .self = self, .ms_left = ms};
}

struct session {
	struct server server;
	json_t *options;
	void *self;
};

/* options: stolen */
static struct session session_open_with(enum mode mode, json_t *options)
{
	struct session s = {.server = server_start(mode), .options = options};
	char server[64];

	snprintf(server, sizeof(server), "127.0.0.1#%u", s.server.port);
	json_object_set_new(s.options, "server", json_string(server));
	struct dnsproof_open_call c = {.call = call_make(sizeof(c), s.options, NULL, 1000)};
	assert_int_equal(dnsproof_provider.open(&c), DNSPROOF_OK);
	s.self = c.call.self;
	return s;
}

static struct session session_open(enum mode mode, const char *key)
{
	return session_open_with(mode, json_pack("{s:s*}", "key", key));
}

static void session_close(struct session *s)
{
	struct dnsproof_call c = call_make(sizeof(c), s->options, s->self, 1000);

	dnsproof_provider.close(&c);
	json_decref(s->options);
	server_stop(&s->server);
}

static enum dnsproof_rc change(struct session *s, bool del, unsigned ms)
{
	struct dnsproof_txt txt = {ZONE, NAME, "_acme-challenge", VALUE, 60, ""};
	struct dnsproof_txt_call c = {.call = call_make(sizeof(c), s->options, s->self, ms), .txt = &txt};

	return del ? dnsproof_provider.del(&c) : dnsproof_provider.add(&c);
}

static enum dnsproof_rc check(struct session *s)
{
	struct dnsproof_check_call c = {
	    .call = call_make(sizeof(c), s->options, s->self, 2000), .zone = ZONE, .name = NAME};

	return dnsproof_provider.check(&c);
}

static void expect_told(const char *words)
{
	if (!strstr(told, words))
		fail_msg("told '%s', not '%s'", told, words);
}

static void expect_add(enum mode mode, const char *key, enum dnsproof_rc rc, const char *words)
{
	struct session s = session_open(mode, key);

	assert_int_equal(change(&s, false, 2000), rc);
	expect_told(words);
	session_close(&s);
}

TEST(test_add)
{
	expect_add(WELL, NULL, DNSPROOF_OK, "");
	expect_add(MISSING, NULL, DNSPROOF_TEMP, "is not there");
	expect_add(ALIAS, NULL, DNSPROOF_INVALID, "is a CNAME to example.com");
	expect_add(NO_AUTHORITY, NULL, DNSPROOF_NOZONE, "no authority");
	expect_add(REFUSES, NULL, DNSPROOF_NOZONE, "does not serve the zone");
	expect_add(SERVER_FAILS, NULL, DNSPROOF_TEMP, "max-records-per-type");
	expect_add(NOT_IMPLEMENTED, NULL, DNSPROOF_INVALID, "NSD never does");
}

/* A set has one TTL: that of others' values stays. */
TEST(test_ttl_of_the_set)
{
	expect_add(STRANGER, NULL, DNSPROOF_OK, "");
	expect_add(ALONE, NULL, DNSPROOF_OK, "");
}

TEST(test_del)
{
	struct session s = session_open(WELL, NULL);

	assert_int_equal(change(&s, true, 2000), DNSPROOF_TEMP);
	expect_told("still there");
	session_close(&s);
	s = session_open(MISSING, NULL);
	assert_int_equal(change(&s, true, 2000), DNSPROOF_OK);
	session_close(&s);
	s = session_open(NO_AUTHORITY, NULL);
	assert_int_equal(change(&s, true, 2000), DNSPROOF_OK);
	session_close(&s);
}

TEST(test_unsigned_or_forged)
{
	expect_add(WELL, KEY, DNSPROOF_AUTH, "without a signature");
	expect_add(ECHOES, KEY, DNSPROOF_AUTH, "wrong signature");
	expect_add(NOT_IMPLEMENTED, KEY, DNSPROOF_INVALID, "answer not signed");
}

TEST(test_garbage)
{
	expect_add(OTHER_ID, NULL, DNSPROOF_TEMP, "does not answer the question");
	expect_add(NO_REPLY_BIT, NULL, DNSPROOF_TEMP, "does not answer the question");
	expect_add(SHORT, NULL, DNSPROOF_TEMP, "does not answer the question");
	expect_add(CLOSES_AT_ONCE, NULL, DNSPROOF_TEMP, "closed the connection");
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

TEST(test_deadline)
{
	static const enum mode modes[] = {SILENT, HALF};

	for (size_t i = 0; i < 2; i++) {
		struct session s = session_open(modes[i], NULL);
		double start = seconds();
		assert_int_equal(change(&s, false, 200), DNSPROOF_TEMP);
		expect_told("no answer in time");
		double took = seconds() - start;
		assert_true(took >= 0.19 && took < 1.5);
		session_close(&s);
	}
}

TEST(test_reconnects)
{
	struct session s = session_open(CLOSES_AFTER, NULL);

	for (int i = 0; i < 5; i++)
		assert_int_equal(change(&s, false, 2000), DNSPROOF_OK);
	session_close(&s);
}

TEST(test_gone)
{
	struct session s = session_open(WELL, NULL);

	assert_int_equal(change(&s, false, 2000), DNSPROOF_OK);
	server_stop(&s.server);
	assert_int_equal(change(&s, false, 2000), DNSPROOF_TEMP);
	expect_told("cannot connect to 127.0.0.1 port");
	session_close(&s);
}

TEST(test_check)
{
	struct session s = session_open(PREREQUISITE, NULL);

	assert_int_equal(check(&s), DNSPROOF_OK);
	session_close(&s);
	s = session_open(BACKWARDS, NULL);
	assert_int_equal(check(&s), DNSPROOF_OK);
	session_close(&s);
	s = session_open(ALIAS, NULL);
	assert_int_equal(check(&s), DNSPROOF_INVALID);
	session_close(&s);
	s = session_open(PREREQUISITE, KEY);
	assert_int_equal(check(&s), DNSPROOF_AUTH);
	session_close(&s);
}

/* Connections come from the address that is said, as the server sees it. */
TEST(test_source_address)
{
	only_from = "127.0.0.5";
	struct session s = session_open(WELL, NULL);
	assert_int_equal(change(&s, false, 2000), DNSPROOF_TEMP);
	expect_told("closed the connection");
	session_close(&s);
	s = session_open_with(WELL,
	                      json_pack("{ss ss}", "source_address", only_from, "address_family", "ipv4"));
	assert_int_equal(change(&s, false, 2000), DNSPROOF_OK);
	session_close(&s);
	only_from = NULL;
	s = session_open_with(WELL, json_pack("{ss}", "source_address", "192.0.2.7"));
	assert_int_equal(change(&s, false, 2000), DNSPROOF_TEMP);
	expect_told("source_address is no address of this host");
	session_close(&s);
}

static enum dnsproof_rc open_by(const char *source, const char *family)
{
	json_t *options = json_pack("{ss ss* ss*}", "server", "127.0.0.1", "source_address", source,
	                            "address_family", family);
	struct dnsproof_open_call c = {.call = call_make(sizeof(c), options, NULL, 1000)};
	enum dnsproof_rc rc = dnsproof_provider.open(&c);

	dnsproof_provider.close(&c.call);
	json_decref(options);
	return rc;
}

TEST(test_source_address_and_family_are_checked)
{
	assert_int_equal(open_by(NULL, "any"), DNSPROOF_OK);
	assert_int_equal(open_by("127.0.0.5", "any"), DNSPROOF_OK);
	assert_int_equal(open_by("localhost", NULL), DNSPROOF_INVALID);
	expect_told("source_address: 'localhost' is no IP address");
	assert_int_equal(open_by("::1", "ipv4"), DNSPROOF_INVALID);
	expect_told("source_address: ::1 is of another family than address_family says");
	assert_int_equal(open_by(NULL, "v4"), DNSPROOF_INVALID);
	expect_told("address_family: 'v4' is none of any, ipv4 and ipv6");
	assert_int_equal(open_by(NULL, "ipv6"), DNSPROOF_TEMP); /* of which the server has no address */
}

static enum dnsproof_rc open_with(const char *server, const char *key)
{
	json_t *options = json_pack("{ss ss}", "server", server, "key", key);
	struct dnsproof_open_call c = {.call = call_make(sizeof(c), options, NULL, 1000)};
	enum dnsproof_rc rc = dnsproof_provider.open(&c);

	dnsproof_provider.close(&c.call);
	json_decref(options);
	return rc;
}

TEST(test_open)
{
	static const char *const good[] = {"127.0.0.1",    "127.0.0.1#5300", "127.0.0.1:5300", "::1",
	                                   "[::1]",        "[::1]:53",       "[::1]#53",       "::1#53",
	                                   "localhost:53", "localhost#53",   "localhost"};
	static const char *const bad[] = {"",          "#53",   ":53",       "127.0.0.1#",    "127.0.0.1:x",
	                                  "[::1",      "[]",    "[::1]53",   "127.0.0.1#0",   "a:65536",
	                                  "a:53:#53x", "a#5 3", "[::1]:53x", "127.0.0.1:53#5"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (open_with(good[i], KEY) != DNSPROOF_OK)
			fail_msg("%s: %s", good[i], told);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (open_with(bad[i], KEY) != DNSPROOF_INVALID)
			fail_msg("%s was taken: %s", bad[i], told);
	assert_int_equal(open_with("127.0.0.1", "/etc/key"), DNSPROOF_INVALID);
	expect_told("key: it is the name of a file");
	assert_int_equal(open_with("127.0.0.1", "secretname:sec*ret"), DNSPROOF_INVALID);
	assert_null(strstr(told, "sec*ret"));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
