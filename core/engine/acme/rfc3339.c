#include <ctype.h>
#include <string.h>

#include "engine/acme/rfc3339.h"

static bool number(const char **at, size_t digits, int least, int most, int *value)
{
	*value = 0;
	for (size_t i = 0; i < digits; i++) {
		if (!isdigit((unsigned char)**at))
			return false;
		*value = *value * 10 + (*(*at)++ - '0');
	}
	return *value >= least && *value <= most;
}

static bool expect(const char **at, const char *any_of)
{
	if (!**at || !strchr(any_of, **at))
		return false;
	(*at)++;
	return true;
}

int64_t utc_seconds(int year, int month, int day, int hour, int minute, int second)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, of_era = y % 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719468;

	return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

bool utc_day_exists(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

static bool offset(const char **at, int *seconds)
{
	int hours, minutes, sign;

	*seconds = 0;
	if (expect(at, "Zz"))
		return true;
	sign = **at == '-' ? -1 : 1;
	if (!expect(at, "+-") || !number(at, 2, 0, 23, &hours) || !expect(at, ":") ||
	    !number(at, 2, 0, 59, &minutes))
		return false;
	*seconds = sign * (hours * 60 + minutes) * 60;
	return true;
}

int64_t rfc3339_parse(const char *text)
{
	int year, month, day, hour, minute, second, shift;
	const char *at = text;
	int64_t when;

	if (!text || strlen(text) > 64)
		return 0;
	if (!number(&at, 4, 1970, 9999, &year) || !expect(&at, "-") || !number(&at, 2, 1, 12, &month) ||
	    !expect(&at, "-") || !number(&at, 2, 1, 31, &day) || !utc_day_exists(year, month, day))
		return 0;
	if (!expect(&at, "Tt ") || !number(&at, 2, 0, 23, &hour) || !expect(&at, ":") ||
	    !number(&at, 2, 0, 59, &minute) || !expect(&at, ":") || !number(&at, 2, 0, 60, &second))
		return 0;
	if (*at == '.') {
		if (!isdigit((unsigned char)*++at))
			return 0;
		while (isdigit((unsigned char)*at))
			at++;
	}
	if (!offset(&at, &shift) || *at)
		return 0;
	when = utc_seconds(year, month, day, hour, minute, second) - shift;
	return when > 0 ? when : 0;
}
