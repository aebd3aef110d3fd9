#include "records.h"

#include <string.h>

#include "txt.h"

#define RECORDS_MOST 100 /* TXT values at one name */

struct records {
	struct {
		const char *id, *value;
	} at[RECORDS_MOST];
	size_t n;
};

static enum dnsproof_rc found_add(const struct place *p, struct records *found, const json_t *record)
{
	const char *id = verdict_id(p->call, verdict_at(record, cloud.record.id));
	const char *text = verdict_text(record, cloud.record.value);

	if (!id || !text)
		return place_odd(p, "the list of records");
	if (found->n == RECORDS_MOST)
		return p->call->host->fail(p->call, DNSPROOF_INVALID, "%s has more than %d TXT records",
		                           p->name, RECORDS_MOST);
	found->at[found->n].id = id;
	found->at[found->n++].value = txt_bare(p->call, text);
	return DNSPROOF_OK;
}

static enum dnsproof_rc records_take(struct place *p, void *found, const json_t *list)
{
	const struct element *at = &cloud.record;
	const json_t *record;
	size_t i;

	json_array_foreach(list, i, record)
	{
		const char *name = verdict_text(record, at->name);
		const char *type = at->type ? verdict_text(record, at->type) : "TXT";
		enum dnsproof_rc rc;

		if (!name || !type)
			return place_odd(p, "the list of records");
		if (!place_same_name(name, cloud.whole_names ? p->name : p->relative) ||
		    strcmp(type, "TXT") != 0)
			continue;
		rc = found_add(p, found, record);
		if (rc != DNSPROOF_OK)
			return rc;
	}
	return DNSPROOF_OK;
}

static enum dnsproof_rc look(struct place *p, struct records *found)
{
	found->n = 0;
	return cloud_pages(p, found, &cloud.record_calls.list, &cloud.records, records_take);
}

static enum dnsproof_rc survey(struct place *p, struct records *found)
{
	enum dnsproof_rc rc = place_zone(p);

	found->n = 0;
	return rc == DNSPROOF_OK ? look(p, found) : rc;
}

static enum dnsproof_rc change(const struct place *p, const struct question *q, const json_t **json)
{
	enum dnsproof_rc rc = cloud_ask(p, q, json);

	return rc == DNSPROOF_OK && cloud.judge ? cloud.judge(p, q->action, *json) : rc;
}

static void handle_set(struct dnsproof_txt *txt, const char *id)
{
	if (id && strlen(id) < sizeof(txt->handle))
		strcpy(txt->handle, id);
}

/* The made record may be alone or in a list of its own. */
static void handle_take(const struct place *p, struct dnsproof_txt *txt, const json_t *json)
{
	const json_t *made = cloud.made ? verdict_at(json, cloud.made) : json;

	if (json_is_array(made))
		made = json_array_get(made, 0);
	handle_set(txt, verdict_id(p->call, verdict_at(made, cloud.record.id)));
}

static enum dnsproof_rc add(struct place *p, struct dnsproof_txt *txt, struct records *found)
{
	const json_t *json;
	enum dnsproof_rc rc;

	for (size_t i = 0; i < found->n; i++)
		if (!strcmp(found->at[i].value, txt->value)) {
			handle_set(txt, found->at[i].id);
			return DNSPROOF_OK;
		}
	rc = change(p, &cloud.record_calls.create, &json);
	if (rc == DNSPROOF_OK)
		handle_take(p, txt, json);
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
static enum dnsproof_rc del(struct place *p, struct dnsproof_txt *txt, struct records *found)
{
	const json_t *json;
	enum dnsproof_rc rc = DNSPROOF_OK;

	if (*txt->handle && !has_id(found, txt->handle))
		rc = look(p, found);
	for (size_t i = 0; rc == DNSPROOF_OK && i < found->n; i++)
		if (!strcmp(found->at[i].value, txt->value)) {
			p->id = found->at[i].id;
			rc = change(p, &cloud.record_calls.remove, &json);
		}
	return rc;
}

static enum dnsproof_rc with_records(struct dnsproof_txt_call *c,
                                     enum dnsproof_rc (*work)(struct place *p, struct dnsproof_txt *txt,
                                                              struct records *found))
{
	struct place p = place_of_txt(&c->call, c->txt);
	struct records found;
	enum dnsproof_rc rc = survey(&p, &found);

	return rc == DNSPROOF_OK ? work(&p, c->txt, &found) : rc;
}

enum dnsproof_rc records_add(struct dnsproof_txt_call *c)
{
	return with_records(c, add);
}

enum dnsproof_rc records_del(struct dnsproof_txt_call *c)
{
	return with_records(c, del);
}

enum dnsproof_rc records_list(struct dnsproof_list_call *c)
{
	struct place p = place_of_list(c);
	struct records found;
	enum dnsproof_rc rc = survey(&p, &found);

	for (size_t i = 0; rc == DNSPROOF_OK && i < found.n; i++)
		c->value(c, found.at[i].value, strlen(found.at[i].value));
	return rc;
}
