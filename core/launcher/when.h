/* Moments as people and programs read them; seconds since 1970. */
#pragma once

#include <jansson.h>
#include <stdint.h>

/* "2026-11-29 17:12 UTC", "-" for 0; returns text. */
const char *when_text(int64_t when, char text[32]);

/* "2026-11-29T17:12:00Z", "-" for 0; returns text. */
const char *when_iso(int64_t when, char text[32]);

/* The same, null for 0. */
json_t *when_json(int64_t when);
