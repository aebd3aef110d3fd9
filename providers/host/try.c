#include "config.h"

#include "try.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "host.h"
#include "request.h"

#define CALL_S 30

static char *as_name(const char *typed)
{
	char *name = xstrdup(typed);
	size_t n = strlen(name);

	for (char *c = name; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	if (n > 1 && name[n - 1] == '.')
		name[n - 1] = '\0';
	return name;
}

static bool wants_value(const char *op)
{
	return !strcmp(op, "add") || !strcmp(op, "del") || !strcmp(op, "live");
}

static json_t *request_make(int n, char **argv, struct err *e)
{
	const char *op = argv[0];
	char *zone, *name;
	json_t *line;

	if (!wants_value(op) && strcmp(op, "list") != 0 && strcmp(op, "check") != 0) {
		err_set(e, "%s: no such call; there are add, del, list, check and live", op);
		return NULL;
	}
	if (n != (wants_value(op) ? 4 : 3)) {
		err_set(e, "%s: expected ZONE NAME%s", op, wants_value(op) ? " VALUE" : "");
		return NULL;
	}
	zone = as_name(argv[1]);
	name = as_name(argv[2]);
	line = json_pack("{s:i,s:s,s:i,s:s,s:s}", "id", 1, "op", op, "ms", CALL_S * 1000, "zone", zone,
	                 "name", name);
	if (line && n > 3)
		json_object_set_new(line, "value", json_string(argv[3]));
	if (!line)
		err_set(e, "the arguments are not UTF-8 text");
	free(zone);
	free(name);
	return line;
}

static void print_words(const json_t *answer, int out)
{
	const char *rc = json_string_value(json_object_get(answer, "rc"));
	const char *message = json_string_value(json_object_get(answer, "msg"));
	const char *handle = json_string_value(json_object_get(answer, "handle"));
	const char *show = json_string_value(json_object_get(answer, "show"));
	const json_t *after = json_object_get(answer, "after"), *value;
	size_t i;

	dprintf(out, "%s%s%s\n", rc, message ? ": " : "", message ? message : "");
	if (show)
		dprintf(out, "%s\n", show);
	if (handle)
		dprintf(out, "handle: %s\n", handle);
	if (after)
		dprintf(out, "after: %lld s\n", (long long)json_integer_value(after));
	json_array_foreach(json_object_get(answer, "values"), i, value)
	    dprintf(out, "value: %s\n", json_string_value(value));
	if (json_object_get(answer, "live"))
		dprintf(out, "live: %s\n", json_is_true(json_object_get(answer, "live")) ? "yes" : "no");
}

static int answer_print(const json_t *answer, bool json, int out)
{
	const char *rc = json_string_value(json_object_get(answer, "rc"));
	char *line;

	if (json) {
		line = json_dumps(answer, JSON_COMPACT);
		dprintf(out, "%s\n", line);
		free(line);
	} else {
		print_words(answer, out);
	}
	return strcmp(rc, "ok") != 0;
}

int try_call(struct setup *s, int n, char **argv, bool json, int out)
{
	struct host h;
	struct err e;
	json_t *line = request_make(n, argv, &e), *answer;
	int code;

	if (!line || !host_start(&h, s, true, &e)) {
		log_error("%s", e.text);
		json_decref(line);
		return 2;
	}
	answer = request_answer(&h, line);
	code = answer_print(answer, json, out);
	json_decref(answer);
	json_decref(line);
	host_stop(&h);
	return code;
}
