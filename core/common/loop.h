/* Descriptors, timers and the end of a turn: a small face on libuv. tests/fake_loop.c implements the
 * same functions with a virtual clock. Callbacks may free the object they belong to. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_timer;
struct loop_fd;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

struct loop *loop_new(void);
void loop_free(struct loop *l); /* timers and watchers must be freed before; NULL allowed */

/* Milliseconds of CLOCK_BOOTTIME where the system has it, so that time asleep counts (any fixed start): the
 * only clock for waits. */
uint64_t loop_now(const struct loop *l);

/* The wall clock in seconds since 1970, which people and machines set at will: for dates alone. */
int64_t loop_wall(const struct loop *l);

/* Runs until loop_stop() or until nothing is left to wait for. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);

/* Called after the callbacks of each turn, before the loop waits again (journal commit, then the
 * actions that depended on it). One per loop. */
void loop_at_turn_end(struct loop *l, void (*fn)(void *), void *arg);

/* A timer is made stopped. Setting an armed one moves it; ms 0 fires in the next turn. A timer
 * fires once per setting. */
struct loop_timer *loop_timer_new(struct loop *l, void (*fn)(void *), void *arg);
void loop_timer_set(struct loop_timer *t, uint64_t ms);
void loop_timer_stop(struct loop_timer *t);
void loop_timer_free(struct loop_timer *t); /* NULL allowed */

/* Watches fd (borrowed; close it after loop_fd_free) for a set of LOOP_READ|LOOP_WRITE; made with
 * none wanted. fn gets what is ready; hang-up and error count as both. */
struct loop_fd *loop_fd_new(struct loop *l, int fd, void (*fn)(void *arg, int ready), void *arg);
void loop_fd_want(struct loop_fd *f, int events);
void loop_fd_free(struct loop_fd *f); /* NULL allowed */

/* Calls fn for each arrival of the signal (launcher, keeper only). Lives as long as the loop;
 * does not keep loop_run() going. */
void loop_on_signal(struct loop *l, int signum, void (*fn)(void *arg, int signum), void *arg);
