#include "launcher/when.h"

#include <string.h>
#include <time.h>

static const char *format(int64_t when, const char *how, char text[32])
    __attribute__((format(strftime, 2, 0)));

static const char *format(int64_t when, const char *how, char text[32])
{
	time_t at = (time_t)when;
	struct tm tm;
	strcpy(text, "-");
	if (when && gmtime_r(&at, &tm))
		strftime(text, 32, how, &tm);
	return text;
}

const char *when_text(int64_t when, char text[32])
{
	return format(when, "%Y-%m-%d %H:%M UTC", text);
}

const char *when_iso(int64_t when, char text[32])
{
	return format(when, "%Y-%m-%dT%H:%M:%SZ", text);
}

json_t *when_json(int64_t when)
{
	char text[32];
	return when ? json_string(when_iso(when, text)) : json_null();
}
