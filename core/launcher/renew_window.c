#include "config.h"

#include "launcher/renew_window.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "common/str.h"
#include "launcher/strings.h"

#define BLANKS     " \t"
#define DAYS_AHEAD 100
#define DAY_MIN    (24 * 60)
#define ALL_DAYS   0x7fu
#define ZONES      "/usr/share/zoneinfo"

struct window {
	unsigned days;   /* bit 0: Sunday, as in struct tm */
	int from, until; /* minutes of the day on which it begins; until may be one of the next */
	char zone[64];   /* "": this process's */
};

/* Mon, Tue ... at *text, which is moved behind it; -1: none. */
static int day_take(const char **text)
{
	static const char *const names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	for (int i = 0; i < 7; i++)
		if (str_starts(*text, names[i])) {
			*text += strlen(names[i]);
			return i;
		}
	return -1;
}

static bool days_parse(const char *text, unsigned *days)
{
	for (*days = 0;; text++) {
		int day = day_take(&text), last = day;
		if (day >= 0 && *text == '-') {
			text++;
			last = day_take(&text);
		}
		if (last < 0)
			return false;
		for (; *days |= 1u << day, day != last; day = (day + 1) % 7)
			;
		if (*text != ',')
			return !*text;
	}
}

/* HH:MM at *text, in minutes; -1: none. */
static int clock_take(const char **text)
{
	const char *t = *text;
	for (int i = 0; i < 5; i++)
		if (i == 2 ? t[i] != ':' : !isdigit((unsigned char)t[i]))
			return -1;
	*text += 5;
	int hour = (t[0] - '0') * 10 + t[1] - '0', minute = (t[3] - '0') * 10 + t[4] - '0';
	return minute > 59 || hour * 60 + minute > DAY_MIN ? -1 : hour * 60 + minute;
}

static bool hours_parse(const char *text, struct window *w)
{
	w->from = clock_take(&text);
	if (w->from < 0 || w->from == DAY_MIN || *text++ != '-')
		return false;
	w->until = clock_take(&text);
	if (w->until < 0 || *text || w->until == w->from)
		return false;
	if (w->until < w->from)
		w->until += DAY_MIN;
	return true;
}

/* The C library takes what it does not know for UTC. */
static bool zone_is_known(const char *zone)
{
	const char *folder = getenv("TZDIR");
	struct stat st;
	if (strcmp(zone, "UTC") == 0)
		return true;
	if (strstr(zone, "..") || !isalpha((unsigned char)*zone))
		return false;
	char *path = xasprintf("%s/%s", folder && *folder ? folder : ZONES, zone);
	bool known = stat(path, &st) == 0 && S_ISREG(st.st_mode);
	free(path);
	return known;
}

static bool zone_parse(const char *text, struct window *w)
{
	size_t n = strlen(text);
	if (n >= sizeof w->zone)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("/_+-", text[i]))
			return false;
	memcpy(w->zone, text, n + 1);
	return true;
}

/* Two or three words. */
static bool window_parse(const char *text, struct window *w)
{
	struct strs words = {0};
	char *blanks = xstrdup(text);
	for (char *c = blanks; *c; c++)
		if (strchr(BLANKS, *c))
			*c = ' ';
	strs_words(&words, blanks);
	free(blanks);
	size_t at = 0;
	*w = (struct window){.days = ALL_DAYS};
	bool ok = words.n > 0 && words.n <= 3;
	if (ok && words.n > 1 && !strchr(words.at[0], ':'))
		ok = days_parse(words.at[at++], &w->days);
	ok = ok && at < words.n && hours_parse(words.at[at++], w);
	if (ok && at < words.n)
		ok = zone_parse(words.at[at++], w);
	ok = ok && at == words.n;
	strs_free(&words);
	return ok;
}

bool renew_window_fine(const char *text, struct err *e)
{
	struct window w;
	if (!window_parse(text, &w))
		return err_set(e, "type days, hours and a time zone, such as Mon-Fri 01:00-05:00 "
		                  "Europe/Berlin; days and zone may be left out");
	return !*w.zone || zone_is_known(w.zone) ||
	       err_set(e, "'%.80s': the time zone %s is not known here, expected one of %s", text, w.zone,
	               ZONES);
}

/* All local times of a window, by what the process takes for its zone now. */
static void add_days(struct openings *o, const struct window *w, int64_t now)
{
	time_t base = (time_t)now;
	struct tm today;
	if (!localtime_r(&base, &today))
		return;
	for (int day = -2; day < DAYS_AHEAD; day++) {
		struct tm noon = {.tm_year = today.tm_year,
		                  .tm_mon = today.tm_mon,
		                  .tm_mday = today.tm_mday + day,
		                  .tm_hour = 12,
		                  .tm_isdst = -1};
		if (mktime(&noon) == -1 || !(w->days & 1u << noon.tm_wday))
			continue;
		struct tm from = noon, until = noon;
		from.tm_hour = w->from / 60;
		from.tm_min = w->from % 60;
		until.tm_hour = w->until / 60;
		until.tm_min = w->until % 60;
		from.tm_isdst = until.tm_isdst = -1;
		time_t begin = mktime(&from), end = mktime(&until);
		if (begin != -1 && end != -1)
			openings_add(o, begin, end);
	}
}

static void zone_enter(const char *zone)
{
	if (zone)
		setenv("TZ", zone, 1);
	else
		unsetenv("TZ");
	tzset();
}

static void add_window(struct openings *o, const struct window *w, int64_t now)
{
	const char *tz = getenv("TZ");
	char *own = tz ? xstrdup(tz) : NULL;
	if (*w->zone)
		zone_enter(w->zone);
	else
		tzset();
	add_days(o, w, now);
	if (*w->zone)
		zone_enter(own);
	free(own);
}

char *renew_window_text(const json_t *settings)
{
	const json_t *list = spec_list(settings, KEY_RENEW_WINDOW);
	struct strs all = {0};
	if (!json_array_size(list))
		return NULL;
	strings_take(&all, list);
	char *text = strs_join(&all, ", ");
	strs_free(&all);
	return text;
}

void renew_window_openings(const json_t *settings, int64_t now, struct openings *o)
{
	const json_t *list = spec_list(settings, KEY_RENEW_WINDOW);
	*o = (struct openings){0};
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct window w;
		if (window_parse(strings_at(list, i), &w) && (!*w.zone || zone_is_known(w.zone)))
			add_window(o, &w, now);
	}
	openings_join(o);
}

const struct openings *renew_windows_of(struct renew_windows *all, const json_t *settings, int64_t now)
{
	const size_t most = sizeof all->at / sizeof all->at[0];
	char *text = renew_window_text(settings);
	if (!text)
		return NULL;
	for (size_t i = 0; i < most; i++)
		if (all->at[i].text && strcmp(all->at[i].text, text) == 0) {
			free(text);
			return &all->at[i].open;
		}
	size_t slot = all->next++ % most;
	free(all->at[slot].text);
	openings_free(&all->at[slot].open);
	all->at[slot].text = text;
	renew_window_openings(settings, now, &all->at[slot].open);
	return &all->at[slot].open;
}

void renew_windows_free(struct renew_windows *all)
{
	for (size_t i = 0; i < sizeof all->at / sizeof all->at[0]; i++) {
		free(all->at[i].text);
		openings_free(&all->at[i].open);
	}
}
