#include "config.h"

#include "launcher/setting.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/buf.h"
#include "common/mem.h"
#include "launcher/names.h"
#include "launcher/renew_window.h"
#include "launcher/secret.h"

static json_t *text_or_error(char *text)
{
	json_t *v = text ? json_string(text) : NULL;
	free(text);
	return v;
}

static json_t *refuse(struct err *e, const char *expected)
{
	err_set(e, "type %s", expected);
	return NULL;
}

/* 90, 90s, 10m, 6h, 30d in seconds; false when it is none, or more than `most`. */
static bool duration(const char *text, unsigned long most, unsigned long *seconds)
{
	static const struct {
		const char *unit;
		unsigned long factor;
	} units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
	char *end;
	errno = 0;
	unsigned long n = strtoul(text, &end, 10);
	if (!isdigit((unsigned char)*text) || errno)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(end, units[i].unit) == 0 && n <= most / units[i].factor) {
			*seconds = n * units[i].factor;
			return true;
		}
	return false;
}

static json_t *parse_seconds(const struct spec_row *row, const char *text, struct err *e)
{
	unsigned long n;
	if (duration(text, row->most, &n) && n >= row->least)
		return json_integer((json_int_t)n);
	err_set(e, "type seconds, %u to %u, or a time such as 90s, 10m, 6h, 30d", row->least, row->most);
	return NULL;
}

static json_t *parse_number(const struct spec_row *row, const char *text, struct err *e)
{
	char *end;
	errno = 0;
	unsigned long n = strtoul(text, &end, 10);
	if (isdigit((unsigned char)*text) && !*end && !errno && n >= row->least && n <= row->most)
		return json_integer((json_int_t)n);
	err_set(e, "type a number, %u to %u", row->least, row->most);
	return NULL;
}

static json_t *parse_word(enum spec_key key, const char *text, struct err *e)
{
	if (spec_word(key, text) >= 0)
		return json_string(text);
	char *words = spec_words(key);
	refuse(e, words);
	free(words);
	return NULL;
}

static json_t *parse_email(const char *text, struct err *e)
{
	const char *at = strchr(text, '@');
	if (at && at != text && at[1] && !strpbrk(text, " ,?<>:\"") && !strchr(at + 1, '@'))
		return json_string(text);
	return refuse(e, "one address, such as hostmaster@example.com");
}

static json_t *parse_provider(const char *text, struct err *e)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
	if (!text[n] && n > 0 && n <= 64 && isalnum((unsigned char)*text))
		return json_string(text);
	return refuse(e, "the name of a provider; dnsproof providers lists them");
}

/* An account of the configuration may be called otherwise than any provider. */
static json_t *parse_dns(const char *text, struct err *e)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-");
	if (!text[n] && n <= 200 && *text != '.')
		return json_string(text);
	return refuse(e, "the name of a provider; dnsproof providers lists them");
}

static json_t *parse_address(const char *text, struct err *e)
{
	if (names_is_address(text) || strcmp(text, "system") == 0)
		return json_string(text);
	return refuse(e, "an IP address, ADDR:PORT or [ADDR6]:PORT, or system");
}

static json_t *parse_ip(const char *text, struct err *e)
{
	struct sockaddr_storage ignored;
	if (address_parse(text, &ignored))
		return json_string(text);
	return refuse(e, "an IP address, without port or brackets");
}

static json_t *parse_proxy(const char *text, struct err *e)
{
	const char *host = text + strlen("http://");
	if (strcmp(text, "none") == 0)
		return json_string(text);
	if (str_starts(text, "http://") && strcspn(host, "/?#@") == strlen(host) && *host &&
	    strchr(host, ':') != host)
		return json_string(text);
	return refuse(e, "http://HOST:PORT, without user and path, or none");
}

/* Good in every folder; the current one is looked at only where it is needed. */
static json_t *parse_source(const char *text, struct err *e)
{
	char here[PATH_MAX] = "/";
	if (str_starts(text, "file:") && text[5] != '/' && !getcwd(here, sizeof here)) {
		err_set(e, "%s: the current folder is gone (%s); give an absolute path", text,
		        strerror(errno));
		return NULL;
	}
	return text_or_error(secret_absolute(text, here, e));
}

static json_t *parse_by_type(enum spec_key key, const char *text, struct err *e)
{
	const struct spec_row *row = &spec_table[key];
	switch (row->type) {
	case SPEC_SECONDS:
		return parse_seconds(row, text, e);
	case SPEC_NUMBER:
		return parse_number(row, text, e);
	case SPEC_WORD:
		return parse_word(key, text, e);
	case SPEC_EMAIL:
		return parse_email(text, e);
	case SPEC_PROVIDER:
		return key == KEY_DNS ? parse_dns(text, e) : parse_provider(text, e);
	case SPEC_ADDRESS:
		return parse_address(text, e);
	case SPEC_IP:
		return parse_ip(text, e);
	case SPEC_PROXY:
		return parse_proxy(text, e);
	case SPEC_SOURCE:
		return parse_source(text, e);
	case SPEC_ID:
		return text_or_error(names_id(text, NULL, e));
	case SPEC_ZONE:
		return text_or_error(names_pattern(text, false, e));
	case SPEC_PATTERN:
		return text_or_error(names_pattern(text, true, e));
	case SPEC_SERVERS:
		return text_or_error(names_servers(text, e));
	case SPEC_NAME:
		return strcmp(text, "none") == 0 ? json_string(text) : text_or_error(name_normalise(text, e));
	case SPEC_WINDOW:
		return renew_window_fine(text, e) ? json_string(text) : NULL;
	default:
		return json_string(text);
	}
}

