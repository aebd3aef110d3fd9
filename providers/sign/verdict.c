#include "verdict.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define RATE_SECONDS 5 /* where a cloud says "too many requests" without a time */
#define PAUSE_MOST   86400
#define ID_MOST      100

int verdict_fits(const char *code, const char *pattern)
{
	size_t n = strlen(pattern);

	if (!code)
		return 0;
	return n && pattern[n - 1] == '*' ? !strncmp(code, pattern, n - 1) : !strcmp(code, pattern);
}

static enum dnsproof_rc by_status(int status)
{
	switch (status) {
	case 401:
	case 403:
		return DNSPROOF_AUTH;
	case 404:
		return DNSPROOF_NOZONE;
	case 409:
	case 412:
		return DNSPROOF_CONFLICT;
	case 429:
		return DNSPROOF_RATE;
	}
	return status >= 500 ? DNSPROOF_TEMP : DNSPROOF_INVALID;
}

/* The seconds that the answer names, else ours. */
static unsigned pause_of(const struct dnsproof_call *call, const struct dnsproof_http_answer *answer)
{
	const char *after = call->host->http_header(answer, "retry-after");
	long seconds = after ? strtol(after, NULL, 10) : 0;

	return seconds > 0 && seconds <= PAUSE_MOST ? (unsigned)seconds : RATE_SECONDS;
}

enum dnsproof_rc verdict(const struct dnsproof_call *call, const struct dnsproof_http_answer *answer,
                         const struct verdict_word *table, const char *where, const char *code,
                         const char *message)
{
	enum dnsproof_rc rc = by_status(answer->status);

	if (!code)
		return call->host->http_fail(call, answer);
	for (; table && table->code; table++)
		if (verdict_fits(code, table->code)) {
			rc = table->rc;
			break;
		}
	if (rc == DNSPROOF_RATE)
		call->host->retry_after(call, pause_of(call, answer));
	return call->host->fail(call, rc, "%s: %.100s: %.300s (HTTP %d)", where, code,
	                        message ? message : "no words", answer->status);
}

json_t *verdict_at(const json_t *json, const char *path)
{
	char key[64];

	while (json && *path) {
		size_t n = strcspn(path, ".");

		if (n >= sizeof(key))
			return NULL;
		memcpy(key, path, n);
		key[n] = '\0';
		json = json_object_get(json, key);
		path += n + (path[n] == '.');
	}
	return (json_t *)(uintptr_t)json;
}

const char *verdict_text(const json_t *json, const char *path)
{
	return json_string_value(verdict_at(json, path));
}

const char *verdict_id(const struct dnsproof_call *call, const json_t *value)
{
	const char *text = json_string_value(value);

	if (json_is_integer(value))
		return call->host->text(call, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return text && *text && strlen(text) <= ID_MOST ? call->host->text(call, "%s", text) : NULL;
}
