#include "cloud.h"

#include <string.h>

const struct dnsproof_http_header *signing_headers(struct signing *s, const char *action_name,
                                                   const char *action, const char *version_name, size_t *n)
{
	s->header[0] = (struct dnsproof_http_header){action_name, action};
	s->header[1] = (struct dnsproof_http_header){version_name, cloud.version};
	*n = 2;
	return s->header;
}

static const char *first_text(const json_t *json, const char *const path[2])
{
	const char *text = verdict_text(json, path[0]);

	return text || !path[1] ? text : verdict_text(json, path[1]);
}

/* "com.amazonaws.lightsail#NotFoundException", with or without what is before the '#'. */
static const char *code_of(const json_t *json)
{
	const char *code = first_text(json, cloud.code);
	const char *sharp = code ? strrchr(code, '#') : NULL;
	const json_t *fault = cloud.fault ? verdict_at(json, cloud.fault) : NULL;

	if (json_is_integer(fault) && json_integer_value(fault) == 0)
		return NULL;
	return sharp ? sharp + 1 : code;
}

static enum dnsproof_rc judge(const struct place *p, const struct question *q,
                              const struct dnsproof_http_answer *answer, const json_t **json)
{
	const char *code = code_of(answer->json);

	*json = NULL;
	if ((q->fine && verdict_fits(code, q->fine)) || (q->absent_is_fine && answer->status == 404))
		return DNSPROOF_OK;
	if (code || answer->status < 200 || answer->status > 299)
		return verdict(p->call, answer, cloud.words, p->zone, code,
		               first_text(answer->json, cloud.message));
	*json = cloud.good ? verdict_at(answer->json, cloud.good) : answer->json;
	if (cloud.proof ? verdict_text(*json, cloud.proof) != NULL
	                : !answer->body_len || json_is_object(*json))
		return DNSPROOF_OK;
	return place_odd(p, question_action(p, q));
}

enum dnsproof_rc cloud_ask(const struct place *p, const struct question *q, const json_t **json)
{
	const struct dnsproof_call *call = p->call;
	const char *endpoint = option_text(call, "endpoint"), *body = question_body(p, q);
	struct signing s = {
	    .x = {.key = {option_text(call, cloud.key.id), option_text(call, cloud.key.secret),
	                  cloud.key.token ? option_text(call, cloud.key.token) : NULL},
	          .region = option_text(call, "region"),
	          .service = cloud.service,
	          .endpoint = endpoint ? endpoint : cloud.endpoint,
	          .method = q->method,
	          .path = "/",
	          .query = question_query(p, q),
	          .content_type = body ? "application/json" : NULL,
	          .body = body}};
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc;

	cloud.sign(p, question_action(p, q), &s);
	rc = exchange_run(call, &s.x, &answer);
	*json = NULL;
	return rc == DNSPROOF_OK ? judge(p, q, &answer, json) : rc;
}

/* The page's list; sets what is known of the pages behind it. NULL: not of the shape. */
static const json_t *page_open(const struct place *p, const json_t *json, const struct shape *shape,
                               struct page *page)
{
	const json_t *list = verdict_at(json, shape->list);
	const json_t *total = shape->total ? verdict_at(json, shape->total) : NULL;
	const json_t *more = shape->more ? verdict_at(json, shape->more) : NULL;

	if (!json_is_array(list) || (shape->total && !json_is_integer(total)) ||
	    (shape->more && !json_is_boolean(more)))
		return NULL;
	page->got = json_array_size(list);
	page->total = total ? (size_t)json_integer_value(total) : 0;
	page->marker = json_is_true(more) ? verdict_id(p->call, verdict_at(json, shape->marker)) : NULL;
	return json_is_true(more) && !page->marker ? NULL : list;
}

enum dnsproof_rc cloud_pages(struct place *p, void *found, const struct question *q,
                             const struct shape *shape,
                             enum dnsproof_rc (*take)(struct place *p, void *found, const json_t *list))
{
	struct page at = {.number = 1};

	for (; at.number <= CLOUD_PAGES; at.number++) {
		const json_t *json, *list = NULL;
		enum dnsproof_rc rc;

		p->page = &at;
		rc = cloud_ask(p, q, &json);
		p->page = NULL;
		if (rc != DNSPROOF_OK || !json)
			return rc;
		list = page_open(p, json, shape, &at);
		rc = list ? take(p, found, list) : place_odd(p, "a list");
		at.seen += at.got;
		if (rc != DNSPROOF_OK || (!at.marker && (!at.got || at.seen >= at.total)))
			return rc;
	}
	return p->call->host->fail(p->call, DNSPROOF_INVALID, "%s: more than %d pages", p->zone, CLOUD_PAGES);
}

static enum dnsproof_rc zone_take(struct place *p, void *found, const json_t *list)
{
	const json_t *zone;
	size_t i;

	(void)found;
	json_array_foreach(list, i, zone)
	{
		const char *name = verdict_text(zone, cloud.zone.name);
		const char *id = verdict_id(p->call, verdict_at(zone, cloud.zone.id));

		if (!name || !id)
			return place_odd(p, "the list of zones");
		if (!p->zone_id && place_same_name(name, p->zone))
			p->zone_id = id;
	}
	return DNSPROOF_OK;
}

enum dnsproof_rc place_zone(struct place *p)
{
	const json_t *json;
	enum dnsproof_rc rc;

	if (!cloud.zones.list) {
		p->zone_id = p->zone;
		return p->relative ? DNSPROOF_OK : cloud_ask(p, &cloud.find_zone, &json);
	}
	rc = cloud_pages(p, NULL, &cloud.find_zone, &cloud.zones, zone_take);
	if (rc != DNSPROOF_OK || p->zone_id)
		return rc;
	return p->call->host->fail(p->call, DNSPROOF_NOZONE, "zone %s is not in this account", p->zone);
}

enum dnsproof_rc cloud_check(struct dnsproof_check_call *c)
{
	struct place p = {.call = &c->call, .zone = c->zone, .name = c->name ? c->name : c->zone};

	return place_zone(&p);
}
