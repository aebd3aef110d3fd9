#include "common/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *format(int64_t when, const char *how, char text[WHEN_ROOM])
    __attribute__((format(strftime, 2, 0)));

static const char *format(int64_t when, const char *how, char text[WHEN_ROOM])
{
	time_t at = (time_t)when;
	struct tm tm;

	if (!when)
		return strcpy(text, "-");
	if (!gmtime_r(&at, &tm) || strftime(text, WHEN_ROOM, how, &tm) == 0)
		snprintf(text, WHEN_ROOM, "%" PRId64, when);
	return text;
}

const char *when_text(int64_t when, char text[WHEN_ROOM])
{
	return format(when, "%Y-%m-%d %H:%M UTC", text);
}

const char *when_minute(int64_t when, char text[WHEN_ROOM])
{
	return format(when, "%Y-%m-%d %H:%M", text);
}

const char *when_day(int64_t when, char text[WHEN_ROOM])
{
	return format(when, "%Y-%m-%d", text);
}

const char *when_clock(int64_t when, char text[WHEN_ROOM])
{
	return format(when, "%H:%M:%S UTC", text);
}

const char *when_iso(int64_t when, char text[WHEN_ROOM])
{
	return format(when, "%Y-%m-%dT%H:%M:%SZ", text);
}

const char *when_compact(int64_t when, char text[WHEN_ROOM])
{
	return format(when, "%Y%m%dT%H%M%SZ", text);
}

json_t *when_json(int64_t when)
{
	char text[WHEN_ROOM];

	return when ? json_string(when_iso(when, text)) : json_null();
}
