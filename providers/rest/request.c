#include "config.h"

#include "request.h"

#include <string.h>
#include <strings.h>

#include "judge.h"
#include "outgoing.h"

#define REQUESTS_MOST 200 /* of one call */

static void cookies_put(struct run *r, struct pairs *header)
{
	struct text t;
	const char *key;
	json_t *value;

	if (json_object_size(r->account->cookies) == 0)
		return;
	text_start(&t, &r->arena);
	json_object_foreach(r->account->cookies, key, value)
	    text_str(&t, arena_printf(&r->arena, "%s%s=%s", t.n ? "; " : "", key, json_string_value(value)));
	pairs_set(r, header, "Cookie", t.at);
}

static void cookies_take(struct run *r, const struct dnsproof_http_answer *raw)
{
	if (!json_is_true(run_descriptor(r, "cookies")))
		return;
	for (size_t i = 0; i < raw->headers; i++) {
		const char *value = raw->header[i].value;
		size_t name = strcspn(value, "=;"), all = strcspn(value, ";");

		if (strcasecmp(raw->header[i].name, "set-cookie") != 0 || name >= all)
			continue;
		json_object_set_new(r->account->cookies, arena_copy(&r->arena, value, name),
		                    json_stringn(value + name + 1, all - name - 1));
	}
}

static const char *answer_kind(struct run *r, const json_t *step)
{
	const json_t *kind = json_object_get(step, "answer");

	if (!kind)
		kind = run_descriptor(r, "answer");
	return kind ? json_string_value(kind) : "json";
}

static bool has_header(const struct pairs *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcasecmp(p->at[i].name, name))
			return true;
	return false;
}

/* Some APIs change things by GET. */
static bool changes(struct run *r, const json_t *step)
{
	return step == run_descriptor(r, "add") || step == run_descriptor(r, "delete");
}

static int send_out(struct run *r, struct outgoing *o, const char *kind, bool once,
                    struct dnsproof_http_answer *raw)
{
	struct dnsproof_http_header *header;
	struct dnsproof_http_request request = {.size = sizeof(request)};

	if (!strcmp(kind, "json") && !has_header(&o->header, "accept"))
		pairs_add(r, &o->header, "Accept", "application/json");
	cookies_put(r, &o->header);
	header = arena_get(&r->arena, (o->header.n + 1) * sizeof(*header));
	for (size_t i = 0; i < o->header.n; i++) {
		if (!strcasecmp(o->header.at[i].name, "content-type")) {
			o->content_type = o->header.at[i].value;
			continue;
		}
		header[request.headers++] =
		    (struct dnsproof_http_header){o->header.at[i].name, o->header.at[i].value};
	}
	request.method = o->target.method;
	request.url = o->url;
	request.header = header;
	request.content_type = o->content_type;
	request.body = o->body;
	request.body_len = o->body_len;
	request.any_status = 1;
	request.once = once && !strcmp(o->target.method, "GET");
	*raw = (struct dnsproof_http_answer){.size = sizeof(*raw)};
	r->host->log(r->call, "%s %s%s", o->target.method, o->target.origin, o->target.path);
	return (int)r->host->http(r->call, &request, raw);
}

int request_send(struct run *r, const json_t *step, const char *next, const struct pairs *extra,
                 bool absent_404, struct answer *a)
{
	const char *kind = answer_kind(r, step);
	struct dnsproof_http_answer raw;
	struct outgoing o;
	int rc;

	if (++r->requests > REQUESTS_MOST)
		return run_fail(r, DNSPROOF_TEMP, "more than %d requests for one call", REQUESTS_MOST);
	rc = outgoing_make(r, step, next, extra, &o);
	if (rc)
		return rc;
	rc = send_out(r, &o, kind, changes(r, step), &raw);
	if (rc != DNSPROOF_OK)
		return rc;
	cookies_take(r, &raw);
	if (!answer_read(r, &raw, kind, a))
		return DNSPROOF_TEMP;
	return judge_answer(r, step, &raw, a, absent_404);
}
