/* A DNS world in virtual time: zones, the servers that show them, and what is wrong with each. It
 * stands in for ask.c and lookup.c (same functions), and is filled from a scenario's lines. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/loop.h"
#include "common/str.h"

void world_open(struct loop *l); /* the clock of the world starts at 0 now */
void world_close(void);

uint64_t world_time(void); /* ms since world_open */

/* One line, already split into words; false when it is no line about the world. See the head of
 * tests/scenarios/README. */
bool world_line(const struct strs *words);

unsigned world_asked(const char *address);  /* questions to that server */
unsigned world_questions(const char *name); /* to any server, about that very name */
unsigned world_looked(const char *name);    /* questions to the resolver about that name */

/* "10ms", "5s", "2m", "1h" -> ms */
uint64_t duration_parse(const char *text);
