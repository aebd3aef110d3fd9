#include "config.h"

#include "engine/pool/protocol.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/wire.h"

#define HANDLE_MOST   511   /* octets */
#define VALUES_MOST   10000 /* at one name */
#define VALUE_MOST    65535 /* octets */
#define AFTER_MOST    86400
#define PARALLEL_MOST 16
#define REQUESTS_MOST 1000000

void pool_ask_clear(struct pool_ask *a)
{
	free(a->zone);
	free(a->owner);
	free(a->value);
	free(a->handle);
	*a = (struct pool_ask){0};
}

json_t *pool_greeting(void)
{
	return json_pack("{s:i, s:s}", "protocol", WIRE_PROTOCOL, "program", PACKAGE_STRING);
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static unsigned limit(const json_t *limits, const char *key, unsigned most)
{
	json_int_t n = json_integer_value(json_object_get(limits, key));

	return n < 0 ? 0 : n > most ? most : (unsigned)n;
}

static bool ops_parse(const json_t *ops, struct pool_hello *h)
{
	bool add = false, del = false;
	size_t i;
	json_t *op;

	json_array_foreach(ops, i, op)
	{
		const char *text = json_string_value(op);

		if (!text)
			return false;
		add |= !strcmp(text, "add");
		del |= !strcmp(text, "del");
		h->can_check |= !strcmp(text, "check");
		h->can_list |= !strcmp(text, "list");
		h->can_batch |= !strcmp(text, "batch");
		h->can_live |= !strcmp(text, "live");
	}
	return add && del;
}

static bool unit_parse(const char *text, enum pool_unit *unit)
{
	static const char *const words[] = {"record", "rrset", "zone"};

	for (int i = 0; text && i < 3; i++) {
		if (!strcmp(text, words[i])) {
			*unit = (enum pool_unit)i;
			return true;
		}
	}
	return false;
}

static void refusal(const char *words, struct err *e)
{
	char *text = str_printable(words, POOL_WORDS_MOST);

	err_set(e, "%s", text);
	free(text);
}

enum pool_hello_kind pool_hello_parse(const json_t *line, struct pool_hello *hello, struct err *e)
{
	const json_t *limits = json_object_get(line, "limits");
	json_int_t protocol = json_integer_value(json_object_get(line, "protocol"));
	struct pool_hello h = {0};

	if (text_of(line, "error")) {
		refusal(text_of(line, "error"), e);
		return POOL_HELLO_REFUSED;
	}
	if (protocol != WIRE_PROTOCOL) {
		err_set(e,
		        "the provider host speaks protocol %lld, expected %d: install both from one "
		        "version of dnsproof",
		        (long long)protocol, WIRE_PROTOCOL);
		return POOL_HELLO_REFUSED;
	}
	if (!unit_parse(text_of(line, "replaces"), &h.replaces) ||
	    !ops_parse(json_object_get(line, "ops"), &h)) {
		err_set(e, "its first line lacks \"replaces\" or the operations add and del");
		return POOL_HELLO_GARBAGE;
	}
	h.compare_and_swap = json_is_true(json_object_get(line, "cas"));
	h.verifies_del = json_is_true(json_object_get(line, "verifies_del"));
	h.programs = json_is_true(json_object_get(line, "programs"));
	h.least_ttl = limit(limits, "least_ttl", 604800);
	h.settle_ms = limit(limits, "settle_ms", 600000);
	h.most_values = limit(limits, "most_values", 1000000);
	h.most_parallel = limit(limits, "most_parallel", PARALLEL_MOST);
	h.requests_per_minute = limit(limits, "requests_per_minute", 1000000);
	if (!h.most_parallel)
		h.most_parallel = 1;
	*hello = h;
	return POOL_HELLO_GOOD;
}

static const char *const op_words[] = {"add", "del", "live", "check", "list", ""};

static json_t *change_json(const struct pool_ask *a)
{
	json_t *json = json_pack("{s:s, s:s}", "op", op_words[a->op], "name", a->owner);

	if (!json || a->op > POOL_LIVE)
		return json;
	if (json_object_set_new(json, "value", json_string(a->value)) < 0 ||
	    (a->handle && json_object_set_new(json, "handle", json_string(a->handle)) < 0)) {
		json_decref(json);
		return NULL;
	}
	json_object_set_new(json, "ttl", json_integer(a->ttl));
	return json;
}

json_t *pool_request(const struct pool_ask *ask)
{
	json_t *json = change_json(ask);

	if (json && json_object_set_new(json, "zone", json_string(ask->zone)) < 0) {
		json_decref(json);
		return NULL;
	}
	return json;
}

json_t *pool_batch_request(const struct pool_ask *const *ask, size_t n)
{
	json_t *changes = json_array();

	for (size_t i = 0; i < n; i++) {
		if (json_array_append_new(changes, change_json(ask[i])) < 0) {
			json_decref(changes);
			return NULL;
		}
	}
	return json_pack("{s:s, s:s, s:o}", "op", "batch", "zone", ask[0]->zone, "changes", changes);
}

void pool_reply_clear(struct pool_reply *r)
{
	free(r->message);
	free(r->handle);
	free(r->show);
	strs_free(&r->values);
	*r = (struct pool_reply){0};
}

void pool_reply_set(struct pool_reply *r, enum pool_rc rc, const char *message)
{
	pool_reply_clear(r);
	r->rc = rc;
	r->message = xstrdup(message);
}

static bool rc_parse(const char *text, enum pool_rc *rc)
{
	static const struct {
		const char *text;
		enum pool_rc rc;
	} words[] = {
	    {"ok", POOL_OK},         {"temp", POOL_TEMP},         {"busy", POOL_TEMP},
	    {"rate", POOL_RATE},     {"conflict", POOL_CONFLICT}, {"auth", POOL_AUTH},
	    {"nozone", POOL_NOZONE}, {"invalid", POOL_INVALID},   {"refused", POOL_REFUSED},
	};

	for (size_t i = 0; text && i < sizeof(words) / sizeof(*words); i++) {
		if (!strcmp(text, words[i].text)) {
			*rc = words[i].rc;
			return true;
		}
	}
	return false;
}

static enum pool_written written_parse(const json_t *written)
{
	const char *text = json_string_value(written);

	if (!text)
		return POOL_WRITTEN_UNSAID;
	return strcmp(text, "no") == 0 ? POOL_WRITTEN_NO : POOL_WRITTEN_MAYBE;
}

static bool values_parse(const json_t *values, struct pool_reply *r, struct err *e)
{
	size_t i;
	json_t *value;

	if (!values)
		return true;
	if (!json_is_array(values) || json_array_size(values) > VALUES_MOST)
		return err_set(e, "no list of at most %d values", VALUES_MOST);
	json_array_foreach(values, i, value)
	{
		if (!json_is_string(value) || json_string_length(value) > VALUE_MOST)
			return err_set(e, "a value that is not text of at most %d octets", VALUE_MOST);
		strs_add(&r->values, json_string_value(value));
	}
	r->has_values = true;
	return true;
}

static bool reply_parse(const json_t *answer, struct pool_reply *r, struct err *e)
{
	const json_t *after = json_object_get(answer, "after"), *msg = json_object_get(answer, "msg");
	const json_t *handle = json_object_get(answer, "handle"), *show = json_object_get(answer, "show");

	r->busy = text_of(answer, "rc") && !strcmp(text_of(answer, "rc"), "busy");
	if (!rc_parse(text_of(answer, "rc"), &r->rc))
		return err_set(e, "no known \"rc\"");
	if ((after && (!json_is_integer(after) || json_integer_value(after) < 0)) ||
	    (msg && !json_is_string(msg)) || (show && !json_is_string(show)))
		return err_set(e, "\"after\", \"msg\" or \"show\" of the wrong type");
	if (handle && (!json_is_string(handle) || json_string_length(handle) > HANDLE_MOST))
		return err_set(e, "no handle of at most %d octets", HANDLE_MOST);
	r->live = json_is_true(json_object_get(answer, "live"));
	r->written = written_parse(json_object_get(answer, "written"));
	if (after)
		r->after_s =
		    json_integer_value(after) > AFTER_MOST ? AFTER_MOST : (unsigned)json_integer_value(after);
	if (json_string_length(msg))
		r->message = str_printable(json_string_value(msg), POOL_WORDS_MOST);
	if (json_string_length(show))
		r->show = str_printable(json_string_value(show), POOL_WORDS_MOST);
	if (r->rc == POOL_OK && json_string_length(handle))
		r->handle = xstrdup(json_string_value(handle));
	return values_parse(json_object_get(answer, "values"), r, e);
}

bool pool_reply_parse(const json_t *answer, struct pool_reply *r, struct err *e)
{
	struct pool_reply got = {0};

	if (!reply_parse(answer, &got, e)) {
		pool_reply_clear(&got);
		return false;
	}
	pool_reply_clear(r);
	*r = got;
	return true;
}

unsigned pool_requests_parse(const json_t *answer)
{
	const json_t *requests = json_object_get(answer, "requests");
	json_int_t n = json_is_integer(requests) ? json_integer_value(requests) : 1;

	return n < 0 ? 0 : n > REQUESTS_MOST ? REQUESTS_MOST : (unsigned)n;
}

/* The batch failed as a whole: the same for each. */
static bool spread_failure(const json_t *answer, struct pool_reply *replies, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!pool_reply_parse(answer, &replies[i], e))
			return false;
	if (replies[0].rc == POOL_OK)
		return err_set(e, "a batch without results");
	return true;
}

static bool batch_parse(const json_t *answer, struct pool_reply *replies, size_t n, struct err *e)
{
	const json_t *results = json_object_get(answer, "results");

	if (!results)
		return spread_failure(answer, replies, n, e);
	if (!json_is_array(results) || json_array_size(results) != n)
		return err_set(e, "not as many results as changes");
	for (size_t i = 0; i < n; i++)
		if (!pool_reply_parse(json_array_get(results, i), &replies[i], e))
			return false;
	return true;
}

bool pool_batch_parse(const json_t *answer, struct pool_reply *replies, size_t n, struct err *e)
{
	if (batch_parse(answer, replies, n, e))
		return true;
	for (size_t i = 0; i < n; i++)
		pool_reply_clear(&replies[i]);
	return false;
}
