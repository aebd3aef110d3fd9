/* The clock for deadlines of programs without a loop; a program with one asks loop_now(). */
#pragma once

#include <stdint.h>

/* Milliseconds since any fixed start, going on while the machine sleeps where the system can tell. */
uint64_t clock_ms(void);
