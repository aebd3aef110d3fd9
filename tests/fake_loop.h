/* loop.h with virtual clocks: link libfakeloop.a before libcommon.a. Descriptors are real; when none
 * is ready, time jumps to the next timer. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/loop.h"

/* Runs all that becomes due within the next ms of virtual time; the clock stands at its end then. */
void fake_loop_advance(struct loop *l, uint64_t ms);

/* Sets the wall clock, which begins with the true time and then goes as fast as the other. */
void fake_loop_set_wall(struct loop *l, int64_t seconds);

/* One turn without letting time pass: what is due or ready now. False if there was nothing. */
bool fake_loop_turn(struct loop *l);

/* Real milliseconds to wait for descriptors before time jumps (for peers in other processes or
 * threads); 0 at first. */
void fake_loop_patience(struct loop *l, int ms);

/* Calls the handlers that loop_on_signal() set for the signal. */
void fake_loop_signal(struct loop *l, int signum);

/* How many timers exist, set or not, and descriptors watched: to look for leaks. */
unsigned fake_loop_watchers(const struct loop *l);