bool setting_list_fine(enum spec_key key, const json_t *list, struct err *e)
{
	if (key == KEY_RENEW_WINDOW && json_array_size(list) > RENEW_WINDOWS_MOST)
		return err_set(e, "more than %d values, expected fewer", RENEW_WINDOWS_MOST);
	const char *first = json_string_value(json_array_get(list, 0));
	const char *second = json_string_value(json_array_get(list, 1));
	const char *third = json_string_value(json_array_get(list, 2));
	if (key != KEY_KEY_TYPE || !first || !second ||
	    (!third && str_starts(first, "rsa") != str_starts(second, "rsa")))
		return true;
	if (third)
		return err_set(e, "%s, %s and %s, expected one EC and one RSA key type", first, second,
		               third);
	return err_set(e, "%s and %s, expected one EC and one RSA key type", first, second);
}

json_t *setting_list_fit(enum spec_key key, json_t *list)
{
	struct err ignored;
	while (json_array_size(list) > 1 &&
	       (json_array_size(list) > spec_table[key].most_here || !setting_list_fine(key, list, &ignored)))
		json_array_remove(list, json_array_size(list) - 1);
	if (json_array_size(list) > 1)
		return list;
	json_t *one = json_incref(json_array_get(list, 0));
	json_decref(list);
	return one;
}

json_t *setting_value(enum spec_key key, const char *text, struct err *e)
{
	const struct spec_row *row = &spec_table[key];
	if (*text)
		return parse_by_type(key, text, e);
	err_set(e, "needs a value (%s)", row->value);
	return NULL;
}

json_t *setting_parse(enum spec_key key, const char *text, struct err *e)
{
	const struct spec_row *row = &spec_table[key];
	json_t *v = NULL;
	if (row->type == SPEC_YES || row->type == SPEC_COUNT)
		return row->type == SPEC_YES ? json_true() : json_integer(1);
	char *option = spec_option(key);
	if (*text && row->type == SPEC_SOURCE && !secret_is_source(text))
		err_set(e,
		        "%s is a secret and cannot be given on the command line; type file:PATH, cred:NAME, "
		        "env:NAME, cmd:WORDS or fd:N",
		        option);
	else if (!(v = setting_value(key, text, e))) {
		char *why = xstrdup(e->text);
		if (!*text)
			err_set(e, "%s %s", option, why);
		else if (str_starts(why, "type "))
			err_set(e, "%s %s: %s", option, text, why);
		else
			err_set(e, "%s: %s", option, why);
		free(why);
	}
	free(option);
	return v;
}

bool setting_has_member(const json_t *list, const json_t *v)
{
	const json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (json_equal(one, v)) return true;
	return false;
}

void setting_put(json_t *settings, enum spec_key key, json_t *v)
{
	const struct spec_row *row = &spec_table[key];
	json_t *old = json_object_get(settings, row->name);
	if (row->type == SPEC_COUNT) {
		json_int_t n = json_integer_value(old) + json_integer_value(v);
		json_decref(v);
		json_object_set_new(settings, row->name, json_integer(n));
	} else if (!row->many) {
		json_object_set_new(settings, row->name, v);
	} else {
		if (!old)
			json_object_set_new(settings, row->name, old = json_array());
		if (setting_has_member(old, v))
			json_decref(v);
		else
			json_array_append_new(old, v);
	}
}

static char *shown(const json_t *v)
{
	if (json_is_string(v))
		return xstrdup(json_string_value(v));
	if (!json_is_array(v))
		return json_dumps(v, JSON_ENCODE_ANY);
	struct buf b;
	const json_t *one;
	size_t i;
	buf_init(&b, 0);
	json_array_foreach(v, i, one) buf_printf(&b, "%s%s", i ? " " : "", json_string_value(one));
	return buf_take(&b);
}

char *setting_changes(const json_t *old, const json_t *now)
{
	struct buf b;
	buf_init(&b, 0);
	for (int i = 0; i < KEYS; i++) {
		const json_t *was = json_object_get(old, spec_table[i].name);
		const json_t *is = json_object_get(now, spec_table[i].name);
		if (was == is || (was && is && json_equal(was, is)))
			continue;
		char *from = was ? shown(was) : NULL, *to = is ? shown(is) : NULL;
		buf_printf(&b, "%s%s %s%s%s", b.len ? ", " : "", spec_table[i].name, from ? from : "",
		           from && to ? " -> " : "", to ? to : " removed");
		free(from);
		free(to);
	}
	return buf_take(&b);
}
