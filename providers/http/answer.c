#include "config.h"

#include "answer.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"

#define BODY_MOST   (4 * 1024 * 1024)
#define HEADER_MOST (64 * 1024)
#define PARTS_MOST  400000 /* of a JSON text: each costs far more memory than text */

static struct {
	struct buf body;
	size_t header_octets;
	struct dnsproof_http_header *header;
	json_t *json;
	const char *trouble;
	struct dnsproof_http_answer seen;
	size_t headers;
} now;

static void headers_clear(void)
{
	for (size_t i = 0; i < now.headers; i++) {
		free((char *)(uintptr_t)now.header[i].name);
		mem_wipe_free((char *)(uintptr_t)now.header[i].value);
	}
	free(now.header);
	now.header = NULL;
	now.headers = 0;
}

void http_answer_clear(void)
{
	headers_clear();
	buf_wipe(&now.body);
	json_decref(now.json);
	memset(&now, 0, sizeof(now));
	buf_init(&now.body, BODY_MOST);
	now.seen.size = sizeof(now.seen);
	now.seen.body = "";
}

static char *trimmed(const char *text, size_t n)
{
	while (n > 0 && isspace((unsigned char)*text)) {
		text++;
		n--;
	}
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	return xstrndup(text, n);
}

bool http_answer_header(const char *line, size_t n)
{
	const char *colon = memchr(line, ':', n);
	char *name;

	now.header_octets += n;
	if (now.header_octets > HEADER_MOST) {
		now.trouble = "the answer's header is larger than 64 KiB";
		return false;
	}
	if (n >= 5 && !memcmp(line, "HTTP/", 5)) {
		headers_clear(); /* those before were of an interim answer or of a proxy */
		return true;
	}
	if (!colon || memchr(line, '\0', n))
		return true;
	name = trimmed(line, (size_t)(colon - line));
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	now.header = xgrow(now.header, now.headers, sizeof(*now.header));
	now.header[now.headers].name = name;
	now.header[now.headers++].value = trimmed(colon + 1, n - (size_t)(colon + 1 - line));
	return true;
}

bool http_answer_body(const void *bytes, size_t n)
{
	if (buf_add(&now.body, bytes, n))
		return true;
	now.trouble = "the answer is larger than 4 MiB";
	return false;
}

const char *http_answer_trouble(void)
{
	return now.trouble;
}

static bool may_be_json(void)
{
	size_t space = strspn(now.body.data, " \t\r\n");

	return now.body.data[space] && strchr("{[\"-0123456789tfn", now.body.data[space]);
}

static bool parts_are_few(void)
{
	size_t parts = 0;

	for (size_t i = 0; i < now.body.len; i++)
		parts += now.body.data[i] == ',' || now.body.data[i] == '[' || now.body.data[i] == '{';
	if (parts <= PARTS_MOST)
		return true;
	now.trouble = "the answer's JSON has too many parts";
	return false;
}

bool http_answer_end(int status)
{
	json_error_t why;
	bool ok = true;

	if (now.body.len) {
		if (may_be_json() && (ok = parts_are_few()))
			now.json = json_loadb(now.body.data, now.body.len, JSON_DECODE_ANY, &why);
		now.seen.body = now.body.data;
		now.seen.body_len = now.body.len;
	}
	now.seen.status = status;
	now.seen.json = now.json;
	now.seen.header = now.header;
	now.seen.headers = now.headers;
	return ok;
}

const struct dnsproof_http_answer *http_answer(void)
{
	return &now.seen;
}

const char *http_answer_find(const struct dnsproof_http_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->headers; i++)
		if (!strcmp(answer->header[i].name, name))
			return answer->header[i].value;
	return NULL;
}
