/* Dates of RFC 3339 and the UTC calendar. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* RFC 3339 -> seconds since 1970, 0 if malformed. */
int64_t rfc3339_parse(const char *text);

/* UTC calendar -> seconds since 1970; the arguments must be in range. */
int64_t utc_seconds(int year, int month, int day, int hour, int minute, int second);
bool utc_day_exists(int year, int month, int day);
