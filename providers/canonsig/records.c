#include "records.h"

#include <string.h>
#include <strings.h>

#include "txt.h"

static const struct cloud *cloud_of(const struct dnsproof_call *call)
{
	return call->self;
}

enum dnsproof_rc records_odd(const struct place *p, const char *what)
{
	return p->call->host->fail(p->call, DNSPROOF_TEMP,
	                           "%s: the answer to %s is not what the API's documentation says", p->zone,
	                           what);
}

static enum dnsproof_rc found_add(const struct place *p, struct records *found, const json_t *id,
                                  const json_t *value)
{
	const char *name = verdict_id(p->call, id), *text = json_string_value(value);

	if (!name || !text)
		return records_odd(p, "the list of records");
	if (found->n == RECORDS_MOST)
		return p->call->host->fail(p->call, DNSPROOF_INVALID, "%s has more than %d TXT records",
		                           p->name, RECORDS_MOST);
	found->at[found->n].id = name;
	found->at[found->n++].value = txt_bare(p->call, text);
	return DNSPROOF_OK;
}

/* Letter case and a final dot do not count. */
static int same_name(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	n -= n > 1 && a[n - 1] == '.';
	m -= m > 1 && b[m - 1] == '.';
	return n == m && !strncasecmp(a, b, n);
}

static const json_t *page_open(const json_t *json, const struct shape *shape, struct page *page)
{
	const json_t *list = verdict_at(json, shape->list);
	const json_t *total = shape->total ? verdict_at(json, shape->total) : NULL;

	if (!json_is_array(list) || (shape->total && !json_is_integer(total)))
		return NULL;
	page->got = json_array_size(list);
	page->total = total ? (size_t)json_integer_value(total) : 0;
	return list;
}

enum dnsproof_rc records_take(const struct place *p, struct records *found, const json_t *json,
                              const struct shape *shape, const char *name, struct page *page)
{
	const json_t *list = page_open(json, shape, page), *record;
	size_t i;

	if (!list)
		return records_odd(p, "the list of records");
	json_array_foreach(list, i, record)
	{
		const char *its_name = verdict_text(record, shape->name);
		const char *type = shape->type ? verdict_text(record, shape->type) : "TXT";
		enum dnsproof_rc rc;

		if (!its_name || !type)
			return records_odd(p, "the list of records");
		if (!same_name(its_name, name) || strcmp(type, "TXT") != 0)
			continue;
		rc = found_add(p, found, verdict_at(record, shape->id), verdict_at(record, shape->value));
		if (rc != DNSPROOF_OK)
			return rc;
	}
	return DNSPROOF_OK;
}

enum dnsproof_rc place_take(struct place *p, const json_t *json, const struct shape *shape, struct page *page)
{
	const json_t *list = page_open(json, shape, page), *zone;
	size_t i;

	if (!list)
		return records_odd(p, "the list of zones");
	json_array_foreach(list, i, zone)
	{
		const char *name = verdict_text(zone, shape->name);
		const char *id = verdict_id(p->call, verdict_at(zone, shape->id));

		if (!name || !id)
			return records_odd(p, "the list of zones");
		if (!p->zone_id && same_name(name, p->zone))
			p->zone_id = id;
	}
	return DNSPROOF_OK;
}

enum dnsproof_rc place_found(const struct place *p)
{
	if (p->zone_id)
		return DNSPROOF_OK;
	return p->call->host->fail(p->call, DNSPROOF_NOZONE, "zone %s is not in this account", p->zone);
}

enum dnsproof_rc records_pages(struct place *p, struct records *found, records_page *page)
{
	struct page at = {.number = 1};

	for (; at.number <= RECORDS_PAGES; at.number++) {
		enum dnsproof_rc rc = page(p, found, &at);

		at.seen += at.got;
		if (rc != DNSPROOF_OK || !at.got || at.seen >= at.total)
			return rc;
		at.got = at.total = 0;
	}
	return p->call->host->fail(p->call, DNSPROOF_INVALID, "%s: more than %d pages", p->zone,
	                           RECORDS_PAGES);
}

static enum dnsproof_rc survey(struct place *p, struct records *found)
{
	const struct cloud *cloud = cloud_of(p->call);
	enum dnsproof_rc rc = cloud->zone(p);

	found->n = 0;
	return rc == DNSPROOF_OK ? cloud->list(p, found) : rc;
}

static void handle_set(struct dnsproof_txt *txt, const char *id)
{
	if (id && strlen(id) < sizeof(txt->handle))
		strcpy(txt->handle, id);
}

enum dnsproof_rc records_add(struct dnsproof_txt_call *c)
{
	struct dnsproof_txt *txt = c->txt;
	struct place p = {&c->call, txt->zone, txt->name, txt->relative, txt->value, NULL};
	const char *id = NULL;
	struct records found;
	enum dnsproof_rc rc = survey(&p, &found);

	if (rc != DNSPROOF_OK)
		return rc;
	for (size_t i = 0; i < found.n; i++)
		if (!strcmp(found.at[i].value, txt->value)) {
			handle_set(txt, found.at[i].id);
			return DNSPROOF_OK;
		}
	rc = cloud_of(&c->call)->create(&p, txt, &id);
	if (rc == DNSPROOF_OK)
		handle_set(txt, id);
	return rc;
}

static int has_id(const struct records *found, const char *id)
{
	for (size_t i = 0; i < found->n; i++)
		if (!strcmp(found->at[i].id, id))
			return 1;
	return 0;
}

/* Nothing is deleted by the handle alone: its record may be another by now. But a list that does
 * not show what add made may be behind, and is asked once more. */
enum dnsproof_rc records_del(struct dnsproof_txt_call *c)
{
	struct dnsproof_txt *txt = c->txt;
	struct place p = {&c->call, txt->zone, txt->name, txt->relative, txt->value, NULL};
	struct records found;
	enum dnsproof_rc rc = survey(&p, &found);

	if (rc == DNSPROOF_OK && *txt->handle && !has_id(&found, txt->handle)) {
		found.n = 0;
		rc = cloud_of(&c->call)->list(&p, &found);
	}
	for (size_t i = 0; rc == DNSPROOF_OK && i < found.n; i++)
		if (!strcmp(found.at[i].value, txt->value))
			rc = cloud_of(&c->call)->remove(&p, found.at[i].id);
	return rc;
}

enum dnsproof_rc records_list(struct dnsproof_list_call *c)
{
	struct place p = {&c->call, c->zone, c->name, c->relative, NULL, NULL};
	struct records found;
	enum dnsproof_rc rc = survey(&p, &found);

	for (size_t i = 0; rc == DNSPROOF_OK && i < found.n; i++)
		c->value(c, found.at[i].value, strlen(found.at[i].value));
	return rc;
}

enum dnsproof_rc records_check(struct dnsproof_check_call *c)
{
	struct place p = {&c->call, c->zone, c->name ? c->name : c->zone, NULL, NULL, NULL};

	return cloud_of(&c->call)->zone(&p);
}
