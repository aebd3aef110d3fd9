#include "config.h"

#include "run.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "shared/clock.h"
#include "pername.h"

void run_begin(struct run *r, const struct dnsproof_call *call, struct account *a)
{
	*r = (struct run){.call = call, .host = call->host, .account = a, .start_ms = module_ms()};
	r->vars = json_object();
	r->handle = json_object();
	r->keep = json_array();
}

void run_end(struct run *r)
{
	json_decref(r->vars);
	json_decref(r->handle);
	json_decref(r->keep);
	arena_drop(&r->arena);
}

int run_fail(struct run *r, int rc, const char *format, ...)
{
	char words[2000];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	r->host->fail(r->call, (enum dnsproof_rc)rc, "%s", words);
	explicit_bzero(words, sizeof(words));
	return rc;
}

unsigned run_ms_left(const struct run *r)
{
	long long used = module_ms() - r->start_ms;

	return used >= r->call->ms_left ? 0 : r->call->ms_left - (unsigned)used;
}

const json_t *run_descriptor(const struct run *r, const char *key)
{
	return json_object_get(r->account->descriptor, key);
}

json_t *run_keep(struct run *r, json_t *value)
{
	json_array_append_new(r->keep, value);
	return value;
}

void run_set(struct run *r, const char *name, json_t *value)
{
	json_t *old = json_object_get(r->vars, name);

	if (old)
		json_array_append(r->keep, old);
	json_object_set_new(r->vars, name, value);
}

void run_set_text(struct run *r, const char *name, const char *text)
{
	run_set(r, name, json_string(text));
}

unsigned run_fit_ttl(struct run *r, unsigned ttl)
{
	const json_t *limits = run_descriptor(r, "limits"), *choice;
	json_int_t least = json_integer_value(json_object_get(limits, "least_ttl"));
	json_int_t most = json_integer_value(json_object_get(limits, "most_ttl"));
	const json_t *choices = json_object_get(limits, "ttl_choices");
	const json_t *learned = json_object_get(r->vars, "least_ttl");
	json_int_t higher = json_integer_value(learned);
	size_t i;

	if (ttl < least)
		ttl = (unsigned)least;
	if (ttl < higher)
		ttl = (unsigned)higher;
	if (most > 0 && ttl > most)
		ttl = (unsigned)most;
	json_array_foreach(
	    (json_t *)(uintptr_t)choices, i,
	    choice) if (json_integer_value(choice) >= ttl ||
	                i + 1 == json_array_size(choices)) return (unsigned)json_integer_value(choice);
	return ttl;
}

bool run_set_zone(struct run *r, const char *zone)
{
	const char *name = json_string_value(json_object_get(r->vars, "name"));
	size_t n = name ? strlen(name) : 0, z = strlen(zone);
	char *sub;

	run_set_text(r, "zone", zone);
	if (!name)
		return true;
	if (n < z || strcmp(name + n - z, zone) != 0 || (n > z && name[n - z - 1] != '.'))
		return false;
	sub = arena_copy(&r->arena, name, n > z ? n - z - 1 : 0);
	run_set_text(r, "sub", sub);
	run_set_text(r, "relative", *sub ? sub : "@");
	return true;
}

void run_set_txt(struct run *r, const char *zone, const char *name, const char *value, unsigned ttl)
{
	const json_t *known = json_object_get(r->vars, "zone");

	if (name)
		run_set_text(r, "name", name);
	if (value)
		run_set_text(r, "value", value);
	run_set(r, "ttl", json_integer(run_fit_ttl(r, ttl)));
	run_set_zone(r, known ? arena_printf(&r->arena, "%s", json_string_value(known)) : zone);
	if (name)
		pername_set(r->account, r->vars, &r->arena, name);
}

static long long unix_time(const struct run *r)
{
	return r->host->time(r->call) + r->account->clock_ahead;
}

static json_t *time_text(const struct run *r, const char *format)
{
	time_t t = (time_t)unix_time(r);
	char text[80];
	struct tm tm;

	gmtime_r(&t, &tm);
	return json_stringn(text, strftime(text, sizeof(text), format, &tm));
}

static json_t *random_text(bool uuid)
{
	unsigned char b[16];
	char hex[33], text[37];

	if (getentropy(b, sizeof(b)) != 0)
		return NULL;
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(b); i++)
		snprintf(hex + 2 * i, 3, "%02x", b[i]);
	if (!uuid)
		return json_string(hex);
	snprintf(text, sizeof(text), "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
	return json_string(text);
}

static json_t *made(const struct run *r, const char *name)
{
	if (!strcmp(name, "unix"))
		return json_integer(unix_time(r));
	if (!strcmp(name, "unix_ms"))
		return json_integer(unix_time(r) * 1000);
	if (!strcmp(name, "iso_time"))
		return time_text(r, "%Y-%m-%dT%H:%M:%SZ");
	if (!strcmp(name, "http_time"))
		return time_text(r, "%a, %d %b %Y %H:%M:%S GMT");
	if (!strcmp(name, "uuid"))
		return random_text(true);
	if (!strcmp(name, "random"))
		return random_text(false);
	if (json_object_get(json_object_get(r->account->descriptor, "credentials"), name))
		return json_string("");
	return NULL;
}

const json_t *run_get(struct run *r, const char *name)
{
	const json_t *value = json_object_get(r->vars, name);

	if (!value)
		value = json_object_get(r->account->kept, name);
	if (!value)
		value = json_object_get(r->account->options, name);
	if (!value) {
		json_t *new = made(r, name);

		if (new)
			run_set(r, name, new);
		value = new;
	}
	return value;
}

void run_refresh(struct run *r)
{
	static const char *const names[] = {"unix", "unix_ms", "iso_time", "http_time", "uuid", "random"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_object_del(r->vars, names[i]);
}
