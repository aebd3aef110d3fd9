#include "sets.h"

#include "txt.h"

enum dnsproof_rc set_take(const struct place *p, const json_t *json, const char *values, struct set *set)
{
	set->ttl = json_integer_value(json_object_get(json, "ttl"));
	if (set->ttl <= 0 || !txt_is_list(json_object_get(json, values)))
		return place_odd(p, "the record set");
	set->values = json_copy(json_object_get(json, values));
	return DNSPROOF_OK;
}

/* Makes, replaces or deletes the set, so that it has `values` and no others. */
static enum dnsproof_rc set_write(struct place *p, const struct set *set, const json_t *values)
{
	const struct question *q = set->values ? &sets.replace : &sets.make;
	const json_t *json;

	p->id = set->id;
	p->values = values;
	if (set->values)
		p->ttl = set->ttl;
	return cloud_ask(p, json_array_size(values) ? q : &sets.remove, &json);
}

static enum dnsproof_rc change(struct dnsproof_txt_call *c, int del)
{
	struct place p = place_of_txt(&c->call, c->txt);
	struct set set = {0};
	enum dnsproof_rc rc = sets.get(&p, &set);
	json_t *values;

	if (rc != DNSPROOF_OK)
		return rc;
	values = del ? txt_without(&c->call, set.values, c->txt->value)
	             : txt_with(&c->call, set.values, c->txt->value);
	if (values)
		rc = set_write(&p, &set, values);
	json_decref(values);
	json_decref(set.values);
	return rc;
}

enum dnsproof_rc sets_add(struct dnsproof_txt_call *c)
{
	return change(c, 0);
}

enum dnsproof_rc sets_del(struct dnsproof_txt_call *c)
{
	return change(c, 1);
}

enum dnsproof_rc sets_list(struct dnsproof_list_call *c)
{
	struct place p = place_of_list(c);
	struct set set = {0};
	enum dnsproof_rc rc = sets.get(&p, &set);

	if (rc == DNSPROOF_OK)
		txt_report(c, set.values);
	json_decref(set.values);
	return rc;
}
