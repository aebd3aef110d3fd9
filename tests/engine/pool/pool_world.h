#pragma once

#include "unit.h"

#include "common/buf.h"
#include "common/wire.h"
#include "engine/peers/launcher.h"
#include "engine/pool/pool.h"

/*
 * The launcher and its provider hosts are played here. A host does what `script` says, a letter for
 * each request it gets, the last one for ever:
 *   o ok   h hang   d die in the call   D die, report of the death first   g garbage   i forged id
 *   t temp b batch with one failure     w wrong number of results   u unknown rc   l long handle
 *   m hostile words                     z hold back until release()   y busy: another process writes there
 *   1 to 9 ok, so many requests were made
 * `heard` notes what the hosts get, `said` what the callers get.
 */
struct host {
	struct fixture *x;
	struct wire *wire;
	int number;
	bool dead; /* reported */
	struct host *next;
};

struct fixture {
	struct loop *l;
	struct launcher *c;
	struct pool *p;
	struct wire *launcher;
	struct loop_timer *limit, *late;
	struct buf said, heard;
	struct host *hosts;
	int last_host, left, starts, kills;
	const char *script, *hello;
	bool mute; /* no report of deaths */
	const char *start_error;
	json_t *held;
	struct host *holder;
	bool free_in_callback, stop_when_held;
};

#define HELLO(replaces, ops, limits)                                                                         \
	"{\"protocol\":1,\"program\":\"test\",\"abi\":0,\"replaces\":\"" replaces "\",\"cas\":true,"         \
	"\"ops\":[\"add\",\"del\"" ops "],\"limits\":{" limits "}}"

int setup(void **state);
int teardown(void **state);

/* Calls of the account "acct" with 200 ms each; their ends are noted in `said`. */
struct pool_call *add(struct fixture *x, const char *owner); /* in the zone "test" */
struct pool_call *write_txt(struct fixture *x, bool add, const char *zone, const char *owner);
void on_answer(void *arg, const struct pool_answer *a);

void run(struct fixture *x, int n);                 /* until n answers came */
void until_held(struct fixture *x);                 /* until a host holds a request back */
void release(struct fixture *x);                    /* the request held back is answered */
void said(struct fixture *x, const char *expected); /* and forgets it */
void heard(struct fixture *x, const char *expected);
