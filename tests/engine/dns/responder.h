/* A small DNS server inside the test's process, UDP and TCP on one free port of 127.0.0.1, with bad
 * habits. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/loop.h"

enum habit {
	HABIT_NONE,
	HABIT_TRUNCATE,      /* TC over UDP */
	HABIT_TRUNCATE_CUT,  /* TC over UDP; TCP is closed at the question */
	HABIT_TRUNCATE_HALF, /* ... half an answer over TCP, then nothing */
	HABIT_WRONG_FIRST,   /* wrong id, wrong name, junk; then the answer */
	HABIT_WRONG_ID,      /* never the right one */
	HABIT_LOWER_CASE,    /* does not keep the question's case over UDP */
	HABIT_OTHER_CASE,    /* ... nor over TCP */
	HABIT_NO_EDNS,       /* FORMERR, header alone, to a question with EDNS */
	HABIT_NOTIMP_EDNS,
	HABIT_NEVER_EDNS, /* FORMERR to everything */
	HABIT_SILENT,
	HABIT_SILENT_UDP,
	HABIT_LOSE_FIRST, /* the first packet is lost */
	HABIT_HOLD,       /* keeps questions back until responder_release */
};

struct responder;

struct responder *responder_new(struct loop *l, enum habit habit);
void responder_free(struct responder *r);
void responder_close_tcp(struct responder *r); /* refuses connections from now on */
void responder_release(struct responder *r);

const struct sockaddr_storage *responder_address(const struct responder *r);
unsigned responder_udp(const struct responder *r); /* questions so far */
unsigned responder_tcp(const struct responder *r);
const uint8_t *responder_last(const struct responder *r); /* the last UDP question */
