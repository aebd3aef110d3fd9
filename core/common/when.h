/* Moments in text: seconds since 1970, always in UTC. Each fills `text` and returns it; "-" for 0 (never), the number for
 * what no calendar has. */
#pragma once

#include <jansson.h>
#include <stdint.h>

#define WHEN_ROOM 32 /* for any of them */

const char *when_text(int64_t when, char text[WHEN_ROOM]);    /* 2026-11-29 17:12 UTC */
const char *when_minute(int64_t when, char text[WHEN_ROOM]);  /* 2026-11-29 17:12, for a column */
const char *when_day(int64_t when, char text[WHEN_ROOM]);     /* 2026-11-29 */
const char *when_clock(int64_t when, char text[WHEN_ROOM]);   /* 17:12:07 UTC */
const char *when_iso(int64_t when, char text[WHEN_ROOM]);     /* 2026-11-29T17:12:07Z, for programs */
const char *when_compact(int64_t when, char text[WHEN_ROOM]); /* 20261129T171207Z, for names of files */

/* As when_iso; null for 0. New. */
json_t *when_json(int64_t when);
